package dev.cachetool.solver;

import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Vertex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One solver at work on a test graph, and what it did. Closing it checks that nothing is left held or running. */
final class TestRun implements AutoCloseable, SolveListener {
    private final TestGraph graph;
    private final TestResults results;
    private final ExecutorService pool;
    private final Solver solver;
    private final List<CachedResult> built = new ArrayList<>();

    private final List<String> executed = new ArrayList<>();
    private final List<String> loaded = new ArrayList<>();
    private final List<String> failedLoads = new ArrayList<>();
    private final Map<String, Integer> asked = new TreeMap<>();
    private final Map<String, Integer> contents = new TreeMap<>();

    TestRun(TestGraph graph, TestResults results, CacheManager cache) {
        this(graph, results, vertex -> cache, 2);
    }

    TestRun(TestGraph graph, TestResults results, Function<Vertex, CacheManager> caches, int workers) {
        this(graph, results, caches, SolveOptions.USUAL, workers);
    }

    TestRun(
            TestGraph graph,
            TestResults results,
            Function<Vertex, CacheManager> caches,
            SolveOptions options,
            int workers) {
        this.graph = graph;
        this.results = results;
        this.pool = Executors.newFixedThreadPool(workers);
        this.solver = new Solver(graph.ops(this), caches, options, pool, this);
    }

    TestRun(TestGraph graph, TestResults results, CacheManager cache, Executor workers) {
        this.graph = graph;
        this.results = results;
        this.pool = Executors.newFixedThreadPool(1);
        this.solver = new Solver(graph.ops(this), vertex -> cache, workers, this);
    }

    TestResults results() {
        return results;
    }

    /** Builds output 0 of the vertices, one after the other, and gives what is in the last. */
    String build(TestGraph.TestVertex... targets) throws Exception {
        String content = "";
        for (TestGraph.TestVertex target : targets) {
            content = buildOutput(target, 0);
        }
        return content;
    }

    /** Builds output 0 of the vertices at the same time, and gives what is in each, or the message of its failure. */
    List<String> buildAll(TestGraph.TestVertex... targets) throws InterruptedException {
        List<Edge> edges = new ArrayList<>();
        for (TestGraph.TestVertex target : targets) {
            edges.add(graph.edge(target, 0));
        }
        List<String> became = new ArrayList<>();
        for (Solver.Built one : solver.buildAll(edges)) {
            one.result().ifPresent(built::add);
            became.add(one.result()
                    .map(result -> ((TestResults.TestResult) result.result()).content())
                    .orElseGet(() -> rootOf(one.failure().orElseThrow())));
        }
        return became;
    }

    private static String rootOf(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return String.valueOf(at.getMessage());
    }

    String buildOutput(TestGraph.TestVertex target, int output) throws Exception {
        CachedResult result = solver.build(graph.edge(target, output));
        built.add(result);
        return ((TestResults.TestResult) result.result()).content();
    }

    /** What was built, in order. */
    List<CachedResult> built() {
        return built;
    }

    synchronized void asked(String vertex) {
        asked.merge(vertex, 1, Integer::sum);
    }

    synchronized void executed(String vertex) {
        executed.add(vertex);
    }

    @Override
    public synchronized void loaded(Edge edge, CacheRecord record, Result result) {
        loaded.add(edge.vertex().name());
    }

    @Override
    public synchronized void loadFailed(Edge edge, CacheRecord record, Exception cause) {
        failedLoads.add(edge.vertex().name());
    }

    @Override
    public synchronized void contentComputed(Vertex vertex, int inputIndex, boolean atHand) {
        contents.merge(vertex.name() + (atHand ? " " : " not ") + inputIndex, 1, Integer::sum);
    }

    /** The vertices that were executed, in order. */
    synchronized List<String> executed() {
        return List.copyOf(executed);
    }

    /** The vertices that were loaded, in order. */
    synchronized List<String> loaded() {
        return List.copyOf(loaded);
    }

    synchronized List<String> failedLoads() {
        return List.copyOf(failedLoads);
    }

    /** How often each vertex was asked for a cache map. */
    synchronized Map<String, Integer> asked() {
        return new LinkedHashMap<>(asked);
    }

    /** How often each content function was called: "vertex input", "vertex not input" where the content was not at hand. */
    synchronized Map<String, Integer> contents() {
        return new LinkedHashMap<>(contents);
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        built.forEach(CachedResult::release);
        solver.close();
        pool.shutdown();
        try {
            if (!pool.awaitTermination(20, TimeUnit.SECONDS)) {
                throw new AssertionError("a task was left running");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            pool.shutdownNow();
        }
        Set<TestResults.TestResult> held = results.held();
        if (!held.isEmpty()) {
            throw new AssertionError("nobody released " + held);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
