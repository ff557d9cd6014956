package dev.cachetool.solver;

import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that is computed once, by the first that asks; the others wait for it, and give up waiting when interrupted. A
 * failure is remembered too, unless the one that computed was cancelled: then the next one computes.
 */
final class Once<T> {
    // All guarded by this.
    private boolean computing;
    private @Nullable T value;
    private @Nullable Exception failure;

    T get(Callable<T> computation, BooleanSupplier canceled) throws Exception {
        synchronized (this) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            while (computing) {
                wait();
            }
            if (failure != null) {
                throw failure;
            }
            if (value != null) {
                return value;
            }
            computing = true;
        }
        T computed = null;
        Exception thrown = null;
        try {
            computed = computation.call();
            return computed;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            thrown = canceled.getAsBoolean() ? null : e;
            throw e;
        } finally {
            synchronized (this) {
                computing = false;
                value = computed;
                failure = thrown;
                notifyAll();
            }
        }
    }

    /** What was computed; null where nothing was. */
    synchronized @Nullable T known() {
        return value;
    }
}
