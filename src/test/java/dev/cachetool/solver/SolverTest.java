package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.solver.TestGraph.TestVertex;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SolverTest {
    private final TestResults results = new TestResults();
    private final StorageCacheManager cache = results.manager("local", true);

    /** A source, what is made of it by content, and what is made of that. */
    private static final class Project {
        final TestGraph graph = new TestGraph();
        final TestVertex source;
        final TestVertex compile;
        final TestVertex test;

        Project(String version, String compiled) {
            source = graph.vertex("source").op("source " + version).gives("files " + version);
            compile = graph.vertex("compile")
                    .input(source)
                    .selector("/src")
                    .byContent()
                    .gives(compiled);
            test = graph.vertex("test").input(compile).byContent();
        }
    }

    private TestRun run(TestGraph graph) {
        return new TestRun(graph, results, cache);
    }

    private TestRun run(Project project) {
        return run(project.graph);
    }

    @Test
    void build_withEmptyCache_executesInputsFirst() throws Exception {
        Project project = new Project("1", "binary");
        try (TestRun run = run(project)) {
            assertEquals("content of test", run.build(project.test));

            assertEquals(List.of("source", "compile", "test"), run.executed());
            assertEquals(List.of(), run.loaded());
            assertEquals(Map.of("source", 1, "compile", 1, "test", 1), run.asked());
        }
        assertEquals(Set.of("files 1", "binary", "content of test"), results.kept());
    }

    @Test
    void build_ofWhatWasBuiltBefore_loadsTheTargetAlone() throws Exception {
        Project project = new Project("1", "binary");
        try (TestRun run = run(project)) {
            run.build(project.test);
        }
        Project again = new Project("1", "binary");
        try (TestRun run = run(again)) {
            assertEquals("content of test", run.build(again.test));

            assertEquals(List.of(), run.executed());
            assertEquals(List.of("test"), run.loaded());
            assertEquals(Map.of(), run.contents());
        }
    }

    @Test
    void build_ofTheSameTargetTwice_asksNothingTwice() throws Exception {
        Project project = new Project("1", "binary");
        try (TestRun run = run(project)) {
            run.build(project.test, project.test, project.compile);

            assertEquals(List.of("source", "compile", "test"), run.executed());
            assertEquals(Map.of("source", 1, "compile", 1, "test", 1), run.asked());
        }
    }

    @Test
    void build_whenOnlyTheDefinitionOfAnInputChanged_hitsByContent() throws Exception {
        Project before = new Project("1", "binary");
        before.source.gives("same files");
        try (TestRun run = run(before)) {
            run.build(before.test);
        }
        Project after = new Project("2", "binary");
        after.source.gives("same files");
        try (TestRun run = run(after)) {
            assertEquals("content of test", run.build(after.test));

            assertEquals(List.of("source"), run.executed());
            assertEquals(List.of("test"), run.loaded());
            assertEquals(Map.of("compile 0", 1), run.contents());
        }
    }

    @Test
    void build_afterAHitByContent_hitsByTheNewDefinitionNextTime() throws Exception {
        Project before = new Project("1", "binary");
        before.source.gives("same files");
        Project after = new Project("2", "binary");
        after.source.gives("same files");
        for (Project project : List.of(before, after)) {
            try (TestRun run = run(project)) {
                run.build(project.test);
            }
        }
        try (TestRun run = run(after)) {
            run.build(after.test);

            assertEquals(List.of(), run.executed());
            assertEquals(List.of("test"), run.loaded());
            assertEquals(Map.of(), run.contents());
        }
    }

    @Test
    void build_whenAStepGivesWhatItGaveBefore_redoesNothingAboveIt() throws Exception {
        Project before = new Project("1", "binary");
        Project after = new Project("2", "binary");
        try (TestRun run = run(before)) {
            run.build(before.test);
        }
        try (TestRun run = run(after)) {
            assertEquals("content of test", run.build(after.test));

            assertEquals(List.of("source", "compile"), run.executed());
            assertEquals(List.of("test"), run.loaded());
            assertEquals(Map.of("compile 0", 1, "test 0", 1), run.contents());
        }
    }

    @Test
    void build_whenContentChanged_executesWhatHangsOnIt() throws Exception {
        Project before = new Project("1", "binary 1");
        Project after = new Project("2", "binary 2");
        for (Project project : List.of(before, after)) {
            try (TestRun run = run(project)) {
                run.build(project.test);

                assertEquals(List.of("source", "compile", "test"), run.executed());
            }
        }
    }

    @Test
    void build_whenSelectorChanged_missesByDefinition() throws Exception {
        for (String path : List.of("/src", "/lib")) {
            TestGraph graph = new TestGraph();
            TestVertex base = graph.vertex("base");
            TestVertex build = graph.vertex("build").input(base).selector(path);
            try (TestRun run = run(graph)) {
                run.build(build);

                assertEquals(path.equals("/src") ? List.of("base", "build") : List.of("build"), run.executed());
            }
        }
    }

    @Test
    void build_whenOneOfSeveralInputsMisses_loadsTheOthersAndExecutes() throws Exception {
        for (String version : List.of("1", "2")) {
            TestGraph graph = new TestGraph();
            TestVertex base = graph.vertex("base");
            TestVertex source = graph.vertex("source").op("source " + version);
            TestVertex build = graph.vertex("build").input(base).input(source);
            try (TestRun run = run(graph)) {
                run.build(build);

                if (version.equals("2")) {
                    assertEquals(List.of("base"), run.loaded());
                    assertEquals(List.of("source", "build"), run.executed());
                }
            }
        }
    }

    @Test
    void build_whenInputsAreSwapped_misses() throws Exception {
        for (boolean swapped : new boolean[] {false, true}) {
            TestGraph graph = new TestGraph();
            TestVertex a = graph.vertex("a");
            TestVertex b = graph.vertex("b");
            TestVertex top = graph.vertex("top").input(swapped ? b : a).input(swapped ? a : b);
            try (TestRun run = run(graph)) {
                run.build(top);

                assertTrue(run.executed().contains("top"));
            }
        }
    }

    @Test
    void build_withIgnoreCache_executesAndSavesAllTheSame() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base");
        TestVertex build = graph.vertex("build").input(base);
        try (TestRun run = run(graph)) {
            run.build(build);
        }
        build.ignoreCache().gives("made anew").later(60);
        graph.vertex("so that the graph is read again");
        try (TestRun run = run(graph)) {
            assertEquals("made anew", run.build(build));
            assertEquals(List.of("build"), run.executed());
            assertEquals(List.of("base"), run.loaded());
        }
        TestGraph later = new TestGraph();
        TestVertex same = later.vertex("build").input(later.vertex("base"));
        try (TestRun run = run(later)) {
            assertEquals("made anew", run.build(same));
            assertEquals(List.of("build"), run.loaded());
        }
    }

    @Test
    void build_onAnInputThatIgnoresTheCache_hitsByItsContentOnly() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base").ignoreCache();
        TestVertex byContent = graph.vertex("by content").input(base).byContent();
        TestVertex byDefinition = graph.vertex("by definition").input(base);
        try (TestRun run = run(graph)) {
            run.build(byContent, byDefinition);
        }
        try (TestRun run = run(graph)) {
            run.build(byContent, byDefinition);

            assertEquals(List.of("base", "by definition"), run.executed());
            assertEquals(List.of("by content"), run.loaded());
        }
    }

    @Test
    void build_ofRandomRoot_executesItEveryTimeAndGoesOnByContent() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex clock = graph.vertex("clock").op("random:1");
        TestVertex use = graph.vertex("use").input(clock).byContent();
        for (String random : List.of("random:1", "random:2")) {
            clock.op(random);
            graph.vertex("so that the graph is read again " + random);
            try (TestRun run = run(graph)) {
                run.build(use);

                assertEquals(random.equals("random:1") ? List.of("clock", "use") : List.of("clock"), run.executed());
            }
        }
    }

    @Test
    void build_ofTwoVerticesWithTheSameKey_executesOne() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex left = graph.vertex("left source").gives("the same");
        TestVertex right = graph.vertex("right source").gives("the same");
        TestVertex l = graph.vertex("left").op("step").input(left).byContent();
        TestVertex r = graph.vertex("right").op("step").input(right).byContent();
        TestVertex both = graph.vertex("both").input(l).input(r);
        try (TestRun run = run(graph)) {
            run.build(both);

            assertEquals(
                    1,
                    run.executed().stream()
                            .filter(name -> name.equals("left") || name.equals("right"))
                            .count(),
                    run.executed().toString());
            assertTrue(run.executed().contains("both"));
        }
    }

    @Test
    void build_ofThreeVerticesThatTurnOutEqualOneAfterTheOther_executesOne() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex top = graph.vertex("top");
        for (int i = 0; i < 3; i++) {
            TestVertex source = graph.vertex("source " + i).gives("the same");
            TestVertex lower =
                    graph.vertex("lower " + i).op("lower").input(source).byContent();
            top.input(graph.vertex("upper " + i).op("upper").input(lower));
        }
        try (TestRun run = run(graph)) {
            run.build(top);

            assertEquals(
                    List.of("lower", "source", "source", "source", "top", "upper"),
                    run.executed().stream()
                            .map(name -> name.replaceFirst(" .*", ""))
                            .sorted()
                            .toList());
        }
    }

    @Test
    void build_ofVerticesThatDependOnOneAnother_mergesNone() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base").gives("the same");
        TestVertex once =
                graph.vertex("once").op("step").input(base).byContent().gives("the same");
        TestVertex twice =
                graph.vertex("twice").op("step").input(once).byContent().gives("the same");
        try (TestRun run = run(graph)) {
            assertEquals("the same", run.build(twice));
        }
    }

    @Test
    void build_whenAnOpFails_saysWhichAndExecutesNothingAboveIt() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base");
        TestVertex broken = graph.vertex("broken").input(base).fails("no space left");
        TestVertex top = graph.vertex("top").input(broken);
        try (TestRun run = run(graph)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(top));

            assertEquals("broken", e.vertex().name());
            assertEquals("could not solve \"broken\": no space left", e.getMessage());
            assertInstanceOf(IOException.class, e.getCause());
            assertEquals(List.of("base", "broken"), run.executed());
            // What does not stand on it can still be built; what does, fails without being tried again.
            run.build(base);
            assertEquals(
                    "broken",
                    assertThrows(SolveException.class, () -> run.build(broken))
                            .vertex()
                            .name());
            assertEquals(List.of("base", "broken"), run.executed());
        }
        assertEquals(Set.of("content of base"), results.kept());
    }

    @Test
    void build_whenACacheMapFails_saysWhich() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base").whenAsked(() -> {
            throw new IOException("no such file");
        });
        TestVertex top = graph.vertex("top").input(base, 0).input(base, 1);
        try (TestRun run = run(graph)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(top));

            assertEquals("could not solve \"base\": no such file", e.getMessage());
            assertEquals(1, run.asked().get("base"));
        }
    }

    @Test
    void build_withCacheMapOfWrongSize_fails() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex top = graph.vertex("top").input(graph.vertex("base")).wrongCacheMap();
        try (TestRun run = run(graph)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(top));

            assertEquals("could not solve \"top\": the cache map has 2 inputs, the vertex 1", e.getMessage());
        }
    }

    @Test
    void build_withSeveralCacheMapsAndInputs_fails() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex top = graph.vertex("top").input(graph.vertex("base")).op("one", "two");
        try (TestRun run = run(graph)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(top));

            assertEquals(
                    "could not solve \"top\": only a vertex without inputs may have several cache maps",
                    e.getMessage());
        }
    }

    @Test
    void build_whenARecordCannotBeRead_executes() throws Exception {
        Project project = new Project("1", "binary");
        try (TestRun run = run(project)) {
            run.build(project.test);
        }
        results.damage("content of test");
        try (TestRun run = run(project)) {
            assertEquals("content of test", run.build(project.test));

            assertEquals(List.of("test"), run.failedLoads());
            assertTrue(run.loaded().contains("compile"));
            assertEquals(List.of("test"), run.executed());
        }
    }

    @Test
    void build_whenARecordIsGoneAtTheLastMoment_executes() throws Exception {
        Project project = new Project("1", "binary");
        try (TestRun run = run(project)) {
            run.build(project.test);
        }
        results.lose("content of test");
        results.lose("binary");
        try (TestRun run = run(project)) {
            run.build(project.test);

            assertEquals(List.of("test", "compile"), run.failedLoads());
            assertEquals(List.of("source"), run.loaded());
            assertEquals(List.of("compile", "test"), run.executed());
        }
    }

    @Test
    void build_whenAContentFunctionFails_saysOfWhichVertexAndHoldsNothing() throws Exception {
        Project project = new Project("1", "binary");
        results.makeUnreadable("files 1");
        try (TestRun run = run(project)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(project.test));

            assertEquals("could not solve \"compile\": could not read files 1", e.getMessage());
            assertEquals(List.of("source"), run.executed());
            assertEquals(Map.of(), run.contents());
        }
        assertEquals(Set.of("files 1"), results.kept());
    }

    @Test
    void build_whenTheDefinitionHits_neverAsksForContent() throws Exception {
        Project project = new Project("1", "binary");
        try (TestRun run = run(project)) {
            run.build(project.test);
        }
        results.makeUnreadable("files 1");
        results.makeUnreadable("binary");
        try (TestRun run = run(project)) {
            run.build(project.test);

            assertEquals(List.of("test"), run.loaded());
            assertEquals(List.of(), run.executed());
        }
    }

    @Test
    void build_whenTheStorageForgotResults_executes() throws Exception {
        Project project = new Project("1", "binary");
        try (TestRun run = run(project)) {
            run.build(project.test);
        }
        results.clear();
        try (TestRun run = run(project)) {
            run.build(project.test);

            assertEquals(List.of("source", "compile", "test"), run.executed());
            assertEquals(List.of(), run.failedLoads());
        }
    }

    @Test
    void build_whenTheBestRecordCannotBeRead_loadsTheNextBest() throws Exception {
        for (int version = 1; version <= 2; version++) {
            TestGraph graph = new TestGraph();
            TestVertex root = graph.vertex("root")
                    .gives("version " + version)
                    .later(version)
                    .ignoreCache();
            try (TestRun run = run(graph)) {
                run.build(root);
            }
        }
        results.damage("version 2");
        TestGraph graph = new TestGraph();
        TestVertex root = graph.vertex("root");
        try (TestRun run = run(graph)) {
            assertEquals("version 1", run.build(root));

            assertEquals(List.of("root"), run.failedLoads());
            assertEquals(List.of(), run.executed());
        }
    }

    @Test
    void build_withSeveralRecords_loadsTheNewest() throws Exception {
        for (int version : new int[] {2, 3, 1}) {
            TestGraph graph = new TestGraph();
            TestVertex root = graph.vertex("root")
                    .gives("version " + version)
                    .later(version)
                    .ignoreCache();
            try (TestRun run = run(graph)) {
                run.build(root);
            }
        }
        TestGraph graph = new TestGraph();
        try (TestRun run = run(graph)) {
            assertEquals("version 3", run.build(graph.vertex("root")));
        }
    }

    @Test
    void build_whenAResultCannotBeSaved_failsAndHoldsNothing() throws Exception {
        TestGraph graph = new TestGraph();
        results.fill();
        TestVertex root = graph.vertex("root");
        try (TestRun run = run(graph)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(root));

            assertTrue(e.getMessage().endsWith("the disk is full"), e.getMessage());
        }
    }

    @Test
    void build_withACacheForSomeVerticesOnly_asksItForThoseOnly() throws Exception {
        TestResults elsewhere = new TestResults();
        StorageCacheManager remote = elsewhere.manager("remote", false);
        Project project = new Project("1", "binary");
        try (TestRun run = new TestRun(project.graph, elsewhere, remote)) {
            run.build(project.test);
        }
        CacheManager both = new CombinedCacheManager(cache, List.of(remote));
        try (TestRun run =
                new TestRun(project.graph, results, vertex -> vertex.name().equals("test") ? cache : both, 2)) {
            run.build(project.test);

            assertTrue(run.loaded().contains("compile"));
            assertEquals(List.of("test"), run.executed());
        }
        assertEquals(Set.of(), elsewhere.held());
    }

    @Test
    void build_ofSeveralOutputs_executesOnce() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base");
        TestVertex top = graph.vertex("top").input(base, 0).input(base, 2);
        try (TestRun run = run(graph)) {
            run.build(top);
            assertEquals("content of base 1", run.buildOutput(base, 1));

            assertEquals(List.of("base", "top"), run.executed());
            assertEquals(1, run.asked().get("base"));
        }
        try (TestRun run = run(graph)) {
            assertEquals("content of base 2", run.buildOutput(base, 2));
            assertEquals("content of base 0", run.buildOutput(base, 0));
            assertEquals(List.of(), run.executed());
        }
    }

    @Test
    void build_ofSeveralOutputsOfAFailingOp_executesOnce() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base").fails("broken");
        TestVertex top = graph.vertex("top").input(base, 0).input(base, 1);
        try (TestRun run = run(graph)) {
            assertThrows(SolveException.class, () -> run.build(top));
            assertThrows(SolveException.class, () -> run.buildOutput(base, 1));

            assertEquals(List.of("base"), run.executed());
        }
    }

    @Test
    void build_ofAnOutputThatTheOpDoesNotGive_fails() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base");
        TestVertex top = graph.vertex("top").input(base, 1);
        base.outputs = 1;
        try (TestRun run = run(graph)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(top));

            assertEquals(
                    "could not solve \"base\": vertex \"base\" gave 1 outputs, but output 1 is asked for",
                    e.getMessage());
        }
    }

    @Test
    void build_ofRootWithSeveralCacheMaps_hitsByAnyAndAsksNoFurther() throws Exception {
        TestGraph before = new TestGraph();
        try (TestRun run = run(before)) {
            run.build(before.vertex("image").op("manifest 1", "config"));

            assertEquals(Map.of("image", 2), run.asked());
        }
        TestGraph same = new TestGraph();
        try (TestRun run = run(same)) {
            run.build(same.vertex("image").op("manifest 1", "config"));

            assertEquals(Map.of("image", 1), run.asked());
            assertEquals(List.of("image"), run.loaded());
        }
        TestGraph moved = new TestGraph();
        try (TestRun run = run(moved)) {
            run.build(moved.vertex("image").op("manifest 2", "config"));

            assertEquals(Map.of("image", 2), run.asked());
            assertEquals(List.of("image"), run.loaded());
        }
    }

    @Test
    void build_onRootWithSeveralCacheMaps_hitsByAny() throws Exception {
        for (String manifest : List.of("manifest 1", "manifest 2")) {
            TestGraph graph = new TestGraph();
            TestVertex image = graph.vertex("image").op(manifest, "config");
            TestVertex step = graph.vertex("step").input(image);
            try (TestRun run = run(graph)) {
                run.build(step);

                assertEquals(manifest.equals("manifest 1") ? List.of("image", "step") : List.of(), run.executed());
            }
        }
    }

    @Test
    void build_withPendingResults_savesNoneAndKnowsNoContent() throws Exception {
        Project project = new Project("1", "binary");
        project.source.pending();
        project.compile.pending();
        project.test.pending();
        try (TestRun run = run(project)) {
            run.build(project.test);

            assertEquals(List.of("source", "compile", "test"), run.executed());
            assertEquals(Map.of("compile not 0", 1, "test not 0", 1), run.contents());
        }
        assertEquals(Set.of(), results.kept());
    }

    @Test
    void build_onPendingInput_hitsByDefinitionWhereAnotherInputIsThere() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex source = graph.vertex("source");
        TestVertex step = graph.vertex("step").input(source);
        TestVertex top = graph.vertex("top").input(step);
        try (TestRun run = run(graph)) {
            run.build(top);
        }
        // The results of source and step are lost: their keys still lead on.
        results.lose("content of source");
        results.lose("content of step");
        source.pending();
        step.pending();
        try (TestRun run = run(graph)) {
            run.build(top);

            assertEquals(List.of("top"), run.loaded());
            assertEquals(List.of(), run.executed());
        }
    }

    @Test
    void build_ofVertexWithManyInputs_hitsWhenAllOfThemMatch() throws Exception {
        for (int changed : new int[] {-1, -1, 99}) {
            TestGraph graph = new TestGraph();
            TestVertex top = graph.vertex("top");
            for (int i = 0; i < 200; i++) {
                TestVertex source = graph.vertex("source " + i);
                if (i == changed) {
                    source.op("changed");
                }
                top.input(source);
                if (i % 2 == 0) {
                    top.byContent();
                }
            }
            boolean known = !results.kept().isEmpty();
            try (TestRun run = run(graph)) {
                run.build(top);

                assertEquals(known ? changed < 0 ? 0 : 2 : 201, run.executed().size());
                assertEquals(known ? changed < 0 ? 1 : 199 : 0, run.loaded().size());
            }
        }
    }

    @Test
    void buildAll_ofSeveralTargets_executesWhatTheyShareOnce() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base").blocking();
        TestVertex left = graph.vertex("left").input(base).blocking();
        TestVertex right = graph.vertex("right").input(base).blocking();
        try (TestRun run = run(graph)) {
            assertEquals(
                    List.of("content of left", "content of right", "content of left"), run.buildAll(left, right, left));
            assertEquals(
                    List.of("base", "left", "right"),
                    run.executed().stream().sorted().toList());
        }
    }

    @Test
    void buildAll_whenOneFails_savesWhatRunsAndStartsNoMore() throws Exception {
        TestGraph graph = new TestGraph();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch failed = new CountDownLatch(1);
        AtomicBoolean failing = new AtomicBoolean();
        TestVertex broken = graph.vertex("broken").blocking().whenExecuted(() -> {
            running.await();
            failing.set(true);
            throw new IOException("broken");
        });
        // Its end comes behind the failure.
        TestVertex slow = graph.vertex("long").blocking().whenExecuted(() -> {
            running.countDown();
            failed.await();
        });
        TestVertex above = graph.vertex("above").input(slow);
        Executor workers = task -> new Thread(() -> {
                    task.run();
                    if (failing.get()) {
                        failed.countDown();
                    }
                })
                .start();
        try (TestRun run = new TestRun(graph, results, cache, workers)) {
            List<String> became = run.buildAll(broken, above);

            assertEquals("broken", became.get(0));
            assertEquals(
                    List.of("broken", "long"), run.executed().stream().sorted().toList());
        }
        assertEquals(Set.of("content of long"), results.kept());
    }

    @Test
    void buildAll_thatKeepsGoing_solvesWhatDoesNotDependOnTheFailed() throws Exception {
        TestGraph graph = new TestGraph();
        TestVertex base = graph.vertex("base");
        TestVertex broken = graph.vertex("broken").input(base).fails("no space left");
        TestVertex beside = graph.vertex("beside").input(base);
        TestVertex top = graph.vertex("top").input(broken).input(beside);
        TestVertex other = graph.vertex("other").input(base);
        try (TestRun run = new TestRun(graph, results, vertex -> cache, new SolveOptions(vertex -> false, true), 2)) {
            assertEquals(List.of("no space left", "content of other"), run.buildAll(top, other));
            assertEquals(
                    List.of("base", "beside", "broken", "other"),
                    run.executed().stream().sorted().toList());
        }
        assertEquals(Set.of("content of base", "content of beside", "content of other"), results.kept());
    }

    @Test
    void buildAll_thatKeepsGoing_loadsWhatHitsAboveWhatWouldFail() throws Exception {
        Project before = new Project("1", "binary");
        try (TestRun run = run(before)) {
            run.build(before.test);
        }
        Project now = new Project("1", "binary");
        now.compile.fails("broken");
        try (TestRun run =
                new TestRun(now.graph, results, vertex -> cache, new SolveOptions(vertex -> false, true), 2)) {
            run.buildAll(now.test);
            assertEquals(List.of(), run.executed());
        }
    }

    @Test
    void build_thatIgnoresCachesOfSome_executesThoseAndSavesThem() throws Exception {
        Project before = new Project("1", "binary");
        try (TestRun run = run(before)) {
            run.build(before.test);
        }
        Project now = new Project("1", "binary");
        SolveOptions options = new SolveOptions(vertex -> vertex.name().equals("test"), false);
        try (TestRun run = new TestRun(now.graph, results, vertex -> cache, options, 2)) {
            run.build(now.test);
            assertEquals(List.of("test"), run.executed());
        }
        try (TestRun run = run(now)) {
            run.build(now.test);
            assertEquals(List.of(), run.executed());
        }
    }

    @Test
    void build_onAResultThatIsNotTrusted_savesNothingThatHangsOnIt() throws Exception {
        for (int round = 0; round < 2; round++) {
            TestGraph graph = new TestGraph();
            TestVertex source = graph.vertex("source");
            TestVertex doubtful = graph.vertex("doubtful").input(source);
            TestVertex above = graph.vertex("above").input(doubtful).byContent();
            results.distrust("content of doubtful");
            results.distrust("content of above");
            try (TestRun run = run(graph)) {
                run.build(above);

                assertEquals(
                        round == 0 ? List.of("source", "doubtful", "above") : List.of("doubtful", "above"),
                        run.executed());
                assertEquals(List.of(), run.built().get(0).keys());
            }
            assertEquals(Set.of("content of source"), results.kept());
        }
    }

    @Test
    void build_onAResultThatIsNotTrusted_doesNotLinkItsDefinitionWithItsContent() throws Exception {
        // What stands on this content is known, from a vertex that may be trusted.
        TestGraph before = new TestGraph();
        TestVertex trusted = before.vertex("trusted").gives("the same");
        try (TestRun run = run(before)) {
            run.build(before.vertex("above").input(trusted).byContent());
        }
        TestGraph graph = new TestGraph();
        TestVertex doubtful = graph.vertex("doubtful").gives("the same");
        TestVertex above = graph.vertex("above").input(doubtful).byContent();
        results.distrust("the same");
        try (TestRun run = run(graph)) {
            run.build(above);
            assertEquals(List.of("doubtful"), run.executed());
        }
        // Made again, it is something else: its definition must not lead to what stands on the other content.
        TestGraph again = new TestGraph();
        TestVertex other = again.vertex("doubtful").gives("something else");
        try (TestRun run = run(again)) {
            run.build(again.vertex("above").input(other).byContent());
            assertEquals(List.of("doubtful", "above"), run.executed());
        }
    }
}
