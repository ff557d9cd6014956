package dev.cachetool.solver;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Provider;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.LayerSpec;
import dev.cachetool.graph.OpaqueOp;
import dev.cachetool.graph.ResultSpec;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Ops of opaque vertices that are "executed" by giving the results that stand at them; counts what is asked. */
public final class OpaqueOps {
    /** How often each vertex was executed, by name. */
    public final Map<String, Integer> execs = new TreeMap<>();
    /** How often cache maps were asked for. */
    public int cacheMapCalls;

    private int lastId;

    /** A result that an opaque vertex gave. */
    public record Given(String id, Timestamp createdAt, Optional<Remote> remote, boolean transferable)
            implements Result {
        @Override
        public Optional<Digest> contentDigest(ContentFunction function) {
            return function.known();
        }

        @Override
        public void release() {}
    }

    /** Says that it has every blob, and opens none. */
    public static final Provider NO_BLOBS = new Provider() {
        @Override
        public InputStream open(Descriptor blob) throws IOException {
            throw new BlobNotFoundException(blob.digest(), "this test");
        }

        @Override
        public boolean contains(Descriptor blob) {
            return true;
        }
    };

    /** The ops of a graph's vertices. */
    public Function<Vertex, Op> of(Definition definition) {
        // Vertices with the same digest are one, with the outputs that are named of either.
        Map<Digest, Integer> outputs = new HashMap<>();
        for (Vertex vertex : definition.vertices()) {
            outputs.merge(vertex.digest(), vertex.outputCount(), Math::max);
        }
        return vertex -> op(vertex, outputs.getOrDefault(vertex.digest(), 1));
    }

    private Op op(Vertex vertex, int outputs) {
        OpaqueOp opaque = (OpaqueOp) vertex.op();
        return new Op() {
            @Override
            public CacheMapAnswer cacheMap(int index) {
                cacheMapCalls++;
                List<CacheMap.Dep> deps = new ArrayList<>();
                for (int i = 0; i < vertex.inputCount(); i++) {
                    OpaqueOp.Dep dep = i < opaque.deps().size() ? opaque.deps().get(i) : null;
                    deps.add(
                            dep == null
                                    ? CacheMap.Dep.WHOLE
                                    : new CacheMap.Dep(
                                            dep.selector(), dep.contentDigest().map(ContentFunction::constant)));
                }
                return new CacheMapAnswer(
                        new CacheMap(opaque.cacheMaps().get(index), deps),
                        index == opaque.cacheMaps().size() - 1);
            }

            @Override
            public List<Result> exec(List<Result> inputs) {
                execs.merge(vertex.name(), 1, Integer::sum);
                List<Result> results = new ArrayList<>();
                for (int i = 0; i < outputs; i++) {
                    results.add(given(vertex, i));
                }
                return results;
            }

            @Override
            public boolean blocking() {
                return false;
            }
        };
    }

    private Given given(Vertex vertex, int outputIndex) {
        for (ResultSpec spec : vertex.results()) {
            if (spec.outputIndex() == outputIndex) {
                List<Descriptor> layers = new ArrayList<>();
                for (LayerSpec layer : spec.layers()) {
                    Descriptor descriptor = Descriptor.of(layer.mediaType(), layer.digest(), layer.size());
                    layers.add(
                            layer.diffId().isEmpty()
                                    ? descriptor
                                    : descriptor.withAnnotation(
                                            Annotations.UNCOMPRESSED,
                                            layer.diffId().get().toString()));
                }
                return new Given(
                        "given-" + ++lastId,
                        spec.createdAt().map(Timestamp::new).orElse(Timestamp.ZERO),
                        Optional.of(new Remote(layers, NO_BLOBS)),
                        spec.remote());
            }
        }
        return new Given("given-" + ++lastId, Timestamp.ZERO, Optional.empty(), false);
    }

    /** The results of the vertices as a result storage has them: transferable where the graph says so. */
    public static InMemoryCacheResultStorage storage() {
        return new InMemoryCacheResultStorage(result -> {
            Given given = (Given) result;
            return given.transferable() ? given.remote().stream().toList() : List.of();
        });
    }

    /** Makes any result transferable that has layers. */
    public static List<Remote> transfer(Result result) {
        return ((Given) result).remote().stream().toList();
    }
}
