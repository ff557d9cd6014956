package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.solver.TestGraph.TestVertex;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is still solved after a failure, what of several targets becomes what, and what is not kept. */
@Timeout(60)
class SolverKeepGoingTest {
    private static final SolveOptions KEEP_GOING = new SolveOptions(vertex -> false, true);

    private final TestResults results = new TestResults();
    private final StorageCacheManager cache = results.manager("local", true);
    private final TestGraph graph = new TestGraph();

    private TestRun run(SolveOptions options) {
        return new TestRun(graph, results, vertex -> cache, options, 2);
    }

    private static List<String> sorted(List<String> names) {
        return names.stream().sorted().toList();
    }

    @Test
    void build_whenAnInputFailsAndItKeepsGoing_solvesTheOtherInputsAndNotItself() throws Exception {
        TestVertex broken = graph.vertex("broken").fails("no space left");
        TestVertex good = graph.vertex("good");
        TestVertex above = graph.vertex("above good").input(good);
        TestVertex top = graph.vertex("top").input(broken).input(above);
        TestVertex higher = graph.vertex("higher").input(top);
        try (TestRun run = run(KEEP_GOING)) {
            assertEquals(List.of("no space left"), run.buildAll(higher));

            assertEquals(List.of("above good", "broken", "good"), sorted(run.executed()));
            assertEquals(1, run.asked().get("broken"));
        }
        assertEquals(Set.of("content of good", "content of above good"), results.kept());
    }

    @Test
    void build_whenItKeepsGoing_executesEveryOpThatNeedsNothingFailed() throws Exception {
        TestVertex top = graph.vertex("top");
        for (int i = 0; i < 30; i++) {
            TestVertex source = graph.vertex("source " + i).blocking();
            TestVertex step = graph.vertex("step " + i).blocking().input(source);
            if (i % 3 == 0) {
                source.fails("broken");
            }
            top.input(step);
        }
        try (TestRun run = run(KEEP_GOING)) {
            String told = run.buildAll(top).get(0);

            assertTrue(told.endsWith("broken"), told);
            assertEquals(
                    30,
                    run.executed().stream()
                            .filter(name -> name.startsWith("source"))
                            .count());
            assertEquals(
                    20,
                    run.executed().stream()
                            .filter(name -> name.startsWith("step"))
                            .count());
            assertFalse(run.executed().contains("top"));
        }
        assertEquals(40, results.kept().size());
    }

    @Test
    void build_afterItKeptGoing_redoesOnlyWhatFailedAndWhatHangsOnIt() throws Exception {
        TestVertex broken = graph.vertex("broken").fails("no space left");
        TestVertex good = graph.vertex("good");
        TestVertex top = graph.vertex("top").input(broken).input(good);
        try (TestRun run = run(KEEP_GOING)) {
            run.buildAll(top);
        }
        broken.whenExecuted(() -> {});
        try (TestRun run = run(KEEP_GOING)) {
            assertEquals(List.of("content of top"), run.buildAll(top));

            assertEquals(List.of("broken", "top"), run.executed());
            assertEquals(List.of("good"), run.loaded());
        }
    }

    @Test
    void build_whenACacheMapFailsAndItKeepsGoing_solvesTheOtherInputs() throws Exception {
        TestVertex broken = graph.vertex("broken").whenAsked(() -> {
            throw new IllegalStateException("no such tool");
        });
        TestVertex good = graph.vertex("good");
        TestVertex top = graph.vertex("top").input(broken).input(good);
        try (TestRun run = run(KEEP_GOING)) {
            assertEquals(List.of("no such tool"), run.buildAll(top));

            assertEquals(List.of("good"), run.executed());
        }
    }

    @Test
    void buildAll_whenOneFailsAndItKeepsGoing_givesTheOthers() throws Exception {
        TestVertex broken = graph.vertex("broken").fails("no space left");
        TestVertex above = graph.vertex("above broken").input(broken);
        TestVertex good = graph.vertex("good");
        TestVertex step = graph.vertex("step").input(good);
        try (TestRun run = run(KEEP_GOING)) {
            String failure = "no space left";
            assertEquals(List.of(failure, "content of step", failure), run.buildAll(above, step, broken));

            assertEquals(List.of("broken", "good", "step"), sorted(run.executed()));
        }
    }

