package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import java.io.IOException;

/** The bytes of a layer are those of its digest, but cannot be read as a layer: damaged compression, or no tar. */
public final class BadLayerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Digest layer;
    private final String problem;

    public BadLayerException(Digest layer, IOException cause) {
        super("could not read layer " + layer + ": " + cause.getMessage(), cause);
        this.layer = layer;
        this.problem = String.valueOf(cause.getMessage());
    }

    /** What is wrong with it. */
    public String problem() {
        return problem;
    }

    /** The layer's blob. */
    public Digest layer() {
        return layer;
    }
}
