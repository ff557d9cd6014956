package dev.cachetool.registry;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many tries may be lost at one registry before anything succeeds again: with many transfers at once, a registry that is
 * down is given up after a few tries of all together. For several threads.
 */
final class RetryBudget {
    private static final int SIZE = 20;

    private final AtomicInteger lost = new AtomicInteger();

    /** Counts a try that failed; whether another one may follow. */
    boolean mayRetry() {
        return lost.incrementAndGet() < SIZE;
    }

    /** Something succeeded. */
    void succeeded() {
        lost.set(0);
    }
}
