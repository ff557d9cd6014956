package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.TestGraph.TestVertex;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the solver does with ops that take long: in parallel, cancelled, failing. Each test checks that nothing is left running. */
@Timeout(60)
class SolverThreadsTest {
    private final TestResults results = new TestResults();
    private final StorageCacheManager cache = results.manager("local", true);
    private final TestGraph graph = new TestGraph();

    @AfterEach
    void leavesNoInterruption() {
        assertFalse(Thread.interrupted());
    }

    private TestRun run(int workers) {
        return new TestRun(graph, results, vertex -> cache, workers);
    }

    @Test
    void build_ofIndependentOps_runsThemAtTheSameTime() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        TestVertex left = graph.vertex("left").blocking().whenExecuted(together::await);
        TestVertex right = graph.vertex("right").blocking().whenExecuted(together::await);
        TestVertex top = graph.vertex("top").input(left).input(right);
        try (TestRun run = run(2)) {
            assertEquals("content of top", run.build(top));
        }
    }

    @Test
    void build_ofIndependentCacheMaps_asksForThemAtTheSameTime() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        TestVertex left = graph.vertex("left").blocking().whenAsked(together::await);
        TestVertex right = graph.vertex("right").blocking().whenAsked(together::await);
        TestVertex top = graph.vertex("top").input(left).input(right);
        try (TestRun run = run(2)) {
            assertEquals("content of top", run.build(top));
        }
    }

    @Test
    void build_ofSeveralOutputsAtTheSameTime_executesOnce() throws Exception {
        TestVertex base = graph.vertex("base").blocking();
        TestVertex left = graph.vertex("left").blocking().input(base, 0);
        TestVertex right = graph.vertex("right").blocking().input(base, 1);
        TestVertex top = graph.vertex("top").input(left).input(right);
        try (TestRun run = run(4)) {
            run.build(top);

            assertEquals(1, run.executed().stream().filter("base"::equals).count());
            assertEquals(1, run.asked().get("base"));
        }
    }

    @Test
    void build_whenAnOpFails_letsTheRunningOneEndAndStartsNoMore() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean failed = new AtomicBoolean();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread solving = Thread.currentThread();
        TestVertex slow = graph.vertex("slow").blocking().whenExecuted(() -> {
            running.countDown();
            // The solver has taken in the failure when it waits for this op and nothing else.
            while (!failed.get() || solving.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        TestVertex gate = graph.vertex("gate").blocking().whenExecuted(running::await);
        TestVertex failing = graph.vertex("failing").input(gate).whenExecuted(() -> {
            failed.set(true);
            throw new IOException("broken");
        });
        TestVertex above = graph.vertex("above slow").input(slow);
        TestVertex top = graph.vertex("top").input(above).input(failing);
        try (TestRun run = run(2)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(top));

            assertEquals("failing", e.vertex().name());
            assertFalse(run.executed().contains("above slow"));
            assertFalse(run.executed().contains("top"));
            assertFalse(interrupted.get());
        }
        assertEquals(Set.of("content of slow", "content of gate"), results.kept());
    }

    @Test
    void build_whenAnOpFailsBeforeAnotherGotAThread_neverStartsThat() throws Exception {
        TestVertex failing = graph.vertex("failing").blocking().fails("broken");
        TestVertex top = graph.vertex("top").input(failing);
        for (int i = 0; i < 20; i++) {
            top.input(graph.vertex("waiting " + i).blocking());
        }
        try (TestRun run = run(1)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(top));

            assertEquals("failing", e.vertex().name());
            assertFalse(run.executed().contains("top"));
        }
    }

    @Test
    void build_whenInterrupted_cancelsWhatRunsAndWhatWaits() throws Exception {
        Thread solving = Thread.currentThread();
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch never = new CountDownLatch(1);
        TestVertex endless = graph.vertex("endless").blocking().whenExecuted(() -> {
            solving.interrupt();
            try {
                never.await();
            } catch (InterruptedException e) {
                seen.set(e);
                throw e;
            }
        });
        TestVertex top = graph.vertex("top").input(endless);
        for (int i = 0; i < 5; i++) {
            top.input(graph.vertex("waiting " + i).blocking());
        }
        try (TestRun run = run(1)) {
            assertThrows(InterruptedException.class, () -> run.build(top));

            assertInstanceOf(InterruptedException.class, seen.get());
            assertFalse(run.executed().contains("top"));
            assertThrows(IllegalStateException.class, () -> run.build(top));
        }
    }

    @Test
    void build_whenInterruptedAndTheOpDoesNotMind_waitsForItAndKeepsNothingHeld() throws Exception {
        Thread solving = Thread.currentThread();
        TestVertex stubborn = graph.vertex("stubborn").blocking().whenExecuted(() -> {
            solving.interrupt();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        });
        TestVertex top = graph.vertex("top").input(stubborn);
        try (TestRun run = run(1)) {
            assertThrows(InterruptedException.class, () -> run.build(top));
        }
    }

    @Test
    void build_whenInterruptedWithoutAnyWorker_stopsAtOnce() throws Exception {
        TestVertex below = graph.vertex("0").whenExecuted(Thread.currentThread()::interrupt);
        for (int i = 1; i < 10; i++) {
            below = graph.vertex("" + i).input(below);
        }
        TestVertex top = below;
        try (TestRun run = run(1)) {
            assertThrows(InterruptedException.class, () -> run.build(top));

            assertEquals(List.of("0"), run.executed());
        }
    }

    @Test
    void build_whenAnOpOnItsOwnThreadNoticesTheInterruption_passesItOn() throws Exception {
        TestVertex root = graph.vertex("root").whenExecuted(() -> {
            Thread.currentThread().interrupt();
            new CountDownLatch(1).await();
        });
        try (TestRun run = run(1)) {
            assertThrows(InterruptedException.class, () -> run.build(root));
        }
    }

    @Test
    void build_whenAnOpSaysThatItWasInterruptedByItself_fails() throws Exception {
        TestVertex root = graph.vertex("root").blocking().whenExecuted(() -> {
            throw new InterruptedException("nobody did");
        });
        try (TestRun run = run(1)) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(root));

            assertInstanceOf(InterruptedException.class, e.getCause());
            assertEquals(List.of("root"), run.executed());
        }
    }

    @Test
    void build_whenAnOpThrowsAnError_throwsItAndCancelsTheRest() throws Exception {
        AssertionError error = new AssertionError("a bug");
        CountDownLatch running = new CountDownLatch(1);
        TestVertex buggy = graph.vertex("buggy").blocking().whenExecuted(() -> {
            running.await();
            throw error;
        });
        TestVertex endless = graph.vertex("endless").blocking().whenExecuted(() -> {
            running.countDown();
            new CountDownLatch(1).await();
        });
        TestVertex top = graph.vertex("top").input(buggy).input(endless);
        try (TestRun run = run(2)) {
            assertSame(error, assertThrows(AssertionError.class, () -> run.build(top)));
        }
    }

    @Test
    void build_whenTheCacheThrows_throwsItAndCancelsTheRest() throws Exception {
        IllegalStateException broken = new IllegalStateException("the store is broken");
        CountDownLatch running = new CountDownLatch(1);
        TestVertex endless = graph.vertex("endless").blocking().whenExecuted(() -> {
            running.countDown();
            new CountDownLatch(1).await();
        });
        TestVertex other = graph.vertex("other").blocking().whenAsked(running::await);
        TestVertex top = graph.vertex("top").input(endless).input(other);
        CacheManager brokenCache = new BrokenCache(broken);
        try (TestRun run =
                new TestRun(graph, results, vertex -> vertex.name().equals("other") ? brokenCache : cache, 2)) {
            assertSame(broken, assertThrows(IllegalStateException.class, () -> run.build(top)));
        }
    }

    private record BrokenCache(RuntimeException cause) implements CacheManager {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public Optional<CacheKey> queryRoot(Digest digest, int outputIndex) {
            throw cause;
        }

        @Override
        public boolean connect(List<CacheKeyWithSelector> keys, int inputIndex, Digest recordDigest) {
            throw cause;
        }

        @Override
        public List<CacheKey> query(
                List<InputKeys> inputs, Digest digest, int outputIndex, Set<String> known, int limit) {
            throw cause;
        }

        @Override
        public List<CacheRecord> records(CacheKey key) {
            throw cause;
        }

        @Override
        public Optional<Result> load(CacheRecord record) {
            throw cause;
        }

        @Override
        public Optional<CacheRecord> save(CacheKey key, Result result, Timestamp createdAt) {
            throw cause;
        }
    }

    @Test
    void build_whenNoWorkerTakesAnything_fails() throws Exception {
        TestVertex root = graph.vertex("root").blocking();
        RejectedExecutionException refusal = new RejectedExecutionException("closed");
        try (TestRun run = new TestRun(graph, results, cache, task -> {
            throw refusal;
        })) {
            SolveException e = assertThrows(SolveException.class, () -> run.build(root));

            assertSame(refusal, e.getCause());
        }
    }

    @Test
    void build_ofDeepChain_needsNoDeepStack() throws Exception {
        int depth = 20_000;
        TestVertex below = graph.vertex("0");
        for (int i = 1; i < depth; i++) {
            below = graph.vertex("" + i).input(below).byContent();
        }
        TestVertex top = below;
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        for (int round = 0; round < 2; round++) {
                            try (TestRun run = run(1)) {
                                run.build(top);
                                assertEquals(
                                        round == 0 ? depth : 0, run.executed().size());
                                assertEquals(round, run.loaded().size());
                                CacheExport export = new CacheExport(
                                        (digest, links, exported) -> Optional.of(new CacheExporterRecord() {}),
                                        new CacheExportOptions(ExportMode.MAX, false, false, TestResults::transfer),
                                        (exporter, record) -> {});
                                export.add(run.built().get(0));
                            }
                        }
                    } catch (Throwable e) {
                        thrown.set(e);
                    }
                },
                "small stack",
                160 * 1024);
        thread.start();
        thread.join();
        assertSame(null, thrown.get());
        assertTrue(results.kept().size() > 1);
    }
}
