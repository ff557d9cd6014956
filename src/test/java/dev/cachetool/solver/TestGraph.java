package dev.cachetool.solver;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.content.FileTree;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.GraphException;
import dev.cachetool.graph.Vertex;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A build graph said in a few words, for tests of the solver: {@code graph.vertex("build").input(base).selector("/src")}.
 * Digests are derived from names, so that failures read well; ops do what the test says.
 */
public final class TestGraph {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    private final Map<String, TestVertex> vertices = new LinkedHashMap<>();
    private @Nullable Definition definition;

    /** What is called in place of executing an op. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /** The digest that stands for a name. */
    public static Digest digest(String name) {
        return Digest.sha256(name);
    }

    /** An input of a vertex. */
    private static final class TestInput {
        final TestVertex vertex;
        final int output;
        Optional<Digest> selector = Optional.empty();
        boolean content;

        TestInput(TestVertex vertex, int output) {
            this.vertex = vertex;
            this.output = output;
        }
    }

    /** A vertex and what its op does. */
    public static final class TestVertex {
        final String name;
        final List<TestInput> inputs = new ArrayList<>();
        List<Digest> cacheMaps;
        int outputs = 1;
        String content;
        Timestamp createdAt = Timestamp.of(TIME);
        boolean ignoreCache;
        boolean exportCache = true;
        boolean blocking;
        boolean pending;
        boolean wrongCacheMap;
        boolean withoutLayers;
        boolean notKept;
        Action whenAsked = () -> {};
        Action whenExecuted = () -> {};

        TestVertex(String name) {
            this.name = name;
            this.content = "content of " + name;
            this.cacheMaps = List.of(digest("op " + name));
        }

        /** One more input. */
        public TestVertex input(TestVertex vertex) {
            return input(vertex, 0);
        }

        public TestVertex input(TestVertex vertex, int output) {
            inputs.add(new TestInput(vertex, output));
            vertex.outputs = Math.max(vertex.outputs, output + 1);
            return this;
        }

        private TestInput last() {
            return inputs.get(inputs.size() - 1);
        }

        /** The selector of the last input. */
        public TestVertex selector(String path) {
            last().selector = Optional.of(digest(path));
            return this;
        }

        /** The last input matches by what is in it, too. */
        public TestVertex byContent() {
            last().content = true;
            return this;
        }

        /** The op is the one that this name stands for, in place of the vertex's own. */
        public TestVertex op(String... names) {
            cacheMaps = java.util.Arrays.stream(names)
                    .map(n -> n.startsWith("random:") ? Digest.parseCacheDigest(n) : digest("op " + n))
                    .toList();
            return this;
        }

        /** What is in its result, in place of something of its own. */
        public TestVertex gives(String text) {
            content = text;
            return this;
        }

        /** Its result came to be so many seconds after those of others. */
        public TestVertex later(long seconds) {
            createdAt = Timestamp.of(TIME.plusSeconds(seconds));
            return this;
        }

        public TestVertex ignoreCache() {
            ignoreCache = true;
            return this;
        }

        public TestVertex noExport() {
            exportCache = false;
            return this;
        }

        /** Its op is called on worker threads. */
        public TestVertex blocking() {
            blocking = true;
            return this;
        }

        /** It is not executed: its result only stands for one. */
        public TestVertex pending() {
            pending = true;
            return this;
        }

        /** It gives a result that cannot be exported. */
        public TestVertex withoutLayers() {
            withoutLayers = true;
            return this;
        }

        /** No cache keeps what it gives. */
        public TestVertex notKept() {
            notKept = true;
            return this;
        }

        /** Its cache map has a wrong number of inputs. */
        public TestVertex wrongCacheMap() {
            wrongCacheMap = true;
            return this;
        }

        /** Called when its cache map is asked for. */
        public TestVertex whenAsked(Action action) {
            whenAsked = action;
            return this;
        }

        /** Called when it is executed. */
        public TestVertex whenExecuted(Action action) {
            whenExecuted = action;
            return this;
        }