    @Test
    void buildAll_whenOneFails_givesTheOthersUp() throws Exception {
        TestVertex broken = graph.vertex("broken").fails("no space left");
        TestVertex waiting = graph.vertex("root").input(broken, 0);
        TestVertex step = graph.vertex("step");
        for (int i = 0; i < 50; i++) {
            step.input(graph.vertex("source " + i).blocking());
        }
        try (TestRun run = run(SolveOptions.USUAL)) {
            List<String> told = run.buildAll(waiting, step);

            assertEquals("no space left", told.get(0));
            assertEquals(2, told.size());
            assertEquals(List.of(), run.built());
            assertFalse(run.executed().contains("step"));
        }
    }

    @Test
    void build_withOptionsThatIgnoreTheCacheForAVertex_executesThatAndHitsByContentAbove() throws Exception {
        TestVertex base = graph.vertex("base");
        TestVertex top = graph.vertex("top").input(base).byContent();
        try (TestRun run = run(SolveOptions.USUAL)) {
            run.build(top);
        }
        SolveOptions without = new SolveOptions(vertex -> vertex.name().equals("base"), false);
        try (TestRun run = run(without)) {
            run.build(top);

            assertEquals(List.of("base"), run.executed());
            assertEquals(List.of("top"), run.loaded());
        }
    }

    @Test
    void build_onDistrustedResult_isGivenAndNeitherIsKept() throws Exception {
        TestVertex base = graph.vertex("base");
        TestVertex step = graph.vertex("step").input(base);
        results.distrust("content of step");
        TestVertex byDefinition = graph.vertex("by definition").input(step);
        TestVertex byContent = graph.vertex("by content").input(step).byContent();
        TestVertex top = graph.vertex("top").input(byDefinition).input(byContent);
        for (int round = 0; round < 2; round++) {
            try (TestRun run = run(SolveOptions.USUAL)) {
                assertEquals("content of top", run.build(top));

                assertTrue(run.executed().containsAll(List.of("step", "by definition", "by content", "top")));
                assertEquals(round == 0, run.executed().contains("base"));
                assertEquals(round == 0 ? List.of() : List.of("base"), run.loaded());
            }
            assertEquals(Set.of("content of base"), results.kept());
        }
    }

    @Test
    void build_onceADistrustedStepGivesATrustedResult_keepsItAndWhatHangsOnIt() throws Exception {
        TestVertex step = graph.vertex("step");
        results.distrust("content of step");
        TestVertex top = graph.vertex("top").input(step).byContent();
        try (TestRun run = run(SolveOptions.USUAL)) {
            run.build(top);
        }
        step.gives("made well");
        for (boolean known : new boolean[] {false, true}) {
            try (TestRun run = run(SolveOptions.USUAL)) {
                run.build(top);

                assertEquals(known ? List.of() : List.of("step", "top"), run.executed());
            }
        }
    }

    @Test
    void build_besideADistrustedInput_keepsWhatDoesNotHangOnIt() throws Exception {
        TestVertex bad = graph.vertex("bad");
        results.distrust("content of bad");
        TestVertex good = graph.vertex("good");
        TestVertex mixed = graph.vertex("mixed").input(good).input(bad);
        TestVertex clean = graph.vertex("clean").input(good);
        try (TestRun run = run(SolveOptions.USUAL)) {
            run.buildAll(mixed, clean);
        }
        assertEquals(Set.of("content of good", "content of clean"), results.kept());
    }

    @Test
    void build_onResultsThatAreNotKept_hitsByTheirContentAllTheSame() throws Exception {
        TestVertex base = graph.vertex("base").gives("files").notKept();
        TestVertex top = graph.vertex("top").input(base).byContent();
        try (TestRun run = run(SolveOptions.USUAL)) {
            run.build(top);
        }
        assertEquals(Set.of("content of top"), results.kept());
        base.op("base, defined anew");
        graph.vertex("so that the graph is read again");
        try (TestRun run = run(SolveOptions.USUAL)) {
            run.build(top);

            assertEquals(List.of("base"), run.executed());
            assertEquals(List.of("top"), run.loaded());
            assertEquals(Map.of("top 0", 1), run.contents());
        }
        try (TestRun run = run(SolveOptions.USUAL)) {
            run.build(top);

            assertEquals(List.of(), run.executed());
            assertEquals(Map.of(), run.contents());
        }
    }
}
