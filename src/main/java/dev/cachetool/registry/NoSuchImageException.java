package dev.cachetool.registry;

import java.io.IOException;

/** A registry has no image under a reference: nothing at all, something else, or none for the platform. */
public final class NoSuchImageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String reference;

    /**
     * @param reference what was looked for
     * @param found what is there, as half a sentence
     */
    NoSuchImageException(String reference, String found) {
        super("could not find the image " + reference + ": " + found);
        this.reference = reference;
    }

    /** What was looked for. */
    public String reference() {
        return reference;
    }
}
