package dev.cachetool.store;

import java.io.IOException;

/**
 * Something of the store that this process holds. What is held survives every prune, of this process and of others.
 * Whoever got it releases it once; after that it must not be used.
 */
public interface Ref {
    /** Names it in its store. */
    String id();

    /**
     * How many bytes it takes of the disk, without its parent's; 0 while nothing of it is here.
     *
     * @throws IOException if that cannot be found out
     */
    long size() throws IOException;

    /** What is known about it. */
    RefMetadata metadata();

    /** Lets go of it. A mutable ref that was not committed is gone then. */
    void release();
}
