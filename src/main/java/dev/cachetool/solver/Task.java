package dev.cachetool.solver;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A call of an op or a cache on behalf of an edge, on a worker thread or at once. */
final class Task {
    ActiveEdge owner;
    final Callable<? extends @Nullable Object> body;

    @Nullable
    Future<?> running;

    boolean canceled;
    boolean completed;

    @Nullable
    Object value;

    @Nullable
    Exception failure;

    Task(ActiveEdge owner, Callable<? extends @Nullable Object> body) {
        this.owner = owner;
        this.body = body;
    }

    void cancel() {
        canceled = true;
        if (running != null) {
            running.cancel(true);
        }
    }
}
