package dev.cachetool.cli.service;

import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Vertex;
import dev.cachetool.inspect.CacheReasons;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.Explanation;
import dev.cachetool.inspect.Explanation.Verdict;
import dev.cachetool.inspect.GraphKeys;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.SolveListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says why vertices missed, by the caches that were read and by what is remembered of the last run. Nothing is computed before
 * a reason is wanted. Safe for several threads.
 */
final class MissReasons {
    private static final String NOT_THERE = "not in the cache";

    private final GraphSession session;
    private final List<OpenSource> sources;
    private final boolean anySource;
    private final Predicate<Vertex> ignoring;
    private final PartsFile remembered;
    private @Nullable List<CacheReasons> caches;
    private @Nullable CacheReasons lastRun;

    /**
     * @param store whether the local store was asked
     * @param ignoring vertices for which no cache was asked, though they do not say so
     * @param remembered what went into the keys of the last run
     */
    MissReasons(
            GraphSession session,
            List<OpenSource> sources,
            boolean store,
            Predicate<Vertex> ignoring,
            PartsFile remembered) {
        this.session = session;
        this.sources = List.copyOf(sources);
        this.anySource = store || !sources.isEmpty();
        this.ignoring = ignoring;
        this.remembered = remembered;
    }

    private List<CacheReasons> caches() throws IOException {
        List<CacheReasons> known = caches;
        if (known == null) {
            GraphKeys keys = new GraphKeys(session.cacheMaps(), session.localFiles(), ignoring);
            known = new ArrayList<>();
            for (OpenSource source : sources) {
                known.add(new CacheReasons(
                        keys,
                        CacheView.of(source.artifact(), source.chains()),
                        source.artifact().notes()));
            }
            lastRun = new CacheReasons(keys, LastRun.of(session, remembered), Notes.NONE);
            caches = known;
        }
        return known;
    }

    private CacheReasons lastRun() throws IOException {
        caches();
        return Objects.requireNonNull(lastRun);
    }

    /** Whether a cache has a record of the vertex's operation, or the last run had it, whatever its inputs. */
    synchronized boolean isKnown(Vertex vertex) throws IOException {
        for (int output = 0; output < vertex.outputCount(); output++) {
            Edge edge = new Edge(vertex, output);
            for (CacheReasons cache : caches()) {
                if (cache.knowsOperation(edge)) {
                    return true;
                }
            }
            if (lastRun().knowsOperation(edge)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The reason, as half a sentence.
     *
     * @param miss what the solver found
     */
    synchronized String of(Edge edge, SolveListener.Miss miss) throws IOException {
        Vertex vertex = edge.vertex();
        if (vertex.options().ignoreCache()) {
            return "its cache is ignored (ignoreCache)";
        }
        if (ignoring.test(vertex)) {
            return "no cache is asked for it";
        }
        if (!anySource) {
            return "no cache was read";
        }
        if (miss.keyKnown() && isKnown(vertex)) {
            return "the cache has no result for it";
        }
        Optional<Explanation> nearest = Optional.empty();
        for (Explanation each : explain(edge)) {
            nearest = nearest.isEmpty() || each.isNearerThan(nearest.get()) ? Optional.of(each) : nearest;
        }
        Explanation last = lastRun().explain(edge);
        boolean differs = last.verdict() == Verdict.INPUTS || last.verdict() == Verdict.OPERATION;
        if (differs && (nearest.isEmpty() || last.isNearerThan(nearest.get()))) {
            nearest = Optional.of(last);
        }
        if (nearest.isPresent() && nearest.get().verdict() == Verdict.NO_RESULT) {
            return "the cache has no result for it";
        }
        return nearest.flatMap(Explanation::reason).orElse(NOT_THERE);
    }

    /** How the output stands to each cache that was read, in their order. */
    synchronized List<Explanation> explain(Edge edge) throws IOException {
        List<Explanation> explanations = new ArrayList<>();
        for (CacheReasons cache : caches()) {
            explanations.add(cache.explain(edge));
        }
        return explanations;
    }

    /** How the output stands to the last run in this workspace; empty where nothing is remembered of one. */
    synchronized Optional<Explanation> explainByLastRun(Edge edge) throws IOException {
        return lastRun().cache().records().isEmpty()
                ? Optional.empty()
                : Optional.of(lastRun().explain(edge));
    }
}
