package dev.cachetool.content;

import java.io.IOException;

/** A manifest of a place cannot be read or understood, so that nobody knows what it leads to. */
public final class UnclearManifestException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String manifest;

    /**
     * @param manifest the tag or digest
     * @param cause what is wrong, in a few words
     */
    public UnclearManifestException(String manifest, String cause) {
        super("what " + manifest + " needs is not known: " + cause);
        this.manifest = manifest;
    }

    /** The tag or digest. */
    public String manifest() {
        return manifest;
    }
}
