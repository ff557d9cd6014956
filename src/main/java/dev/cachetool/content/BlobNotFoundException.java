package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import java.io.IOException;

/** A blob that something refers to is not in the place. */
public final class BlobNotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Digest digest;
    private final String place;

    public BlobNotFoundException(Digest digest, String place) {
        super("blob " + digest + " is not in " + place);
        this.digest = digest;
        this.place = place;
    }

    /** The blob that is missing. */
    public Digest digest() {
        return digest;
    }

    /** Where it was looked for. */
    public String place() {
        return place;
    }
}
