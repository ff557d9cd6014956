package dev.cachetool.store;

import java.io.IOException;

/** The content of a ref cannot be had: a layer cannot be pulled, is missing or damaged, or the store lost its files. */
public final class UnreadableRefException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final IOException failure;

    public UnreadableRefException(String id, IOException failure) {
        super(failure.getMessage(), failure);
        this.id = id;
        this.failure = failure;
    }

    /** The ref's id. */
    public String id() {
        return id;
    }

    /** Why. */
    public IOException failure() {
        return failure;
    }
}
