package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.solver.TestGraph.TestVertex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often the solver asks for cache maps and content keys, loads and executes: never more than the graph needs. */
@Timeout(60)
class SolverCountsTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20261125);

    private final TestResults results = new TestResults();
    private final StorageCacheManager cache = results.manager("local", true);

    private TestRun run(TestGraph graph) {
        return new TestRun(graph, results, cache);
    }

    private static List<String> sorted(List<String> names) {
        return names.stream().sorted().toList();
    }

    /** A step that takes a base by content and a source by content, each with what is in it. */
    private static final class TwoInputs {
        final TestGraph graph = new TestGraph();
        final TestVertex base;
        final TestVertex source;
        final TestVertex step;

        TwoInputs(String baseOp, boolean baseByContent, String sourceOp) {
            base = graph.vertex("base").op(baseOp);
            source = graph.vertex("source").op(sourceOp);
            step = graph.vertex("step").input(base);
            if (baseByContent) {
                step.byContent();
            }
            step.input(source).byContent();
        }
    }

    @Test
    void build_ofRootsWithACommonKeyAtTheSameTime_asksBothAndExecutesOne() throws Exception {
        TestGraph graph = new TestGraph();
        CyclicBarrier together = new CyclicBarrier(2);
        TestVertex left = graph.vertex("left").op("common", "only left").blocking();
        TestVertex right = graph.vertex("right").op("common", "only right").blocking();
        for (TestVertex root : List.of(left, right)) {
            boolean[] first = {true};
            root.gives("the same").whenAsked(() -> {
                if (first[0]) {
                    first[0] = false;
                    together.await();
                }
            });
        }
        try (TestRun run = run(graph)) {
            assertEquals(List.of("the same", "the same"), run.buildAll(left, right));

            assertEquals(Set.of("left", "right"), run.asked().keySet());
            assertEquals(1, run.executed().size(), run.executed().toString());
        }
    }

    @Test
    void build_ofEqualChainsAtTheSameTime_executesEachLevelOnce() throws Exception {
        TestGraph graph = new TestGraph();
        List<TestVertex> tops = new ArrayList<>();
        CyclicBarrier together = new CyclicBarrier(2);
        for (String side : List.of("left", "right")) {
            TestVertex source =
                    graph.vertex(side + " source").gives("the same").blocking().whenAsked(together::await);
            TestVertex step = graph.vertex(side + " step")
                    .op("step")
                    .input(source)
                    .byContent()
                    .blocking()
                    .gives("binary");
            tops.add(
                    graph.vertex(side + " top").op("top").input(step).blocking().gives("tested"));
        }
        try (TestRun run = run(graph)) {
            assertEquals(List.of("tested", "tested"), run.buildAll(tops.get(0), tops.get(1)));

            assertEquals(
                    List.of("source", "source", "step", "top"),
                    sorted(run.executed().stream()
                            .map(name -> name.substring(name.indexOf(' ') + 1))
                            .toList()));
            assertTrue(
                    run.asked().values().stream().allMatch(count -> count == 1),
                    run.asked().toString());
        }
    }

    @Test
    void build_ofEqualDefinitionsUnderTwoNames_asksAndExecutesTheFirst() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex one = graph.vertex("one").op("step").blocking();
        TestVertex two = graph.vertex("two").op("step").blocking();
        TestVertex top = graph.vertex("top").input(one).input(two);
        try (TestRun run = run(graph)) {
            run.build(top, two);

            assertEquals(Map.of("one", 1, "top", 1), run.asked());
            assertEquals(List.of("one", "top"), run.executed());
        }
    }

    @Test
    void build_ofEqualStepsOneAfterTheOther_executesTheFirst() throws Exception {
        TestGraph graph = new TestGraph();
        List<TestVertex> steps = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            TestVertex source = graph.vertex("source " + i).gives("the same");
            steps.add(graph.vertex("step " + i)
                    .op("step")
                    .input(source)
                    .byContent()
                    .gives("made by " + i));
        }
        try (TestRun run = run(graph)) {
            for (TestVertex step : steps) {
                assertEquals("made by 0", run.build(step));
            }

            assertEquals(List.of("source 0", "step 0", "source 1", "source 2"), run.executed());
        }
    }

    @Test
    void build_ofManyGraphsWithEqualSteps_executesNoStepTwice() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < 100; round++) {
            TestResults fresh = new TestResults();
            TestGraph graph = new TestGraph();
            TestVertex top = graph.vertex("top");
            for (int i = 0; i < 6; i++) {
                TestVertex source = graph.vertex("source " + i).gives("text " + random.nextInt(2));
                TestVertex lower = graph.vertex("lower " + i)
                        .op("lower")
                        .input(source)
                        .byContent()
                        .gives("lower of " + source.content);
                TestVertex upper =
                        graph.vertex("upper " + i).op("upper").input(lower).gives("upper of " + source.content);
                for (TestVertex vertex : List.of(source, lower, upper)) {
                    if (random.nextBoolean()) {
                        vertex.blocking();
                    }
                }
                top.input(upper);
            }
            try (TestRun run = new TestRun(graph, fresh, fresh.manager("local", true))) {
                run.build(top);

                List<String> given = new ArrayList<>();
                for (String name : run.executed()) {
                    if (name.startsWith("lower") || name.startsWith("upper")) {
                        given.add(graph.named(name).content);
                    }
                }
                assertEquals(new TreeSet<>(given).size(), given.size(), "seed " + SEED + ", round " + round);
            }
        }
    }

    @Test
    void build_whenAnInputTakenByContentIsDefinedAnew_loadsNoOtherInput() throws Exception {
        for (boolean baseByContent : new boolean[] {false, true}) {
            TestResults fresh = new TestResults();
            StorageCacheManager local = fresh.manager("local", true);
            TwoInputs before = new TwoInputs("base", baseByContent, "source 1");
            try (TestRun run = new TestRun(before.graph, fresh, local)) {
                run.build(before.step);

                assertEquals(Map.of("base", 1, "source", 1, "step", 1), run.asked());
                assertEquals(List.of("base", "source", "step"), sorted(run.executed()));
                assertEquals(List.of(), run.loaded());
            }
            TwoInputs after = new TwoInputs("base", baseByContent, "source 2");
            try (TestRun run = new TestRun(after.graph, fresh, local)) {
                run.build(after.step);

                assertEquals(Map.of("base", 1, "source", 1, "step", 1), run.asked());
                assertEquals(List.of("source"), run.executed());
                assertEquals(List.of("step"), run.loaded());
                assertEquals(Map.of("step 1", 1), run.contents());
            }
        }
    }

    @Test
    void build_whenBothInputsTakenByContentAreDefinedAnew_hitsByBoth() throws Exception {
        TwoInputs before = new TwoInputs("base 1", true, "source 1");
        try (TestRun run = run(before.graph)) {
            run.build(before.step);
        }
        TwoInputs after = new TwoInputs("base 2", true, "source 2");
        try (TestRun run = run(after.graph)) {
            run.build(after.step);

            assertEquals(List.of("base", "source"), sorted(run.executed()));
            assertEquals(List.of("step"), run.loaded());
            assertEquals(Map.of("step 0", 1, "step 1", 1), run.contents());
        }
    }

    @Test
    void build_whenAnInputFarBelowIsDefinedAnew_asksNoContentOfInputsThatMatch() throws Exception {
        for (String version : List.of("1", "2")) {
            TestGraph graph = new TestGraph();
            TestVertex source = graph.vertex("source").op("source " + version).blocking();
            TestVertex compile =
                    graph.vertex("compile").input(source).byContent().blocking();
            TestVertex base = graph.vertex("base");
            TestVertex link = graph.vertex("link").input(compile).input(base).byContent();
            TestVertex top = graph.vertex("top").input(link);
            try (TestRun run = run(graph)) {
                run.build(top);

                assertEquals(Map.of("source", 1, "compile", 1, "base", 1, "link", 1, "top", 1), run.asked());
                if (version.equals("2")) {
                    assertEquals(List.of("source"), run.executed());
                    assertEquals(List.of("top"), run.loaded());
                    assertEquals(Map.of("compile 0", 1), run.contents());
                }
            }
        }
    }

    @Test
    void build_whenTheCacheMapAboveComesLast_asksNoContentBelow() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex source = graph.vertex("source");
        TestVertex step = graph.vertex("step").input(source).selector("/src").byContent();
        TestVertex top = graph.vertex("top").input(step).blocking();
        try (TestRun run = run(graph)) {
            run.build(top);
        }
        try (TestRun run = run(graph)) {
            run.build(top);

            assertEquals(Map.of("source", 1, "step", 1, "top", 1), run.asked());
            assertEquals(List.of("top"), run.loaded());
            assertEquals(Map.of(), run.contents());
        }
    }

    @Test
    void build_whenOnlyTheSelectorOfContentChanged_loadsTheInputAndHitsByContent() throws Exception {
        for (String path : List.of("/src", "/lib")) {
            TestGraph graph = new TestGraph();
            TestVertex base = graph.vertex("base");
            TestVertex step = graph.vertex("step").input(base).selector(path).byContent();
            try (TestRun run = run(graph)) {
                run.build(step);

                if (path.equals("/lib")) {
                    assertEquals(List.of(), run.executed());
                    assertEquals(List.of("base", "step"), run.loaded());
                    assertEquals(Map.of("step 0", 1), run.contents());
                }
            }
        }
    }

    @Test
    void build_whenAllIgnoreTheCache_executesAllAndLoadsNothing() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base");
        TestVertex top = graph.vertex("top").input(base).byContent();
        try (TestRun run = run(graph)) {
            run.build(top);
        }
        try (TestRun run = new TestRun(graph, results, vertex -> cache, new SolveOptions(vertex -> true, false), 2)) {
            run.build(top);

            assertEquals(Map.of("base", 1, "top", 1), run.asked());
            assertEquals(List.of("base", "top"), run.executed());
            assertEquals(List.of(), run.loaded());
        }
    }

    @Test
    void build_ofEqualStepsOfWhichSomeIgnoreTheCache_executesOneThatIgnoresItForAllAfter() throws Exception {
        TestGraph graph = new TestGraph();
        List<String> given = new ArrayList<>();
        List<TestVertex> steps = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            TestVertex source = graph.vertex("source " + i).gives("the same");
            TestVertex step = graph.vertex("step " + i)
                    .op("step")
                    .input(source)
                    .byContent()
                    .gives("made by " + i)
                    .later(i);
            if (i == 1 || i == 2) {
                step.ignoreCache();
            }
            steps.add(step);
        }
        try (TestRun run = run(graph)) {
            for (TestVertex step : steps) {
                given.add(run.build(step));
            }

            assertEquals(List.of("made by 0", "made by 1", "made by 1", "made by 1"), given);
            assertEquals(
                    List.of("step 0", "step 1"),
                    run.executed().stream()
                            .filter(name -> name.startsWith("step"))
                            .toList());
        }
    }

    @Test
    void build_ofALargeGraph_asksEachVertexOnceAndLoadsTheTargetAlone() throws Exception {
        Random random = new Random(SEED);
        TestGraph graph = new TestGraph();
        List<TestVertex> vertices = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            TestVertex vertex = graph.vertex("v" + i);
            if (random.nextInt(4) == 0) {
                vertex.blocking();
            }
            for (int n = i == 0 ? 0 : random.nextInt(4); n > 0; n--) {
                vertex.input(vertices.get(random.nextInt(i)));
                if (random.nextInt(3) == 0) {
                    vertex.byContent();
                }
            }
            vertices.add(vertex);
        }
        TestVertex top = graph.vertex("top");
        vertices.forEach(top::input);
        for (boolean known : new boolean[] {false, true}) {
            try (TestRun run = run(graph)) {
                run.build(top);

                assertEquals(1001, run.asked().size());
                assertTrue(run.asked().values().stream().allMatch(count -> count == 1), "seed " + SEED);
                assertEquals(known ? 0 : 1001, run.executed().size());
                assertEquals(known ? List.of("top") : List.of(), run.loaded());
            }
        }
    }

    @Test
    void build_whenNothingCanBeLoadedAnyMore_triesEachOnceAndExecutesAll() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base");
        TestVertex step = graph.vertex("step").input(base);
        TestVertex other = graph.vertex("other").input(step);
        TestVertex top = graph.vertex("top").input(other).input(step);
        List<String> all = List.of("base", "other", "step", "top");
        try (TestRun run = run(graph)) {
            run.build(top);
        }
        all.forEach(name -> results.damage("content of " + name));
        try (TestRun run = run(graph)) {
            assertEquals("content of top", run.build(top));

            assertEquals(all, sorted(run.failedLoads()));
            assertEquals(all, sorted(run.executed()));
            assertEquals(Map.of("base", 1, "step", 1, "other", 1, "top", 1), run.asked());
        }
    }

    @Test
    void build_whenAnOpSaysThatItWasCanceled_failsAsOnAnyFailure() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex broken = graph.vertex("broken").blocking().whenAsked(() -> {
            throw new CancellationException("by itself");
        });
        TestVertex top = graph.vertex("top").input(broken).input(graph.vertex("good"));
        try (TestRun run = run(graph)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(top));

            assertEquals("could not solve \"broken\": by itself", e.getMessage());
            assertEquals(1, run.asked().get("broken"));
            // The solver itself was not cancelled.
            assertEquals("content of good", run.build(graph.named("good")));
        }
    }

    @Test
    void build_ofInputsKnownFromDifferentBuilds_comesToItsEnd() throws Exception {
        String[][] ops = {{"top 1", "a 1", "b 1"}, {"top 2", "a 2", "b 2"}, {"top 2", "a 1", "b 2"}};
        for (int i = 0; i < ops.length; i++) {
            TestGraph graph = new TestGraph();
            TestVertex a = graph.vertex("a").op(ops[i][1]).blocking();
            TestVertex b = graph.vertex("b").op(ops[i][2]).blocking();
            TestVertex top = graph.vertex("top").op(ops[i][0]).input(a).input(b);
            if (i == 2) {
                top.byContent();
            }
            try (TestRun run = run(graph)) {
                assertEquals("content of top", run.build(top));

                assertEquals(i < 2 ? List.of("a", "b", "top") : List.of("top"), sorted(run.executed()));
                assertEquals(i < 2 ? List.of() : List.of("a", "b"), sorted(run.loaded()));
            }
        }
    }

    @Test
    void build_withASourceForEachVertex_looksAndSavesInThatAlone() throws Exception {
        TestResults elsewhere = new TestResults("elsewhere-");
        StorageCacheManager remote = elsewhere.manager("remote", false);
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base");
        TestVertex step = graph.vertex("step").input(base);
        try (TestRun run = new TestRun(graph, elsewhere, remote)) {
            run.build(step);
        }
        TestVertex top = graph.vertex("top").input(step);
        for (boolean known : new boolean[] {false, true}) {
            try (TestRun run =
                    new TestRun(graph, results, vertex -> vertex.name().equals("top") ? cache : remote, 2)) {
                assertEquals("content of top", run.build(top));

                assertEquals(known ? List.of() : List.of("top"), run.executed());
                assertEquals(known ? List.of("top") : List.of("step"), run.loaded());
                assertEquals(Map.of("base", 1, "step", 1, "top", 1), run.asked());
            }
            assertEquals(Set.of("content of top"), results.kept());
            assertEquals(Set.of("content of base", "content of step"), elsewhere.kept());
            assertEquals(Set.of(), elsewhere.held());
        }
    }

    @Test
    void build_withCombinedSources_takesEachResultFromWhereItIsAndKeepsItHere() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base");
        TestVertex left = graph.vertex("left").input(base);
        TestVertex right = graph.vertex("right").input(base);
        TestVertex top = graph.vertex("top").input(left).input(right);
        TestResults elsewhere = new TestResults("elsewhere-");
        StorageCacheManager first = elsewhere.manager("first", false);
        StorageCacheManager second = elsewhere.manager("second", false);
        try (TestRun run = new TestRun(graph, elsewhere, first)) {
            run.build(left);
        }
        try (TestRun run = new TestRun(graph, elsewhere, second)) {
            run.build(right);
        }
        CacheManager all = new CombinedCacheManager(cache, List.of(first, second));
        try (TestRun run = new TestRun(graph, results, all)) {
            run.build(top);

            assertEquals(List.of("left", "right"), sorted(run.loaded()));
            assertEquals(List.of("top"), run.executed());
        }
        assertEquals(Set.of("content of left", "content of right", "content of top"), results.kept());
        assertEquals(Set.of(), elsewhere.held());
        try (TestRun run = run(graph)) {
            run.build(top);

            assertEquals(List.of("top"), run.loaded());
            assertEquals(List.of(), run.executed());
        }
    }
}
