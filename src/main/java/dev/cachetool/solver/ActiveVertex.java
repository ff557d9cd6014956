package dev.cachetool.solver;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Vertex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A vertex being solved: what its op answered, once for all of its edges. */
final class ActiveVertex {
    final Vertex vertex;
    final Op op;
    final CacheManager cache;
    final int depth;

    private final SolveListener listener;
    private final Object cacheMapLock = new Object();
    private final Object contentLock = new Object();
    private final Object execLock = new Object();
    private final List<Op.CacheMapAnswer> cacheMaps = new ArrayList<>(1);
    private final Map<Integer, Optional<Digest>> contentDigests = new HashMap<>(2);
    private @Nullable List<SharedResult> results;

    ActiveVertex(Vertex vertex, Op op, CacheManager cache, int depth, SolveListener listener) {
        this.vertex = vertex;
        this.op = op;
        this.cache = cache;
        this.depth = depth;
        this.listener = listener;
    }

    boolean ignoreCache() {
        return vertex.options().ignoreCache();
    }

    Op.CacheMapAnswer cacheMap(int index) throws Exception {
        synchronized (cacheMapLock) {
            while (cacheMaps.size() <= index) {
                cacheMaps.add(op.cacheMap(cacheMaps.size()));
            }
            return cacheMaps.get(index);
        }
    }

    Optional<Digest> contentDigest(int inputIndex, ContentFunction function, Result input) throws Exception {
        synchronized (contentLock) {
            Optional<Digest> known = contentDigests.get(inputIndex);
            if (known == null) {
                known = input.contentDigest(function);
                contentDigests.put(inputIndex, known);
                listener.contentComputed(vertex, inputIndex, known.isPresent());
            }
            return known;
        }
    }

    SharedResult exec(List<Result> inputs, int outputIndex) throws Exception {
        synchronized (execLock) {
            if (results == null) {
                listener.executing(vertex);
                List<SharedResult> got = new ArrayList<>();
                for (Result result : op.exec(inputs)) {
                    got.add(new SharedResult(result));
                }
                listener.executed(vertex);
                results = got;
            }
            if (outputIndex >= results.size()) {
                throw new IllegalStateException("vertex \"" + vertex.name() + "\" gave " + results.size()
                        + " outputs, but output " + outputIndex + " is asked for");
            }
            return results.get(outputIndex).retain();
        }
    }

    void release() {
        synchronized (execLock) {
            if (results != null) {
                results.forEach(SharedResult::release);
                results = List.of();
            }
        }
    }
}
