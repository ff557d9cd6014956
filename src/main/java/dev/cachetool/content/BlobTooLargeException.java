package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import java.io.IOException;

/** A document is larger than anything that is read into memory as a whole. */
public final class BlobTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long size;
    private final long limit;

    public BlobTooLargeException(Digest digest, long size, long limit) {
        super("blob " + digest + " has " + size + " bytes, more than the " + limit + " that are read");
        this.size = size;
        this.limit = limit;
    }

    /** How many bytes it has, or says it has. */
    public long size() {
        return size;
    }

    /** How many it may have. */
    public long limit() {
        return limit;
    }
}
