package dev.cachetool.step;

import dev.cachetool.cachemap.CacheMaps;
import dev.cachetool.cachemap.LocalFiles;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.OpaqueOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.solver.Op;
import dev.cachetool.solver.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ops of a graph's vertices: cache maps come from {@link CacheMaps}, sources from the workspace, and everything else is
 * executed by what this was made with.
 */
public final class VertexOps {
    private final CacheMaps cacheMaps;
    private final LocalFiles localFiles;
    private final Execution execution;
    private final Map<Digest, Integer> outputs = new HashMap<>();

    /** Gets the results of a vertex that no cache has. */
    @FunctionalInterface
    public interface Execution {
        /**
         * The result of an output.
         *
         * @throws Exception if the vertex fails
         */
        Result result(Vertex vertex, int outputIndex, List<Result> inputs) throws Exception;
    }

    public VertexOps(Definition definition, CacheMaps cacheMaps, LocalFiles localFiles, Execution execution) {
        this.cacheMaps = cacheMaps;
        this.localFiles = localFiles;
        this.execution = execution;
        // Vertices with the same digest are one, with the outputs that are named of either.
        for (Vertex vertex : definition.vertices()) {
            if (vertex.outputCount() > 1) {
                outputs.merge(vertex.digest(), vertex.outputCount(), Math::max);
            }
        }
    }

    /** The op of the vertex. */
    public Op of(Vertex vertex) {
        return new VertexOp(vertex);
    }

    private final class VertexOp implements Op {
        private final Vertex vertex;

        VertexOp(Vertex vertex) {
            this.vertex = vertex;
        }

        @Override
        public CacheMapAnswer cacheMap(int index) throws Exception {
            return new CacheMapAnswer(cacheMaps.of(vertex, index), index == cacheMaps.count(vertex) - 1);
        }

        @Override
        public List<Result> exec(List<Result> inputs) throws Exception {
            if (vertex.op() instanceof LocalOp) {
                return List.of(new SourceResult(vertex.digest(), localFiles.treeOf(vertex)));
            }
            int size = outputs.getOrDefault(vertex.digest(), 1);
            List<Result> results = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                results.add(execution.result(vertex, i, inputs));
            }
            return results;
        }

        @Override
        public boolean blocking() {
            return !(vertex.op() instanceof OpaqueOp);
        }
    }
}
