package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.Vertex;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/**
 * Solves edges of a graph: loads what caches have, executes what they do not, and does neither for what nobody needs.
 * Vertices with the same digest are one, with the options and results of the one that is reached first. What was solved
 * stays known until {@link #close}. Used by one thread, on which everything but blocking ops runs.
 */
public final class Solver implements AutoCloseable {
    private final Function<Vertex, Op> ops;
    private final Function<Vertex, CacheManager> caches;
    private final SolveListener listener;
    private final Scheduler scheduler;
    private final Map<Digest, ActiveVertex> vertices = new HashMap<>();
    private final Map<EdgeId, ActiveEdge> edges = new HashMap<>();

    private record EdgeId(Digest vertex, int outputIndex) {}

    private final ActiveEdge.Edges graph = new ActiveEdge.Edges() {
        @Override
        public ActiveEdge active(Edge edge) {
            return edges.computeIfAbsent(
                    new EdgeId(edge.vertex().digest(), edge.outputIndex()),
                    unused -> new ActiveEdge(
                            new Edge(vertex(edge).vertex, edge.outputIndex()), vertex(edge), this, listener));
        }

        @Override
        public ActiveVertex vertex(Edge edge) {
            ActiveVertex vertex = vertices.get(edge.vertex().digest());
            if (vertex == null) {
                throw new IllegalStateException("vertex \"" + edge.vertex().name() + "\" was not loaded");
            }
            return vertex;
        }
    };

    /**
     * @param ops gives the op of a vertex; asked once for each
     * @param caches gives the cache that a vertex is looked up and saved in
     * @param workers runs what blocks; stays the caller's to shut down
     * @param listener told what is done
     */
    public Solver(
            Function<Vertex, Op> ops,
            Function<Vertex, CacheManager> caches,
            ExecutorService workers,
            SolveListener listener) {
        this.ops = ops;
        this.caches = caches;
        this.listener = listener;
        this.scheduler = new Scheduler(workers, this::merged);
    }

    private void merged(ActiveEdge target, ActiveEdge source) {
        edges.put(new EdgeId(source.edge.vertex().digest(), source.edge.outputIndex()), target);
    }

    /**
     * Solves an edge.
     *
     * @return its result, for the caller to release
     * @throws SolveException if a vertex that it needs fails
     * @throws InterruptedException if the thread was interrupted; everything under way was cancelled
     */
    public CachedResult build(Edge edge) throws SolveException, InterruptedException {
        load(edge.vertex());
        ActiveEdge active = graph.active(edge);
        Request request = scheduler.request(active, null, EdgeStatus.COMPLETE, EdgeStatus.INITIAL, 0);
        scheduler.run(request);
        Exception failure = request.failure;
        if (failure instanceof SolveException e) {
            throw e;
        }
        if (failure != null) {
            throw new SolveException(edge.vertex(), failure);
        }
        CachedResult result = request.target.result;
        if (result == null) {
            throw new IllegalStateException(
                    "solved without a result: \"" + edge.vertex().name() + "\"");
        }
        return result.retain();
    }

    /** Takes in the vertices that the edge stands on, inputs first, with a stack of its own. */
    private void load(Vertex top) {
        record Open(Vertex vertex, int[] next) {}
        if (vertices.containsKey(top.digest())) {
            return;
        }
        Deque<Open> stack = new ArrayDeque<>();
        stack.push(new Open(top, new int[1]));
        while (!stack.isEmpty()) {
            Open open = stack.element();
            var inputs = open.vertex().inputs();
            int next = open.next()[0]++;
            if (next < inputs.size()) {
                Vertex below = inputs.get(next).edge().vertex();
                if (!vertices.containsKey(below.digest())) {
                    stack.push(new Open(below, new int[1]));
                }
                continue;
            }
            stack.pop();
            int depth = 0;
            for (Input input : inputs) {
                depth = Math.max(depth, graph.vertex(input.edge()).depth + 1);
            }
            Vertex vertex = open.vertex();
            if (!vertices.containsKey(vertex.digest())) {
                vertices.put(
                        vertex.digest(),
                        new ActiveVertex(vertex, ops.apply(vertex), caches.apply(vertex), depth, listener));
            }
        }
    }

    /** Releases every result that is still held here. */
    @Override
    public void close() {
        edges.values().forEach(ActiveEdge::release);
        vertices.values().forEach(ActiveVertex::release);
    }
}
