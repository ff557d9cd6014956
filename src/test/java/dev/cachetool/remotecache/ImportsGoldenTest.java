package dev.cachetool.remotecache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cachetool.digest.Digest;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Vertex;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.solver.CacheManager;
import dev.cachetool.solver.CacheRecord;
import dev.cachetool.solver.CombinedCacheManager;
import dev.cachetool.solver.InMemoryCacheKeyStorage;
import dev.cachetool.solver.OpaqueOps;
import dev.cachetool.solver.Result;
import dev.cachetool.solver.SolveListener;
import dev.cachetool.solver.Solver;
import dev.cachetool.solver.StorageCacheManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With a config as its only cache, the solver loads, executes and leaves alone what real BuildKit's does. */
class ImportsGoldenTest {
    static List<GoldenCase> cases() {
        return GoldenCases.list("imports");
    }

    static Map<String, Descriptor> descriptors(GoldenCase golden) throws Exception {
        Map<String, Descriptor> descriptors = new HashMap<>();
        JsonValue values = JsonDocument.asGoReads(golden.bytes("descriptors.json"), "descriptors.json");
        for (Map.Entry<String, JsonValue> entry : values.asObject().entrySet()) {
            descriptors.put(entry.getKey(), Descriptor.read(entry.getValue()));
        }
        return descriptors;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void solve_withImportedConfig_loadsAndExecutesWhatBuildKitDoes(GoldenCase golden) throws Exception {
        CacheChains chains = new CacheChains();
        chains.addAll(
                CacheConfig.parse(golden.bytes("config.json"), "config.json"),
                "config.json",
                descriptors(golden),
                OpaqueOps.NO_BLOBS);
        ImportedCache imported = new ImportedCache(
                chains.normalize(),
                (id, result, record) ->
                        new OpaqueOps.Given(id, result.createdAt(), Optional.of(result.remote()), true));
        AtomicLong ids = new AtomicLong();
        CacheManager cache = new CombinedCacheManager(
                new StorageCacheManager(
                        "local",
                        true,
                        new InMemoryCacheKeyStorage(),
                        OpaqueOps.storage(),
                        () -> "local-" + ids.incrementAndGet()),
                List.of(imported.manager("imported")));
        Set<Digest> loaded = new HashSet<>();
        Set<Digest> executed = new HashSet<>();
        int[] counts = new int[2];
        SolveListener listener = new SolveListener() {
            @Override
            public void loaded(Edge edge, CacheRecord record, Result result) {
                loaded.add(edge.vertex().digest());
                counts[0]++;
            }

            @Override
            public void executed(Vertex vertex) {
                executed.add(vertex.digest());
            }

            @Override
            public void contentComputed(Vertex vertex, int inputIndex, boolean atHand) {
                counts[1]++;
            }
        };
        OpaqueOps ops = new OpaqueOps();
        Definition definition = Definition.parse(golden.bytes("graph.json"), "graph.json", Path.of("."));
        ExecutorService workers = Executors.newSingleThreadExecutor();
        try (Solver solver = new Solver(ops.of(definition), vertex -> cache, workers, listener)) {
            for (Edge target : definition.targets()) {
                solver.build(target).release();
            }
        } finally {
            workers.shutdownNow();
        }

        JsonValue expected = JsonDocument.asGoReads(golden.bytes("expect.json"), "expect.json");
        Map<String, String> expectedStatus = new TreeMap<>();
        for (Map.Entry<String, JsonValue> entry :
                expected.require("vertices").asObject().entrySet()) {
            expectedStatus.put(entry.getKey(), entry.getValue().asString());
        }
        Map<String, String> status = new TreeMap<>();
        for (Vertex vertex : definition.vertices()) {
            boolean l = loaded.contains(vertex.digest());
            boolean e = executed.contains(vertex.digest());
            status.put(vertex.name(), l ? e ? "loaded+executed" : "loaded" : e ? "executed" : "untouched");
        }
        assertEquals(expectedStatus, status);
        int execs = ops.execs.values().stream().mapToInt(Integer::intValue).sum();
        assertEquals(expected.require("execs").asInt(), execs, "execs");
        assertEquals(expected.require("loads").asInt(), counts[0], "loads");
        assertEquals(expected.require("contentDigestCalls").asInt(), counts[1], "contentDigestCalls");
    }
}
