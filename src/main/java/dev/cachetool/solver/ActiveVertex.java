package dev.cachetool.solver;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Vertex;
import dev.cachetool.graph.VertexOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A vertex being solved: what its op answered, once for all of its edges. */
final class ActiveVertex {
    final Vertex vertex;
    final Op op;
    final CacheManager cache;
    final int depth;

    final boolean keepGoing;

    private final VertexOptions options;
    private final boolean ignoreCache;
    private final SolveListener listener;
    private final ActiveVertex[] inputs;
    private final int[] inputOutputs;
    private @Nullable ActiveEdge[] edges = new ActiveEdge[1];

    // The solver's thread makes these; what is in them, workers do.
    private List<Once<Op.CacheMapAnswer>> cacheMaps = List.of();
    private @Nullable Once<Optional<Digest>> @Nullable [] contentDigests;
    private final Once<List<SharedResult>> results = new Once<>();

    /**
     * @param inputs the vertices of its inputs, with which output of each
     */
    ActiveVertex(
            Vertex vertex,
            Op op,
            CacheManager cache,
            ActiveVertex[] inputs,
            int[] inputOutputs,
            SolveOptions how,
            SolveListener listener) {
        this.vertex = vertex;
        this.op = op;
        this.cache = cache;
        this.options = vertex.options();
        this.ignoreCache = options.ignoreCache() || how.ignoreCache().test(vertex);
        this.keepGoing = how.keepGoing();
        this.inputs = inputs;
        this.inputOutputs = inputOutputs;
        this.listener = listener;
        int deepest = -1;
        for (ActiveVertex input : inputs) {
            deepest = Math.max(deepest, input.depth);
        }
        this.depth = deepest + 1;
    }

    boolean ignoreCache() {
        return ignoreCache;
    }

    boolean exportCache() {
        return options.exportCache();
    }

    int inputCount() {
        return inputs.length;
    }

    /** The vertex that an input is an output of. */
    ActiveVertex input(int inputIndex) {
        return inputs[inputIndex];
    }

    /** The edge that an input is: its own, or the one that it was merged into. */
    ActiveEdge inputEdge(int inputIndex) {
        return inputs[inputIndex].edge(inputOutputs[inputIndex]);
    }

    /** The edge being solved for an output: its own, or the one that it was merged into. */
    ActiveEdge edge(int outputIndex) {
        if (outputIndex >= edges.length) {
            edges = Arrays.copyOf(edges, Math.max(outputIndex + 1, edges.length * 2));
        }
        ActiveEdge edge = edges[outputIndex];
        if (edge == null) {
            edge = new ActiveEdge(new Edge(vertex, outputIndex), this, listener);
            edges[outputIndex] = edge;
        }
        return edge.mergedInto();
    }

    Op.CacheMapAnswer cacheMap(Once<Op.CacheMapAnswer> once, int index, BooleanSupplier canceled) throws Exception {
        return once.get(() -> op.cacheMap(index), canceled);
    }

    Once<Op.CacheMapAnswer> cacheMapOnce(int index) {
        if (cacheMaps.size() == index) {
            List<Once<Op.CacheMapAnswer>> more = new ArrayList<>(cacheMaps);
            more.add(new Once<>());
            cacheMaps = List.copyOf(more);
        }
        return cacheMaps.get(index);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    Once<Optional<Digest>> contentDigestOnce(int inputIndex) {
        if (contentDigests == null) {
            contentDigests = new Once[inputs.length];
        }
        Once<Optional<Digest>> once = contentDigests[inputIndex];
        if (once == null) {
            once = new Once<>();
            contentDigests[inputIndex] = once;
        }
        return once;
    }

    Optional<Digest> contentDigest(
            Once<Optional<Digest>> once,
            int inputIndex,
            ContentFunction function,
            Result input,
            BooleanSupplier canceled)
            throws Exception {
        return once.get(
                () -> {
                    Optional<Digest> digest = input.contentDigest(function);
                    listener.contentComputed(vertex, inputIndex, digest.isPresent());
                    return digest;
                },
                canceled);
    }

    SharedResult exec(List<Result> inputResults, int outputIndex, BooleanSupplier canceled) throws Exception {
        List<SharedResult> all = results.get(
                () -> {
                    listener.executing(vertex);
                    List<SharedResult> got = new ArrayList<>();
                    for (Result result : op.exec(inputResults)) {
                        got.add(new SharedResult(result));
                    }
                    listener.executed(vertex);
                    return List.copyOf(got);
                },
                canceled);
        if (outputIndex >= all.size()) {
            throw new IllegalStateException("vertex \"" + vertex.name() + "\" gave " + all.size()
                    + " outputs, but output " + outputIndex + " is asked for");
        }
        return all.get(outputIndex).retain();
    }

    /** Releases what it and its edges hold. */
    void release() {
        List<SharedResult> all = results.known();
        if (all != null) {
            all.forEach(SharedResult::release);
        }
        for (ActiveEdge edge : edges) {
            if (edge != null) {
                edge.release();
            }
        }
    }
}
