package dev.cachetool.content;

import java.io.IOException;

/** Some blobs are there and one could not be brought there; the same again would go on with what is missing. */
public final class IncompleteTransferException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int there;
    private final int all;
    private final IOException failure;

    private IncompleteTransferException(int there, int all, IOException failure) {
        super(failure.getMessage(), failure);
        this.there = there;
        this.all = all;
        this.failure = failure;
    }

    /** The failure, as it is where nothing was brought there before. */
    static IOException of(int there, int all, IOException failure) {
        return there == 0 ? failure : new IncompleteTransferException(there, all, failure);
    }

    /** How many blobs are there. */
    public int there() {
        return there;
    }

    /** How many there should be. */
    public int all() {
        return all;
    }

    /** Why the first of the others is not. */
    public IOException failure() {
        return failure;
    }
}
