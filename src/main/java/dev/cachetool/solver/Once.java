package dev.cachetool.solver;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that is computed once, by the first that asks; the others wait for it, and give up waiting when interrupted. A
 * failure is remembered too, unless the one that computed was cancelled: then the next one computes.
 */
final class Once<T> {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable T value;
    private @Nullable Exception failure;

    T get(Callable<T> computation, BooleanSupplier canceled) throws Exception {
        lock.lockInterruptibly();
        try {
            if (failure != null) {
                throw failure;
            }
            T known = value;
            if (known == null) {
                try {
                    known = computation.call();
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    if (!canceled.getAsBoolean()) {
                        failure = e;
                    }
                    throw e;
                }
                value = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** What was computed; null where nothing was. */
    @Nullable
    T known() {
        lock.lock();
        try {
            return value;
        } finally {
            lock.unlock();
        }
    }
}
