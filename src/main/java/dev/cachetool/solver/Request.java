package dev.cachetool.solver;

import org.jspecify.annotations.Nullable;

/**
 * One edge (or the caller, where {@code from} is null) wants another to come as far as a status. It is answered when the
 * status is reached, and earlier when the target has found keys that the requester has not seen, since those may already
 * be enough for it.
 */
final class Request {
    ActiveEdge target;

    @Nullable
    ActiveEdge from;

    final EdgeStatus desired;
    final int seenKeys;
    boolean canceled;
    boolean completed;

    @Nullable
    Exception failure;

    /** Whether the requester has yet to take in what is new. */
    boolean dirty;

    /** Whether it is new, or newly cancelled, for the target. */
    boolean unseen;

    private final EdgeStatus seenStatus;

    Request(ActiveEdge target, @Nullable ActiveEdge from, EdgeStatus desired, EdgeStatus seenStatus, int seenKeys) {
        this.target = target;
        this.from = from;
        this.desired = desired;
        this.seenStatus = seenStatus;
        this.seenKeys = seenKeys;
    }

    /** Whether the target has moved on from what the requester had seen when it asked. */
    boolean hasNews() {
        return target.status != seenStatus || target.keys.size() != seenKeys;
    }
}
