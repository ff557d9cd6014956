package dev.cachetool.solver;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A result that several hold: each holder releases it on its own, and the result itself is released with the last one.
 */
public final class SharedResult {
    private final Result result;
    private final AtomicInteger holders;
    private final AtomicBoolean released = new AtomicBoolean();

    /** Takes over the result, as its first holder. */
    public SharedResult(Result result) {
        this(result, new AtomicInteger(1));
    }

    private SharedResult(Result result, AtomicInteger holders) {
        this.result = result;
        this.holders = holders;
    }

    /** The result itself, which must not be released through this. */
    public Result result() {
        return result;
    }

    /**
     * One more holder.
     *
     * @throws IllegalStateException if this one was released
     */
    public SharedResult retain() {
        if (released.get()) {
            throw new IllegalStateException("result " + result.id() + " was released");
        }
        holders.incrementAndGet();
        return new SharedResult(result, holders);
    }

    /** Lets go of it; once more does nothing. */
    public void release() {
        if (released.compareAndSet(false, true) && holders.decrementAndGet() == 0) {
            result.release();
        }
    }
}
