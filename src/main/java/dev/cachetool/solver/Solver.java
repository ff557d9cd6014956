package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.Vertex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Solves edges of a graph: loads what caches have, executes what they do not, and does neither for what nobody needs.
 * Vertices with the same digest are one, with the options and results of the one that is reached first. What was solved
 * stays known until {@link #close}. Used by one thread, on which everything but blocking ops runs.
 */
public final class Solver implements AutoCloseable {
    private final Function<Vertex, Op> ops;
    private final Function<Vertex, CacheManager> caches;
    private final SolveOptions options;
    private final SolveListener listener;
    private final Scheduler scheduler;
    private final Map<Digest, ActiveVertex> byDigest = new HashMap<>();
    private final Map<Vertex, ActiveVertex> loaded = new HashMap<>();
    private final List<ActiveVertex> vertices = new ArrayList<>();

    /**
     * @param ops gives the op of a vertex; asked once for each
     * @param caches gives the cache that a vertex is looked up and saved in
     * @param workers runs what blocks, each call in a thread that the solver may interrupt; stays the caller's to shut
     *     down, when nothing is built any more
     * @param listener told what is done
     */
    public Solver(
            Function<Vertex, Op> ops, Function<Vertex, CacheManager> caches, Executor workers, SolveListener listener) {
        this(ops, caches, SolveOptions.USUAL, workers, listener);
    }

    /** The same, with options. */
    public Solver(
            Function<Vertex, Op> ops,
            Function<Vertex, CacheManager> caches,
            SolveOptions options,
            Executor workers,
            SolveListener listener) {
        this.ops = ops;
        this.caches = caches;
        this.options = options;
        this.listener = listener;
        this.scheduler = new Scheduler(workers);
    }

    /**
     * Solves an edge. When it returns or throws, nothing is under way any more. Where an op fails, those that run at that
     * time come to their end, and are saved, before this throws; no other is started. What failed stays failed, what was
     * solved stays solved: another edge may be built afterwards.
     *
     * @return its result, for the caller to release
     * @throws SolveException if a vertex that it needs fails
     * @throws InterruptedException if the thread was interrupted; everything under way was cancelled, and nothing can be
     *     built any more
     * @throws IllegalStateException if this solver was interrupted before
     */
    public CachedResult build(Edge edge) throws SolveException, InterruptedException {
        Built built = buildAll(List.of(edge)).get(0);
        if (built.failure().isPresent()) {
            throw built.failure().get();
        }
        return built.result().orElseThrow();
    }

    /**
     * What became of one of several edges: one of the two.
     *
     * @param result for the caller to release
     * @param failure of a vertex that it needs, or that it was given up because another edge failed
     */
    public record Built(Edge edge, Optional<CachedResult> result, Optional<SolveException> failure) {}

    /**
     * Solves edges, all at the same time, as {@link #build} does one. When one of them fails, the others are given up, unless
     * the options say to keep going.
     *
     * @return what became of each, in their order
     * @throws InterruptedException as {@link #build}
     */
    public List<Built> buildAll(List<Edge> edges) throws InterruptedException {
        List<Request> requests = new ArrayList<>(edges.size());
        for (Edge edge : edges) {
            ActiveEdge active = load(edge.vertex()).edge(edge.outputIndex());
            requests.add(scheduler.request(active, null, EdgeStatus.COMPLETE, EdgeStatus.INITIAL, 0));
        }
        scheduler.run(requests, options.keepGoing());
        List<Built> built = new ArrayList<>(edges.size());
        for (int i = 0; i < edges.size(); i++) {
            built.add(built(edges.get(i), requests.get(i)));
        }
        return built;
    }

    private static Built built(Edge edge, Request request) {
        Exception failure = request.failure;
        if (failure != null) {
            SolveException told = failure instanceof SolveException e ? e : new SolveException(edge.vertex(), failure);
            return new Built(edge, Optional.empty(), Optional.of(told));
        }
        CachedResult result = request.target.result;
        if (result == null) {
            throw new IllegalStateException(
                    "solved without a result: \"" + edge.vertex().name() + "\"");
        }
        return new Built(edge, Optional.of(result.retain()), Optional.empty());
    }

    private static final class Open {
        final Vertex vertex;
        final List<Input> inputs;
        int next;

        Open(Vertex vertex) {
            this.vertex = vertex;
            this.inputs = vertex.inputs();
        }
    }

    /** Takes in the vertices that one stands on, inputs first, with a stack of its own. */
    private ActiveVertex load(Vertex top) {
        Deque<Open> stack = new ArrayDeque<>();
        ActiveVertex known = loaded.get(top);
        if (known != null) {
            return known;
        }
        stack.push(new Open(top));
        while (true) {
            Open open = stack.element();
            if (open.next < open.inputs.size()) {
                Vertex below = open.inputs.get(open.next++).edge().vertex();
                if (!loaded.containsKey(below)) {
                    stack.push(new Open(below));
                }
                continue;
            }
            stack.pop();
            ActiveVertex active = active(open);
            if (stack.isEmpty()) {
                return active;
            }
        }
    }

    private ActiveVertex active(Open open) {
        Digest digest = open.vertex.digest();
        ActiveVertex active = byDigest.get(digest);
        if (active == null) {
            ActiveVertex[] inputs = new ActiveVertex[open.inputs.size()];
            int[] outputs = new int[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                Edge edge = open.inputs.get(i).edge();
                ActiveVertex input = loaded.get(edge.vertex());
                if (input == null) {
                    throw new IllegalStateException("the graph has a loop at " + edge.vertex());
                }
                inputs[i] = input;
                outputs[i] = edge.outputIndex();
            }
            active = new ActiveVertex(
                    open.vertex, ops.apply(open.vertex), caches.apply(open.vertex), inputs, outputs, options, listener);
            byDigest.put(digest, active);
            vertices.add(active);
        }
        loaded.put(open.vertex, active);
        return active;
    }

    /** Releases every result that is still held here. */
    @Override
    public void close() {
        vertices.forEach(ActiveVertex::release);
    }
}
