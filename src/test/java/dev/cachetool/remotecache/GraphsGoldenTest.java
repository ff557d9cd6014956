package dev.cachetool.remotecache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cachetool.digest.Digest;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.golden.OfferedResults;
import dev.cachetool.golden.SameCache;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.Edge;
import dev.cachetool.solver.CacheExport;
import dev.cachetool.solver.CacheExportOptions;
import dev.cachetool.solver.CacheExporterRecord;
import dev.cachetool.solver.CacheLink;
import dev.cachetool.solver.CachedResult;
import dev.cachetool.solver.ExportMode;
import dev.cachetool.solver.InMemoryCacheKeyStorage;
import dev.cachetool.solver.OpaqueOps;
import dev.cachetool.solver.SolveListener;
import dev.cachetool.solver.Solver;
import dev.cachetool.solver.StorageCacheManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A build graph, built and exported, gives the cache that real BuildKit makes of it. */
class GraphsGoldenTest {
    record Expectation(GoldenCase golden, String file) {
        @Override
        public String toString() {
            return golden + " " + file;
        }
    }

    static Stream<Expectation> expectations() {
        return Stream.of("graphs", "interop")
                .flatMap(kind -> GoldenCases.list(kind).stream())
                .flatMap(golden -> golden.files("expect.").stream()
                        .filter(file -> !file.contains(".v0.19.0."))
                        .map(file -> new Expectation(golden, file)));
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void export_ofGraph_isBuildKitsCache(Expectation expectation) throws Exception {
        GoldenCase golden = expectation.golden();
        List<byte[]> graphs = new ArrayList<>();
        if (golden.has("prior.json")) {
            graphs.add(golden.bytes("prior.json"));
        }
        graphs.add(golden.bytes("graph.json"));

        byte[] config = export(graphs, expectation.file(), Optional.empty());

        Optional<String> difference = SameCache.difference(
                golden.bytes(expectation.file()), config, SameCache.Options.withRules(OfferedResults.ofGraphs(graphs)));
        assertEquals(Optional.empty(), difference);
        assertArrayEquals(config, export(graphs, expectation.file(), Optional.of(7L)), "added in another order");
    }

    @Test
    void cases_ofGraphs_areThere() {
        assertFalse(expectations().toList().isEmpty());
    }

    private static byte[] export(List<byte[]> graphs, String file, Optional<Long> shuffle) throws Exception {
        String[] parts = file.split("\\.", -1);
        ExportMode mode = ExportMode.valueOf(parts[1].toUpperCase(Locale.ROOT).replace('-', '_'));
        boolean roots = file.contains(".export-roots.");
        boolean ignoreBacklinks = file.contains(".ignore-backlinks.");
        OpaqueOps ops = new OpaqueOps();
        AtomicLong ids = new AtomicLong();
        StorageCacheManager local = new StorageCacheManager(
                "local",
                true,
                new InMemoryCacheKeyStorage(),
                OpaqueOps.storage(),
                () -> "local-" + ids.incrementAndGet());
        CacheChains chains = new CacheChains();
        ExecutorService workers = Executors.newSingleThreadExecutor();
        try {
            for (int g = 0; g < graphs.size(); g++) {
                Definition definition = Definition.parse(graphs.get(g), "graph.json", Path.of("."));
                boolean last = g == graphs.size() - 1;
                try (Solver solver = new Solver(ops.of(definition), vertex -> local, workers, SolveListener.NONE)) {
                    List<CachedResult> results = new ArrayList<>();
                    for (Edge target : definition.targets()) {
                        results.add(solver.build(target));
                    }
                    if (last) {
                        CacheExport export = new CacheExport(
                                chains,
                                new CacheExportOptions(mode, roots, ignoreBacklinks, OpaqueOps::transfer),
                                (exporter, record) -> {});
                        for (CachedResult result : results) {
                            export.add(result);
                        }
                    }
                }
            }
        } finally {
            workers.shutdownNow();
        }
        return shuffle.isEmpty()
                ? chains.normalize().config().toBytes()
                : shuffled(chains.normalize(), new Random(shuffle.get()));
    }

    /** The same records added in another order. */
    private static byte[] shuffled(NormalizedChains chains, Random random) {
        CacheChains again = new CacheChains();
        CacheExporterRecord[] added = new CacheExporterRecord[chains.records().size()];
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < added.length; i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        int left = added.length;
        while (left > 0) {
            for (int i : order) {
                ChainRecord record = chains.records().get(i);
                boolean ready = added[i] == null
                        && record.inputs().stream().flatMap(List::stream).allMatch(link -> added[link.index()] != null);
                if (ready) {
                    List<List<CacheLink>> links = new ArrayList<>();
                    for (List<ChainRecord.ChainLink> input : record.inputs()) {
                        List<CacheLink> alternatives = new ArrayList<>();
                        for (ChainRecord.ChainLink link : input) {
                            alternatives.add(new CacheLink(added[link.index()], link.selector()));
                        }
                        Collections.shuffle(alternatives, random);
                        links.add(alternatives);
                    }
                    added[i] = again.add(Digest.parse(record.digest()), links, record.results())
                            .orElseThrow();
                    left--;
                }
            }
        }
        return again.normalize().config().toBytes();
    }
}
