package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cachetool.digest.Digest;
import dev.cachetool.remotecache.CacheChains;
import dev.cachetool.remotecache.CacheConfig.ConfigRecord;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.remotecache.ImportedCache;
import dev.cachetool.remotecache.NormalizedChains;
import dev.cachetool.solver.TestGraph.TestVertex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What is exported of a result that was executed, loaded, or loaded from a cache that was itself imported. A record is said
 * as "name(inputs)", the alternatives of an input with "|" between them, with "*" where it has a result.
 */
class CacheExportTest {
    private final TestResults results = new TestResults();
    private final StorageCacheManager cache = results.manager("local", true);
    private final TestGraph graph = new TestGraph();
    private final Map<String, String> names = new HashMap<>();

    private TestVertex vertex(String name) {
        names.put(OutputKeys.of(TestGraph.digest("op " + name), 0).toString(), name);
        names.put(
                OutputKeys.of(TestGraph.digest("content of " + name), OutputKeys.CONTENT)
                        .toString(),
                "what " + name + " gives");
        return graph.vertex(name);
    }

    private TestVertex vertex(String name, String... ops) {
        for (String op : ops) {
            names.put(OutputKeys.of(TestGraph.digest("op " + op), 0).toString(), op);
        }
        return vertex(name).op(ops);
    }

    private static NormalizedChains export(CachedResult result, ExportMode mode, boolean roots) throws IOException {
        CacheChains chains = new CacheChains();
        new CacheExport(
                        chains,
                        new CacheExportOptions(mode, roots, false, TestResults::transfer),
                        (exporter, record) -> {})
                .add(result);
        return chains.normalize();
    }

    private static NormalizedChains export(TestRun run, ExportMode mode) throws IOException {
        return export(run.built().get(run.built().size() - 1), mode, false);
    }

    private Set<String> told(NormalizedChains chains) {
        List<ConfigRecord> records = chains.config().records();
        Set<String> told = new TreeSet<>();
        for (ConfigRecord record : records) {
            List<String> inputs = new ArrayList<>();
            for (List<ChainLink> alternatives : record.inputs()) {
                Set<String> sources = new TreeSet<>();
                for (ChainLink link : alternatives) {
                    sources.add(name(records.get(link.index()).digest())
                            + (link.selector().isEmpty() ? "" : "/src"));
                }
                inputs.add(String.join("|", sources));
            }
            boolean hasResult = !record.results().isEmpty() || !record.chains().isEmpty();
            told.add(name(record.digest())
                    + (inputs.isEmpty() ? "" : "(" + String.join(", ", inputs) + ")")
                    + (hasResult ? "*" : ""));
        }
        return told;
    }

    private String name(String digest) {
        return names.getOrDefault(digest, digest);
    }

    /** A cache that others have read, whose results are at hand by their layers. */
    private CacheManager imported(NormalizedChains chains, TestResults elsewhere) {
        Map<Digest, String> contents = new HashMap<>();
        for (String name : names.values()) {
            String content = "content of " + name;
            contents.put(TestResults.remoteOf(content).descriptors().get(0).digest(), content);
        }
        return new ImportedCache(
                        chains,
                        (id, result, record) -> elsewhere.make(
                                contents.get(
                                        result.remote().descriptors().get(0).digest()),
                                result.createdAt(),
                                false,
                                false))
                .manager("imported");
    }

    /** A target on a step on a root, and on another root. */
    private TestVertex threeLevels() {
        TestVertex step = vertex("step").input(vertex("base"));
        return vertex("top").input(step).input(vertex("other"));
    }

