package dev.cachetool.solver;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Gives edges their turn, one at a time and in the order in which something happened to them. All edges and requests
 * belong to the thread that runs {@link #run}; workers only hand ended tasks back.
 */
final class Scheduler {
    private final Executor workers;
    private final EdgeIndex index = new EdgeIndex();
    private final Deque<ActiveEdge> queue = new ArrayDeque<>();
    private final LinkedBlockingQueue<Task> ended = new LinkedBlockingQueue<>();
    private final Set<Task> running = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean failing;
    private boolean stopped;

    Scheduler(Executor workers) {
        this.workers = workers;
    }

    /**
     * Runs until the requests are answered and no task is under way any more. When interrupted, or when something fails that
     * is no op, all tasks are cancelled and waited for, and the scheduler is at its end.
     *
     * @param keepGoing whether the others go on when one of the requests is answered by a failure
     */
    void run(List<Request> wanted, boolean keepGoing) throws InterruptedException {
        boolean givenUp = keepGoing || wanted.size() == 1;
        if (stopped) {
            throw new IllegalStateException("the solver was stopped");
        }
        boolean done = false;
        try {
            while (!queue.isEmpty() || !running.isEmpty() || !allCompleted(wanted)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                ActiveEdge edge = queue.poll();
                if (edge != null) {
                    edge.queued = false;
                    dispatch(edge);
                    for (Task task = ended.poll(); task != null; task = ended.poll()) {
                        take(task);
                    }
                } else if (!running.isEmpty()) {
                    take(ended.take());
                } else {
                    throw new IllegalStateException("the solver is stuck at " + open(wanted).target);
                }
                if (failing && !givenUp && wanted.stream().anyMatch(request -> request.failure != null)) {
                    givenUp = true;
                    wanted.forEach(this::cancel);
                }
            }
            failing = false;
            done = true;
        } finally {
            if (!done) {
                stop();
            }
        }
    }

    private static boolean allCompleted(List<Request> requests) {
        return requests.stream().allMatch(request -> request.completed);
    }

    private static Request open(List<Request> requests) {
        return requests.stream()
                .filter(request -> !request.completed)
                .findFirst()
                .orElseThrow();
    }

    /** Cancels what is under way and waits for it, whatever it takes. */
    private void stop() {
        stopped = true;
        queue.clear();
        for (Task task : List.copyOf(running)) {
            task.cancel(true);
        }
        boolean interrupted = false;
        while (!running.isEmpty()) {
            try {
                Task task = ended.take();
                running.remove(task);
                release(task);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Releases what a task gave that nobody wants any more. */
    static void release(Task task) {
        if (task.value() instanceof CachedResult result) {
            result.release();
        }
    }

    private void take(Task task) {
        running.remove(task);
        if (task.failure() instanceof Error error) {
            throw error;
        }
        task.owner.activeOutgoing--;
        task.owner.noteEnded(task);
        signal(task.owner);
    }

    void signal(ActiveEdge edge) {
        if (!edge.queued) {
            edge.queued = true;
            queue.add(edge);
        }
    }

    /** An edge has failed: until this run ends, tasks that already run come to their end and are not interrupted. */
    void noteFailure() {
        failing = true;
    }

    Request request(ActiveEdge target, @Nullable ActiveEdge from, EdgeStatus desired, EdgeStatus seen, int seenKeys) {
        Request request = new Request(target, from, desired, seen, seenKeys);
        target.askers.add(request);
        if (from != null) {
            from.activeOutgoing++;
        }
        signal(target);
        return request;
    }

    void cancel(Request request) {
        if (!request.completed && !request.canceled) {
            request.target.askers.noteCanceled(request);
            signal(request.target);
        }
    }

    void cancel(Task task) {
        task.cancel(!failing);
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
                from.noteUpdated(request);
            }
            signal(from);
        }
    }

    /** Starts a call for the edge: on a worker if it may take long, else at once. Its end gives the edge a turn. */
    Task start(ActiveEdge edge, boolean blocking, Task.Body body) throws InterruptedException {
        edge.activeOutgoing++;
        if (!blocking) {
            Task task = new Task(edge, body, unused -> {});
            task.run();
            if (task.failure() instanceof InterruptedException e) {
                throw e;
            }
            take(task);
            return task;
        }
        Task task = new Task(edge, body, ended::add);
        running.add(task);
        edge.noteRunning(task);
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) {
            task.refuse(e);
        }
        return task;
    }

    private void dispatch(ActiveEdge edge) throws InterruptedException {
        edge.unpark(this);
        if (edge.keysDidChange) {
            edge.keysDidChange = false;
            CacheKey key = edge.currentKey();
            if (key != null) {
                ActiveEdge other = index.findOrAdd(key, edge);
                if (other != null) {
                    merge(other, edge);
                }
            }
        }
        edge.forgetTheWay();
    }

    /** Makes the first of two edges with the same key do the work of both, where that is possible. */
    private void merge(ActiveEdge target, ActiveEdge source) {
        if (source.isComplete() || source.dependsOn(target) || target.dependsOn(source)) {
            return;
        }
        for (Task task : source.mergeInto(target, this)) {
            task.owner = target;
            target.activeOutgoing++;
            target.noteRunning(task);
            cancel(task);
        }
        signal(target);
    }
}
