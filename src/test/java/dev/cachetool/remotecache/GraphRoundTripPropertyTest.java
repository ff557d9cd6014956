package dev.cachetool.remotecache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.golden.SameCache;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.Edge;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.solver.CacheExport;
import dev.cachetool.solver.CacheExportOptions;
import dev.cachetool.solver.CacheManager;
import dev.cachetool.solver.CacheRecord;
import dev.cachetool.solver.CachedResult;
import dev.cachetool.solver.CombinedCacheManager;
import dev.cachetool.solver.ExportMode;
import dev.cachetool.solver.InMemoryCacheKeyStorage;
import dev.cachetool.solver.OpaqueOps;
import dev.cachetool.solver.OutputKeys;
import dev.cachetool.solver.Result;
import dev.cachetool.solver.SolveListener;
import dev.cachetool.solver.Solver;
import dev.cachetool.solver.StorageCacheManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random graphs of opaque vertices, exported and imported again. What an export must hold is worked out from the graph by
 * the rules of the modes, without solver or exporter. {@code -Dcachetool.seed=N} runs others.
 */
final class GraphRoundTripPropertyTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20260105);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    /** What a vertex gives at one of its outputs: nothing, a result that has no layers, or one that has. */
    private enum Gives {
        NOTHING,
        NO_LAYERS,
        LAYERS,
        LAYERS_OTHERS_CAN_PULL
    }

    private record In(int vertex, int output, boolean selector, boolean content) {
        String edge() {
            return vertex + "@" + output;
        }
    }

    private record Step(
            List<String> cacheMaps, List<In> inputs, List<Gives> outputs, boolean ignoreCache, boolean exportCache) {
        boolean isRoot() {
            return inputs.isEmpty();
        }
    }

    private record Graph(List<Step> steps, List<In> targets) {
        static Graph random(Random random, boolean mayBeEqual) {
            List<Step> steps = new ArrayList<>();
            int size = 2 + random.nextInt(12);
            for (int i = 0; i < size; i++) {
                List<In> inputs = new ArrayList<>();
                int count = i == 0 || random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(3);
                for (int n = 0; n < count; n++) {
                    int from = Math.max(random.nextInt(i), random.nextInt(i));
                    int output = random.nextInt(steps.get(from).outputs().size());
                    inputs.add(new In(from, output, random.nextInt(3) == 0, random.nextInt(3) == 0));
                }
                List<String> cacheMaps = new ArrayList<>();
                for (int n = inputs.isEmpty() ? 1 + random.nextInt(4) / 2 : 1; n > 0; n--) {
                    boolean never = random.nextInt(inputs.isEmpty() ? 5 : 20) == 0;
                    String name = mayBeEqual && random.nextBoolean() ? "op " + random.nextInt(3) : "op " + i + " " + n;
                    Digest digest = Digest.sha256(name + (inputs.isEmpty() ? " root" : ""));
                    cacheMaps.add(never ? "random:" + digest.encoded() : digest.toString());
                }
                List<Gives> outputs = new ArrayList<>();
                for (int n = 1 + random.nextInt(4) / 3; n > 0; n--) {
                    outputs.add(any(random, Gives.values()));
                }
                steps.add(new Step(cacheMaps, inputs, outputs, random.nextInt(12) == 0, random.nextInt(8) > 0));
            }
            List<In> targets = new ArrayList<>();
            targets.add(new In(size - 1, 0, false, false));
            while (random.nextInt(3) == 0) {
                int vertex = random.nextInt(size);
                targets.add(new In(
                        vertex, random.nextInt(steps.get(vertex).outputs().size()), false, false));
            }
            return new Graph(steps, targets);
        }

        /** The graph as JSON, its vertices in the order. */
        byte[] json(List<Integer> order, boolean withIgnoreCache) {
            return JsonWriter.bytes(w -> {
                w.beginObject().field("schemaVersion", 1).name("vertices").beginArray();
                for (int i : order) {
                    Step step = steps.get(i);
                    w.beginObject().field("name", "v" + i).name("op").beginObject();
                    w.name("opaque").beginObject().name("cacheMaps").beginArray();
                    for (String digest : step.cacheMaps()) {
                        w.beginObject().field("digest", digest).endObject();
                    }
                    w.endArray().name("deps").beginArray();
                    for (In in : step.inputs()) {
                        w.beginObject();
                        if (in.selector()) {
                            w.field("selector", Digest.sha256("/src").toString());
                        }
                        if (in.content()) {
                            w.field(
                                    "contentDigest",
                                    Digest.sha256("content " + in.edge()).toString());
                        }
                        w.endObject();
                    }
                    w.endArray().endObject().endObject().name("inputs").beginArray();
                    for (In in : step.inputs()) {
                        w.beginObject().field("vertex", "v" + in.vertex());
                        w.field("output", in.output()).endObject();
                    }
                    w.endArray().name("results").beginArray();
                    for (int output = 0; output < step.outputs().size(); output++) {
                        write(w, i, output, step.outputs().get(output));
                    }
                    w.endArray().name("options").beginObject();
                    w.name("ignoreCache").value(withIgnoreCache && step.ignoreCache());
                    w.name("exportCache").value(step.exportCache()).endObject().endObject();
                }
                w.endArray().name("targets").beginArray();
                for (In target : targets) {
                    w.beginObject().field("vertex", "v" + target.vertex());
                    w.field("output", target.output()).endObject();
                }
                w.endArray().endObject();
            });
        }

        private static void write(JsonWriter w, int vertex, int output, Gives gives) throws IOException {
            if (gives == Gives.NOTHING) {
                return;
            }
            w.beginObject().field("output", output).field("createdAt", "2026-01-02T03:04:05Z");
            w.name("remote").value(gives == Gives.LAYERS_OTHERS_CAN_PULL);
            w.name("layers").beginArray();
            for (int n = gives == Gives.NO_LAYERS ? 2 : 0; n < 2; n++) {
                String blob = n == 0 ? "base" : "layer " + vertex + "@" + output;
                w.beginObject().field("digest", Digest.sha256(blob).toString()).field("size", 1);
                w.field("mediaType", MediaTypes.OCI_LAYER_ZSTD);
                w.field("diffID", Digest.sha256("diff of " + blob).toString()).endObject();
            }
            w.endArray().endObject();
        }

        byte[] json() {
            return json(numbers(), true);
        }

        List<Integer> numbers() {
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < steps.size(); i++) {
                numbers.add(i);
            }
            return numbers;
        }
    }

    /** How an export is asked for. */
    private record How(ExportMode mode, boolean roots) {
        static How random(Random random) {
            return new How(any(random, ExportMode.values()), random.nextInt(4) == 0);
        }
    }

    /** The edges whose results an export must hold: the rules of the modes, walked with the call stack since graphs are small. */
    private static final class Expected {
        private final Graph graph;
        private final How how;
        private final Set<String> results = new TreeSet<>();
        private final Set<String> visited = new HashSet<>();

        private Expected(Graph graph, How how) {
            this.graph = graph;
            this.how = how;
        }

        static Set<String> results(Graph graph, How how) {
            Expected expected = new Expected(graph, how);
            for (In target : graph.targets()) {
                // A vertex is exported once per target in mode min, in the others once.
                expected.visited.clear();
                expected.visit(target, how.mode());
            }
            return expected.results;
        }

        private void visit(In edge, ExportMode mode) {
            if (!visited.add(edge.edge())) {
                return;
            }
            Step step = graph.steps().get(edge.vertex());
            Gives gives = step.outputs().get(edge.output());
            boolean allowed = step.exportCache() && (how.roots() || !step.isRoot());
            boolean taken = allowed
                    && (gives == Gives.LAYERS_OTHERS_CAN_PULL
                            || (gives != Gives.NOTHING && mode != ExportMode.REMOTE_ONLY));
            if (taken && gives != Gives.NO_LAYERS && hasRecord(edge)) {
                results.add(edge.edge());
            }
            for (In input : step.inputs()) {
                visit(input, taken && mode == ExportMode.MIN ? ExportMode.REMOTE_ONLY : mode);
            }
        }

        /** Whether a record can be written for it: its digest repeats, and there is a way into every input. */
        private boolean hasRecord(In edge) {
            Step step = graph.steps().get(edge.vertex());
            return step.cacheMaps().stream().anyMatch(digest -> !digest.startsWith("random:"))
                    && step.inputs().stream().allMatch(in -> in.content() || hasRecord(in));
        }
    }

    private static Definition definition(byte[] json) throws IOException {
        return Definition.parse(json, "graph.json", Path.of("."));
    }

    private static StorageCacheManager local() {
        AtomicLong ids = new AtomicLong();
        return new StorageCacheManager(
                "local",
                true,
                new InMemoryCacheKeyStorage(),
                OpaqueOps.storage(),
                () -> "local-" + ids.incrementAndGet());
    }

    private static NormalizedChains export(byte[] graph, How how) throws Exception {
        Definition definition = definition(graph);
        StorageCacheManager local = local();
        CacheChains chains = new CacheChains();
        try (Solver solver =
                new Solver(new OpaqueOps().of(definition), vertex -> local, Runnable::run, SolveListener.NONE)) {
            List<CachedResult> results = new ArrayList<>();
            for (Edge target : definition.targets()) {
                results.add(solver.build(target));
            }
            CacheExport export = new CacheExport(
                    chains,
                    new CacheExportOptions(how.mode(), how.roots(), false, OpaqueOps::transfer),
                    (exporter, record) -> {});
            for (CachedResult result : results) {
                export.add(result);
                result.release();
            }
        }
        return chains.normalize();
    }

    /** What a solver does for one edge that has the config and nothing else. */
    private static final class Import implements SolveListener {
        final Set<String> loaded = new HashSet<>();
        final Set<String> executed;

        Import(byte[] graph, byte[] config, In target) throws Exception {
            CacheChains chains = new CacheChains();
            CacheConfig read = CacheConfig.parse(config, "config");
            Map<String, Descriptor> descriptors = new HashMap<>();
            for (CacheConfig.Layer layer : read.layers()) {
                descriptors.put(layer.blob(), Descriptor.of(MediaTypes.OCI_LAYER_ZSTD, Digest.parse(layer.blob()), 1));
            }
            chains.addAll(read, "config", descriptors, OpaqueOps.NO_BLOBS);
            ImportedCache imported = new ImportedCache(
                    chains.normalize(),
                    (id, result, record) ->
                            new OpaqueOps.Given(id, result.createdAt(), Optional.of(result.remote()), true));
            CacheManager cache = new CombinedCacheManager(local(), List.of(imported.manager("imported")));
            Definition definition = definition(graph);
            OpaqueOps ops = new OpaqueOps();
            try (Solver solver = new Solver(ops.of(definition), vertex -> cache, Runnable::run, this)) {
                solver.build(new Edge(definition.find("v" + target.vertex()).orElseThrow(), target.output()))
                        .release();
            }
            executed = ops.execs.keySet();
        }

        @Override
        public void loaded(Edge edge, CacheRecord record, Result result) {
            loaded.add(edge.vertex().name() + "@" + edge.outputIndex());
        }
    }

    private interface Property {
        void check(Graph graph, How how, NormalizedChains chains, Random random) throws Exception;
    }

    private static void check(boolean mayBeEqual, Property property) throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            Graph graph = Graph.random(random, mayBeEqual);
            How how = How.random(random);
            try {
                property.check(graph, how, export(graph.json(), how), random);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("case " + i + ", " + how + ": " + new String(graph.json(), UTF_8), e);
            }
        }
    }

    /** The edges by the digests of their records. */
    private static Map<String, String> edges(Graph graph) {
        Map<String, String> edges = new TreeMap<>();
        for (int i = 0; i < graph.steps().size(); i++) {
            Step step = graph.steps().get(i);
            for (int output = 0; output < step.outputs().size(); output++) {
                for (String digest : step.cacheMaps()) {
                    edges.put(
                            OutputKeys.of(Digest.parseCacheDigest(digest), output)
                                    .toString(),
                            i + "@" + output);
                }
            }
        }
        return edges;
    }

    /** The edges whose records have a result. */
    private static Set<String> held(Graph graph, NormalizedChains chains) {
        Map<String, String> edges = edges(graph);
        Set<String> held = new TreeSet<>();
        for (int i = 0; i < chains.records().size(); i++) {
            if (!chains.config().records().get(i).results().isEmpty()) {
                held.add(edges.getOrDefault(chains.records().get(i).digest(), "nobody's record"));
            }
        }
        return held;
    }

    @BeforeAll
    static void printSeed() {
        System.out.println("GraphRoundTripPropertyTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    @Test
    void export_holdsWhatTheModeKeeps() throws Exception {
        int[] results = new int[1];
        check(false, (graph, how, chains, random) -> {
            Set<String> held = held(graph, chains);
            assertEquals(Expected.results(graph, how), held);
            results[0] += held.size();
        });
        assertTrue(results[0] > CASES / 2, "so many results in all: " + results[0]);
    }

    @Test
    void import_ofWhatWasExported_hits() throws Exception {
        check(false, (graph, how, chains, random) -> {
            byte[] config = chains.config().toBytes();
            // What ignores the cache is executed in any case: the import asks for it.
            byte[] asking = graph.json(graph.numbers(), false);
            for (String edge : held(graph, chains)) {
                String[] parts = edge.split("@", -1);
                In target = new In(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), false, false);
                Import run = new Import(asking, config, target);
                assertTrue(run.loaded.contains("v" + edge), edge + " is not loaded: " + run.loaded);
                assertFalse(run.executed.contains("v" + parts[0]), edge + " is executed");
            }
        });
    }

    @Test
    void import_ofWhatWasPruned_hitsWhatWasKeptAndMissesWhatWasDropped() throws Exception {
        int[] counts = new int[2];
        check(false, (graph, how, chains, random) -> {
            Map<String, String> edges = edges(graph);
            Set<String> held = held(graph, chains);
            Set<String> kept = new TreeSet<>(held);
            kept.removeIf(edge -> random.nextBoolean());
            BitSet results = new BitSet();
            for (int i = 0; i < chains.records().size(); i++) {
                String edge = edges.getOrDefault(chains.records().get(i).digest(), "");
                results.set(i, kept.contains(edge));
            }
            NormalizedChains pruned = chains.withResultsOf(results);
            assertEquals(kept, held(graph, pruned));
            byte[] config = pruned.config().toBytes();
            byte[] asking = graph.json(graph.numbers(), false);
            for (String edge : held) {
                String[] parts = edge.split("@", -1);
                In target = new In(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), false, false);
                Import run = new Import(asking, config, target);
                boolean wanted = kept.contains(edge);
                assertEquals(wanted, run.loaded.contains("v" + edge), edge);
                assertEquals(wanted, !run.executed.contains("v" + parts[0]), edge);
                counts[wanted ? 0 : 1]++;
            }
        });
        assertTrue(counts[0] > CASES / 4 && counts[1] > CASES / 4, counts[0] + " kept, " + counts[1] + " dropped");
    }

    @Test
    void import_ofWhatWasNotExported_executesIt() throws Exception {
        check(false, (graph, how, chains, random) -> {
            Set<String> held = held(graph, chains);
            In target = graph.targets().get(0);
            Import run = new Import(
                    graph.json(graph.numbers(), false), chains.config().toBytes(), target);
            assertEquals(held.contains(target.edge()), !run.executed.contains("v" + target.vertex()));
        });
    }

    @Test
    void export_whenVerticesStandInAnotherOrder_givesTheSameBytes() throws Exception {
        check(true, (graph, how, chains, random) -> {
            List<Integer> order = graph.numbers();
            Collections.shuffle(order, random);
            assertArrayEquals(
                    chains.config().toBytes(),
                    export(graph.json(order, true), how).config().toBytes());
        });
    }

    @Test
    void export_ofAnyGraph_isAValidConfigThatStaysAsItIs() throws Exception {
        check(true, (graph, how, chains, random) -> {
            byte[] config = chains.config().toBytes();
            assertEquals(Optional.empty(), SameCache.difference(config, config, SameCache.Options.exact()));
            assertArrayEquals(config, CacheConfig.parse(config, "config").toBytes());
        });
    }

    private static <T> T any(Random random, T[] all) {
        return List.of(all).get(random.nextInt(all.length));
    }
}
