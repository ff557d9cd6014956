package dev.cachetool.solver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Who asked an edge for a status, and what they were told. Used by the solver's thread only. */
final class Askers {
    private static final List<EdgeStatus> STATUSES = List.of(EdgeStatus.values());

    private final ActiveEdge edge;

    // Those that are answered are swept out now and then.
    private List<Request> incoming = List.of();
    private List<Request> unseen = List.of();
    private final int[] wanted = new int[EdgeStatus.COUNT];
    private int answered;
    private EdgeStatus toldStatus = EdgeStatus.INITIAL;
    private int toldKeys = -1;
    private boolean toldIdle;

    Askers(ActiveEdge edge) {
        this.edge = edge;
    }

    void add(Request request) {
        if (incoming.isEmpty()) {
            incoming = new ArrayList<>(1);
        }
        incoming.add(request);
        if (!request.canceled) {
            wanted[request.desired.level]++;
        }
        noteUnseen(request);
    }

    void noteCanceled(Request request) {
        request.canceled = true;
        wanted[request.desired.level]--;
        noteUnseen(request);
    }

    private void noteUnseen(Request request) {
        if (!request.unseen) {
            request.unseen = true;
            if (unseen.isEmpty()) {
                unseen = new ArrayList<>(1);
            }
            unseen.add(request);
        }
    }

    /** Makes all that are not answered ask another edge. */
    void moveTo(ActiveEdge target) {
        for (Request request : incoming) {
            if (!request.completed) {
                request.target = target;
                request.unseen = false;
                target.askers.add(request);
            }
        }
        incoming = List.of();
        unseen = List.of();
        Arrays.fill(wanted, 0);
    }

    /** The highest status that somebody wants and the edge has not reached; the edge's own where it is complete or enough. */
    EdgeStatus desired() {
        EdgeStatus highest = highest();
        return !edge.isComplete() && highest != null && edge.status.below(highest) ? highest : edge.status;
    }

    private @Nullable EdgeStatus highest() {
        EdgeStatus highest = null;
        for (EdgeStatus each : STATUSES) {
            if (wanted[each.level] > 0) {
                highest = each;
            }
        }
        return highest;
    }

    /** Whether somebody has to wait for more than the edge can tell now. */
    boolean wantMore(boolean idle) {
        EdgeStatus desired = desired();
        if (edge.isComplete() || highest() == null) {
            return false;
        }
        if (edge.status.below(desired) && (!idle || desired == EdgeStatus.COMPLETE || someoneLearnsNothing())) {
            return true;
        }
        // What is under way may still find the first key.
        return edge.status.below(EdgeStatus.COMPLETE) && edge.keys.isEmpty() && !idle;
    }

    /** Whether an answer now would tell someone nothing that had not been seen before. */
    private boolean someoneLearnsNothing() {
        EdgeStatus most = edge.status;
        for (Request request : incoming) {
            if (!request.canceled && !request.completed && most.below(request.desired)) {
                most = request.desired;
                if (request.seenKeys == edge.keys.size()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Answers those whose wish is fulfilled, and tells the others what is new. */
    void tell(Scheduler scheduler, boolean idle) {
        // Those that have seen the state as it is now hear nothing new.
        boolean news = edge.status != toldStatus || edge.keys.size() != toldKeys || idle != toldIdle;
        for (Request request : news ? incoming : unseen) {
            if (request.canceled || (idle && !edge.status.below(request.desired))) {
                finish(scheduler, request);
            } else if (!request.completed && request.hasNews()) {
                scheduler.notify(request);
            }
        }
        toldStatus = edge.status;
        toldKeys = edge.keys.size();
        toldIdle = idle;
    }

    void finishAll(Scheduler scheduler) {
        for (Request request : incoming) {
            finish(scheduler, request);
        }
    }

    /** Answers all but one request, which stays open until what was cancelled has ended. */
    void finishAllButOne(Scheduler scheduler) {
        Request left = null;
        for (Request request : incoming) {
            if (!request.completed && (left == null || (left.canceled && !request.canceled))) {
                left = request;
            }
        }
        for (Request request : incoming) {
            if (request != left) {
                finish(scheduler, request);
            }
        }
    }

    private void finish(Scheduler scheduler, Request request) {
        if (!request.completed) {
            if (!request.canceled) {
                wanted[request.desired.level]--;
            }
            answered++;
            Exception failure = edge.failure();
            scheduler.finish(request, failure == null && request.canceled ? new CancellationException() : failure);
        }
    }

    /** Forgets requests that are answered. */
    void sweep() {
        for (Request request : unseen) {
            request.unseen = false;
        }
        unseen = List.of();
        if (answered == incoming.size()) {
            incoming = List.of();
            answered = 0;
        } else if (answered * 2 > incoming.size()) {
            incoming.removeIf(request -> request.completed);
            answered = 0;
        }
    }
}