        public TestVertex fails(String message) {
            return whenExecuted(() -> {
                throw new IOException(message);
            });
        }
    }

    /** A new vertex. */
    public TestVertex vertex(String name) {
        TestVertex vertex = new TestVertex(name);
        if (vertices.put(name, vertex) != null) {
            throw new IllegalArgumentException("there is a vertex " + name + " already");
        }
        definition = null;
        return vertex;
    }

    /** An output of a vertex, for a solver. */
    public Edge edge(TestVertex vertex, int output) {
        return new Edge(definition().find(vertex.name).orElseThrow(), output);
    }

    /** The vertex that stands for one of a solver's. */
    public TestVertex of(Vertex vertex) {
        return named(vertex.name());
    }

    /** The vertex with the name. */
    TestVertex named(String name) {
        return vertices.get(name);
    }

    private Definition definition() {
        if (definition == null) {
            try {
                definition = Definition.parse(JsonWriter.bytes(this::write), "graph.json", Path.of("."));
            } catch (GraphException e) {
                throw new IllegalStateException(e);
            }
        }
        return definition;
    }

    private void write(JsonWriter json) throws IOException {
        json.beginObject().field("schemaVersion", 1).name("vertices").beginArray();
        for (TestVertex vertex : vertices.values()) {
            json.beginObject().field("name", vertex.name).name("op").beginObject();
            json.name("opaque").beginObject().name("cacheMaps").beginArray();
            List<Digest> digests = vertex.inputs.isEmpty() ? vertex.cacheMaps : vertex.cacheMaps.subList(0, 1);
            for (Digest digest : digests) {
                json.beginObject().field("digest", digest.toString()).endObject();
            }
            json.endArray().endObject().endObject().name("inputs").beginArray();
            for (TestInput input : vertex.inputs) {
                json.beginObject()
                        .field("vertex", input.vertex.name)
                        .field("output", input.output)
                        .endObject();
            }
            json.endArray().name("options").beginObject();
            json.name("ignoreCache").value(vertex.ignoreCache);
            json.name("exportCache").value(vertex.exportCache).endObject().endObject();
        }
        json.endArray().endObject();
    }

    /** Computes the content key of a test result; counted by who asks for it. */
    static final class TestContent implements ContentFunction {
        @Override
        public String selection() {
            return "test";
        }

        @Override
        public Digest digestOf(FileTree tree) {
            throw new IllegalStateException("test results have no tree");
        }
    }

    /** The ops of the vertices, which write down what is asked of them. */
    Function<Vertex, Op> ops(TestRun run) {
        return vertex -> new TestOp(of(vertex), run);
    }

    private record TestOp(TestVertex vertex, TestRun run) implements Op {
        @Override
        public CacheMapAnswer cacheMap(int index) throws Exception {
            run.asked(vertex.name);
            vertex.whenAsked.run();
            List<CacheMap.Dep> deps = new ArrayList<>();
            for (TestInput input : vertex.inputs) {
                deps.add(new CacheMap.Dep(
                        input.selector, input.content ? Optional.of(new TestContent()) : Optional.empty()));
            }
            if (vertex.wrongCacheMap) {
                deps.add(CacheMap.Dep.WHOLE);
            }
            return new CacheMapAnswer(
                    new CacheMap(vertex.cacheMaps.get(index), deps), index == vertex.cacheMaps.size() - 1);
        }

        @Override
        public List<Result> exec(List<Result> inputs) throws Exception {
            run.executed(vertex.name);
            vertex.whenExecuted.run();
            List<Result> results = new ArrayList<>();
            for (int i = 0; i < vertex.outputs; i++) {
                String content = vertex.outputs == 1 ? vertex.content : vertex.content + " " + i;
                TestResults.TestResult result =
                        run.results().make(content, vertex.createdAt, vertex.pending, vertex.withoutLayers);
                if (vertex.notKept) {
                    result.notKept();
                }
                results.add(result);
            }
            return results;
        }

        @Override
        public boolean blocking() {
            return vertex.blocking;
        }
    }
}
