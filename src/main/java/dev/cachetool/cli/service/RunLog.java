package dev.cachetool.cli.service;

import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.StepReporter;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.solver.CacheRecord;
import dev.cachetool.solver.Result;
import dev.cachetool.solver.SolveListener;
import dev.cachetool.step.StepFailedException;
import dev.cachetool.store.RefResult;
import dev.cachetool.store.RemoteImmutableRef;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What became of the vertices of a run, by their digests. For several threads. */
final class RunLog implements SolveListener, Closeable {
    private final Reasons reasons;
    private final Hits hitListener;
    private final StepReporter reporter;
    private final Map<Digest, Hit> hits = new ConcurrentHashMap<>();
    private final Map<Digest, String> misses = new ConcurrentHashMap<>();
    private final Map<Digest, Executed> executed = new ConcurrentHashMap<>();
    private final Map<Digest, Failed> failed = new ConcurrentHashMap<>();
    private final List<Failed> failures = new ArrayList<>();

    /** Says why a vertex missed. */
    @FunctionalInterface
    interface Reasons {
        String of(Edge edge, Miss miss) throws IOException;
    }

    /** Hears of hits, before anything else does. */
    @FunctionalInterface
    interface Hits {
        void found(Hit hit);
    }

    /**
     * A result that was loaded, held until this is closed.
     *
     * @param lazy whether nothing of it was here by then
     */
    record Hit(Vertex vertex, CacheRecord record, RefResult result, boolean lazy) {}

    /** A vertex that was executed, and what it gave; the result is held by whoever executed it. */
    record Executed(Vertex vertex, RefResult result, long milliseconds) {}

    /** A vertex that failed. */
    record Failed(Vertex vertex, Exception cause, long milliseconds) {
        /** Why, as half a sentence. */
        String reason() {
            return String.valueOf(cause.getMessage());
        }

        /** The failure of a step, where it is one. */
        Optional<StepFailedException> step() {
            return cause instanceof StepFailedException e ? Optional.of(e) : Optional.empty();
        }
    }

    RunLog(Reasons reasons, Hits hitListener, StepReporter reporter) {
        this.reasons = reasons;
        this.hitListener = hitListener;
        this.reporter = reporter;
    }

    /** Forgets what was found, since all is solved once more; what was executed or failed stays so. */
    void again() {
        hits.values().forEach(hit -> hit.result().release());
        hits.clear();
    }

    @Override
    public void loaded(Edge edge, CacheRecord record, Result result) {
        if (result instanceof RefResult ref) {
            Digest vertex = edge.vertex().digest();
            boolean[] fresh = {false};
            if (!executed.containsKey(vertex)) {
                Hit hit = hits.computeIfAbsent(vertex, unused -> {
                    fresh[0] = true;
                    return new Hit(edge.vertex(), record, ref.again(), isLazy(ref));
                });
                if (fresh[0]) {
                    hitListener.found(hit);
                }
            }
        }
    }

    private static boolean isLazy(RefResult result) {
        try {
            return result.ref() instanceof RemoteImmutableRef remote && remote.isLazy();
        } catch (IOException e) {
            // It is told of when it is read.
            return true;
        }
    }

    /** Hears of hits alone. */
    SolveListener forHits() {
        return new SolveListener() {
            @Override
            public void loaded(Edge edge, CacheRecord record, Result result) {
                RunLog.this.loaded(edge, record, result);
            }
        };
    }

    @Override
    public void missed(Edge edge, Miss miss) {
        Vertex vertex = edge.vertex();
        if (vertex.op() instanceof LocalOp || misses.containsKey(vertex.digest())) {
            return;
        }
        String reason;
        try {
            reason = reasons.of(edge, miss);
        } catch (IOException e) {
            // Whoever computes the key again fails in the same way, and says so.
            reason = "not in the cache";
        }
        misses.put(vertex.digest(), reason);
        reporter.missed(vertex.name(), reason);
    }

    /** Notes that the result of a hit is lost. */
    void lost(Vertex vertex, String reason) {
        misses.put(vertex.digest(), reason);
    }

    void executed(Executed done) {
        executed.put(done.vertex().digest(), done);
        Hit before = hits.remove(done.vertex().digest());
        if (before != null) {
            before.result().release();
        }
        reporter.ended(done.vertex().name(), Status.EXECUTED, "", done.milliseconds());
    }

    void failed(Failed failure) {
        synchronized (failures) {
            if (failed.putIfAbsent(failure.vertex().digest(), failure) != null) {
                return;
            }
            failures.add(failure);
        }
        reporter.ended(failure.vertex().name(), Status.FAILED, failure.reason(), failure.milliseconds());
    }

    Optional<Hit> hit(Vertex vertex) {
        return Optional.ofNullable(hits.get(vertex.digest()));
    }

    Optional<Executed> execution(Vertex vertex) {
        return Optional.ofNullable(executed.get(vertex.digest()));
    }

    boolean anyExecuted() {
        return !executed.isEmpty();
    }

    Optional<String> miss(Vertex vertex) {
        return Optional.ofNullable(misses.get(vertex.digest()));
    }

    Optional<Failed> failure(Vertex vertex) {
        return Optional.ofNullable(failed.get(vertex.digest()));
    }

    /** What failed, in the order in which it did. */
    List<Failed> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    /** The vertex that has the result with the id of this ref, where it was loaded. */
    Optional<Hit> hitOf(String refId) {
        return hits.values().stream()
                .filter(hit -> hit.result().id().equals(refId))
                .findFirst();
    }

    /** What the vertex gave, whether loaded or executed. */
    Optional<RefResult> result(Vertex vertex) {
        return execution(vertex).map(Executed::result).or(() -> hit(vertex).map(Hit::result));
    }

    @Override
    public void close() {
        again();
    }
}
