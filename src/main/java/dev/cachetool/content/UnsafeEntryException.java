package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import java.io.IOException;

/**
 * An entry of a layer would lead out of the folder that the layer is unpacked into, or cannot stand where it says. Nothing
 * of the layer is to be used.
 */
public final class UnsafeEntryException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Digest layer;
    private final String entry;
    private final String reason;

    public UnsafeEntryException(Digest layer, String entry, String reason) {
        super("could not unpack \"" + FileNames.shown(entry) + "\" from layer " + layer + ": " + reason);
        this.layer = layer;
        this.entry = entry;
        this.reason = reason;
    }

    /** The layer's blob. */
    public Digest layer() {
        return layer;
    }

    /** The entry's name as the layer has it. */
    public String entry() {
        return entry;
    }

    /** What is wrong with it, as half a sentence. */
    public String reason() {
        return reason;
    }
}
