package dev.cachetool.solver;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call of an op or a cache on behalf of an edge, on a worker thread or at once. It ends exactly once, whatever happens,
 * and says so: also when it is cancelled before a worker took it.
 */
final class Task implements Runnable {
    /** What it does; may ask whether it was cancelled meanwhile. */
    @FunctionalInterface
    interface Body {
        @Nullable
        Object call(BooleanSupplier canceled) throws Exception;
    }

    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    /** The edge that it is for; the solver's thread only. */
    ActiveEdge owner;

    private final Body body;
    private final Consumer<Task> whenEnded;

    // Guarded by this.
    private State state = State.WAITING;
    private @Nullable Thread thread;

    private volatile boolean canceled;
    private @Nullable Object value;
    private @Nullable Throwable failure;

    /**
     * @param whenEnded told once, on whatever thread it ends
     */
    Task(ActiveEdge owner, Body body, Consumer<Task> whenEnded) {
        this.owner = owner;
        this.body = body;
        this.whenEnded = whenEnded;
    }

    @Override
    @SuppressWarnings("CatchAndPrintStackTrace")
    public void run() {
        synchronized (this) {
            if (state != State.WAITING) {
                return;
            }
            state = State.RUNNING;
            thread = Thread.currentThread();
        }
        Object got = null;
        Throwable thrown = null;
        try {
            got = body.call(() -> canceled);
        } catch (Throwable e) {
            thrown = e;
        }
        synchronized (this) {
            // No interruption comes after this; one that came and was not noticed is not left to the next task.
            thread = null;
            if (canceled) {
                Thread.interrupted();
            }
            end(got, thrown);
        }
        whenEnded.accept(this);
    }

    private void end(@Nullable Object got, @Nullable Throwable thrown) {
        state = State.ENDED;
        value = got;
        failure = thrown;
    }

    /** Ends it as one that no worker takes. */
    void refuse(RuntimeException cause) {
        synchronized (this) {
            if (state != State.WAITING) {
                return;
            }
            end(null, cause);
        }
        whenEnded.accept(this);
    }

    /**
     * Cancels it: at once if no worker took it yet.
     *
     * @param interrupt whether to interrupt it if it runs; otherwise it may come to its end
     */
    void cancel(boolean interrupt) {
        synchronized (this) {
            if (state == State.RUNNING && thread != null && interrupt) {
                canceled = true;
                thread.interrupt();
            }
            if (state != State.WAITING) {
                return;
            }
            canceled = true;
            end(null, new CancellationException());
        }
        whenEnded.accept(this);
    }

    /** Whether it failed because it was cancelled; a cancelled task that came to its end all the same has a value. */
    boolean wasCanceled() {
        return canceled && failure() != null;
    }

    /** What it gave; null where it failed. */
    synchronized @Nullable Object value() {
        return value;
    }

    /** Why it failed; null where it did not. */
    synchronized @Nullable Throwable failure() {
        return failure;
    }
}
