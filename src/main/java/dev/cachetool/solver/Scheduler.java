package dev.cachetool.solver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives edges their turn, one at a time and in the order in which something happened to them. All edges, requests and
 * tasks belong to the thread that runs {@link #run}; workers only hand finished tasks back.
 */
final class Scheduler {
    private final ExecutorService workers;
    private final EdgeIndex index = new EdgeIndex();
    private final BiConsumer<ActiveEdge, ActiveEdge> merged;
    private final Deque<ActiveEdge> queue = new ArrayDeque<>();
    private final LinkedBlockingQueue<Task> finished = new LinkedBlockingQueue<>();
    private int runningTasks;

    /**
     * @param merged told of two edges, the second of which now is the first
     */
    Scheduler(ExecutorService workers, BiConsumer<ActiveEdge, ActiveEdge> merged) {
        this.workers = workers;
        this.merged = merged;
    }

    /** Runs until the request is answered. When interrupted, everything is cancelled first. */
    void run(Request wanted) throws InterruptedException {
        boolean interrupted = false;
        while (!wanted.completed) {
            ActiveEdge edge = queue.poll();
            if (edge != null) {
                edge.queued = false;
                dispatch(edge);
                drain();
                continue;
            }
            try {
                take(finished.take());
            } catch (InterruptedException e) {
                interrupted = true;
                cancel(wanted);
            }
        }
        // What was cancelled may still be on its way.
        while (runningTasks > 0 || !queue.isEmpty()) {
            ActiveEdge edge = queue.poll();
            if (edge != null) {
                edge.queued = false;
                dispatch(edge);
                drain();
            } else {
                try {
                    take(finished.take());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            throw new InterruptedException();
        }
    }

    private void drain() {
        for (Task task = finished.poll(); task != null; task = finished.poll()) {
            take(task);
        }
    }

    private void take(Task task) {
        runningTasks--;
        complete(task);
    }

    private void complete(Task task) {
        task.completed = true;
        task.owner.activeOutgoing--;
        task.owner.finishedTasks.add(task);
        signal(task.owner);
    }

    void signal(ActiveEdge edge) {
        if (!edge.queued) {
            edge.queued = true;
            queue.add(edge);
        }
    }

    Request request(ActiveEdge target, @Nullable ActiveEdge from, EdgeStatus desired, EdgeStatus seen, int seenKeys) {
        Request request = new Request(target, from, desired, seen, seenKeys);
        target.incoming.add(request);
        if (from != null) {
            from.activeOutgoing++;
        }
        signal(target);
        return request;
    }

    void cancel(Request request) {
        if (!request.completed && !request.canceled) {
            request.canceled = true;
            signal(request.target);
        }
    }

    /** Answers a request for good. */
    void finish(Request request, @Nullable Exception failure) {
        request.completed = true;
        request.failure = failure;
        if (request.from != null) {
            request.from.activeOutgoing--;
            notify(request);
        }
    }

    /** Tells the requester that there is news, and leaves the request open. */
    void notify(Request request) {
        ActiveEdge from = request.from;
        if (from != null) {
            if (!request.dirty) {
                request.dirty = true;
                from.updatedRequests.add(request);
            }
            signal(from);
        }
    }

    /** Starts a call for the edge: on a worker if it may take long, else at once. Its end gives the edge a turn. */
    Task start(ActiveEdge edge, boolean blocking, Callable<? extends @Nullable Object> body) {
        Task task = new Task(edge, body);
        edge.activeOutgoing++;
        if (!blocking) {
            run(task);
            complete(task);
            return task;
        }
        runningTasks++;
        edge.runningTasks.add(task);
        task.running = workers.submit(() -> {
            run(task);
            finished.add(task);
        });
        return task;
    }

    @SuppressWarnings("CatchingUnchecked")
    private static void run(Task task) {
        try {
            task.value = task.body.call();
        } catch (InterruptedException e) {
            task.canceled = true;
            task.failure = e;
        } catch (CancellationException e) {
            task.canceled = true;
            task.failure = e;
        } catch (Exception e) {
            task.failure = e;
        }
    }

    private void dispatch(ActiveEdge edge) {
        edge.unpark(this);
        edge.incoming.removeIf(request -> request.completed);
        if (edge.keysDidChange) {
            edge.keysDidChange = false;
            CacheKey key = edge.currentKey();
            if (key != null) {
                index.findOrAdd(key, edge).ifPresent(other -> merge(other, edge));
            }
        }
    }

    private void merge(ActiveEdge other, ActiveEdge edge) {
        ActiveEdge target = other;
        ActiveEdge source = edge;
        if (edge.dependsOn(other) || other.dependsOn(edge)) {
            return;
        }
        if (!target.vertex.ignoreCache() && source.vertex.ignoreCache()) {
            return;
        }
        for (Request request : source.incoming) {
            request.target = target;
            target.incoming.add(request);
        }
        source.incoming.clear();
        for (Request request : source.openRequests()) {
            request.from = target;
            target.activeOutgoing++;
            cancel(request);
        }
        List<Task> tasks = new ArrayList<>(source.runningTasks);
        for (Task task : tasks) {
            if (!task.completed) {
                task.owner = target;
                target.activeOutgoing++;
                target.runningTasks.add(task);
                task.cancel();
            }
        }
        source.runningTasks.clear();
        source.activeOutgoing = 0;
        target.adoptLinksOf(source);
        signal(target);
        merged.accept(target, source);
    }
}