    @Test
    void export_afterExecution_hasEveryRecordAndTheResultsOfItsMode() throws Exception {
        TestVertex top = threeLevels();
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(top);

            assertEquals(Set.of("base", "other", "step(base)", "top(step, other)*"), told(export(run, ExportMode.MIN)));
            assertEquals(
                    Set.of("base", "other", "step(base)*", "top(step, other)*"), told(export(run, ExportMode.MAX)));
            assertEquals(
                    Set.of("base*", "other*", "step(base)*", "top(step, other)*"),
                    told(export(run.built().get(0), ExportMode.MAX, true)));
        }
    }

    @Test
    void export_afterALoadOfTheTargetAlone_isTheSameInEveryMode() throws Exception {
        TestVertex top = threeLevels();
        Map<ExportMode, NormalizedChains> executed = new HashMap<>();
        for (boolean known : new boolean[] {false, true}) {
            try (TestRun run = new TestRun(graph, results, cache)) {
                run.build(top);

                assertEquals(known ? List.of("top") : List.of(), run.loaded());
                for (ExportMode mode : ExportMode.values()) {
                    NormalizedChains chains = export(run, mode);
                    if (known) {
                        assertEquals(executed.get(mode).config(), chains.config(), mode.text());
                    }
                    executed.put(mode, chains);
                }
            }
        }
    }

    @Test
    void export_ofSomethingNewOnWhatWasLoaded_hasTheResultsOfBoth() throws Exception {
        TestVertex top = threeLevels();
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(top);
        }
        TestVertex higher = vertex("higher").input(top);
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(higher);

            assertEquals(List.of("top"), run.loaded());
            assertEquals(
                    Set.of("base", "other", "step(base)*", "top(step, other)*", "higher(top)*"),
                    told(export(run, ExportMode.MAX)));
        }
    }

    @Test
    void export_ofARootWithSeveralCacheMaps_hasARecordForEach() throws Exception {
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(vertex("image", "manifest 1", "config"));

            assertEquals(
                    Set.of("manifest 1*", "config*"), told(export(run.built().get(0), ExportMode.MAX, true)));
        }
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(graph.named("image"));

            assertEquals(Map.of("image", 1), run.asked());
            assertEquals(
                    Set.of("manifest 1*", "config*"), told(export(run.built().get(0), ExportMode.MAX, true)));
        }
    }

    @Test
    void export_onARootWithSeveralCacheMaps_leadsOnFromEachOfThem() throws Exception {
        TestVertex step = vertex("step").input(vertex("image", "manifest 1", "config"));
        for (boolean known : new boolean[] {false, true}) {
            try (TestRun run = new TestRun(graph, results, cache)) {
                run.build(step);

                assertEquals(known ? List.of("step") : List.of(), run.loaded());
                assertEquals(
                        Set.of("manifest 1", "config", "step(config|manifest 1)*"), told(export(run, ExportMode.MAX)));
            }
        }
    }

    @Test
    void export_ofAnInputTakenByContent_hasTheSelectorOnItsDefinitionOnly() throws Exception {
        TestVertex source = vertex("source", "source 1");
        TestVertex step = vertex("step").input(source).selector("/src").byContent();
        Set<String> expected = Set.of("source 1", "what source gives", "step(source 1/src|what source gives)*");
        for (int round = 0; round < 2; round++) {
            try (TestRun run = new TestRun(graph, results, cache)) {
                run.build(step);

                assertEquals(expected, told(export(run, ExportMode.MAX)));
            }
        }
    }

    @Test
    void export_afterAHitByContent_hasTheOldAndTheNewDefinition() throws Exception {
        TestVertex step = vertex("step")
                .input(vertex("source", "source 1"))
                .selector("/src")
                .byContent();
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(step);
        }
        names.put(OutputKeys.of(TestGraph.digest("op source 2"), 0).toString(), "source 2");
        graph.named("source").op("source 2");
        TestVertex top = vertex("top").input(step);
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(top);

            assertEquals(List.of("source", "top"), run.executed());
            assertEquals(List.of("step"), run.loaded());
            assertEquals(
                    Set.of(
                            "source 1",
                            "source 2",
                            "what source gives",
                            "step(source 1/src|source 2/src|what source gives)*",
                            "top(step)*"),
                    told(export(run, ExportMode.MAX)));
        }
    }

    @Test
    void export_ofEqualStepsThatWereSolvedAsOne_hasTheInputsOfBoth() throws Exception {
        TestVertex left = vertex("left").gives("content of both");
        TestVertex right = vertex("right").gives("content of both");
        names.put(
                OutputKeys.of(TestGraph.digest("content of both"), OutputKeys.CONTENT)
                        .toString(),
                "what both give");
        TestVertex one = vertex("one", "step").input(left).byContent();
        TestVertex two = vertex("two", "step").input(right).byContent();
        TestVertex top = vertex("top").input(one).input(two);
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(top);

            assertEquals(4, run.executed().size(), run.executed().toString());
            assertEquals(
                    Set.of("left", "right", "what both give", "step(left|right|what both give)*", "top(step, step)*"),
                    told(export(run, ExportMode.MAX)));
        }
    }

    @Test
    void export_whenAResultIsGoneMeanwhile_hasItsRecordWithout() throws Exception {
        TestVertex top = threeLevels();
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(top);
            results.lose("content of step");

            assertEquals(Set.of("base", "other", "step(base)", "top(step, other)*"), told(export(run, ExportMode.MAX)));
        }
    }

    @Test
    void export_ofWhatWasLoadedFromAnImportedCache_isThatCacheAgain() throws Exception {
        TestVertex top = threeLevels();
        NormalizedChains first;
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(top);
            first = export(run, ExportMode.MAX);
        }
        for (int generation = 0; generation < 3; generation++) {
            TestResults here = new TestResults("generation-" + generation + "-");
            StorageCacheManager local = here.manager("local", true);
            CacheManager all = new CombinedCacheManager(local, List.of(imported(first, here)));
            try (TestRun run = new TestRun(graph, here, all)) {
                assertEquals("content of top", run.build(top));

                assertEquals(List.of("top"), run.loaded());
                assertEquals(List.of(), run.executed());
                NormalizedChains again = export(run, ExportMode.MAX);
                assertEquals(first.config(), again.config());
                first = again;
            }
            // What was loaded was kept, with the whole chain below it: this is now exported without the imported cache.
            try (TestRun run = new TestRun(graph, here, local)) {
                run.build(top);

                assertEquals(List.of("top"), run.loaded());
                assertEquals(
                        Set.of("base", "other", "step(base)", "top(step, other)*"), told(export(run, ExportMode.MAX)));
            }
        }
    }

    @Test
    void export_ofModeMinOnAnImportedCache_hasWhatIsTransferableAlready() throws Exception {
        TestVertex step = vertex("step").input(vertex("base"));
        NormalizedChains first;
        try (TestRun run = new TestRun(graph, results, cache)) {
            run.build(step);
            first = export(run, ExportMode.MAX);
        }
        TestVertex middle = vertex("middle").input(step);
        TestVertex top = vertex("top").input(middle);
        TestResults here = new TestResults("here-");
        CacheManager all = new CombinedCacheManager(here.manager("local", true), List.of(imported(first, here)));
        try (TestRun run = new TestRun(graph, here, all)) {
            run.build(top);

            assertEquals(List.of("step"), run.loaded());
            assertEquals(
                    Set.of("base", "step(base)*", "middle(step)", "top(middle)*"), told(export(run, ExportMode.MIN)));
        }
    }
}
