package dev.cachetool.cli.service;

import dev.cachetool.cli.command.ExportOptions;
import dev.cachetool.cli.command.PublishAnswer;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.content.Source;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.solver.CacheManager;
import dev.cachetool.solver.CachedResult;
import dev.cachetool.solver.CombinedCacheManager;
import dev.cachetool.solver.InMemoryCacheKeyStorage;
import dev.cachetool.solver.Result;
import dev.cachetool.solver.SolveException;
import dev.cachetool.solver.SolveListener;
import dev.cachetool.solver.Solver;
import dev.cachetool.solver.StorageCacheManager;
import dev.cachetool.step.AbsentResult;
import dev.cachetool.step.DefinitionKeys;
import dev.cachetool.step.GivenResult;
import dev.cachetool.step.ProvenOutputs;
import dev.cachetool.step.StateFile;
import dev.cachetool.step.TakenResult;
import dev.cachetool.step.VertexOps;
import dev.cachetool.step.WorkspaceOutputs;
import dev.cachetool.step.WorkspaceResults;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Makes a cache of a graph and its results, and writes it to every target. */
public final class ExportService implements Services.Exporter {
    private final Places places;
    private final Map<String, String> environment;
    private final Path temporary;

    /**
     * @param temporary where layers lie until they are written
     */
    public ExportService(Places places, Map<String, String> environment, Path temporary) {
        this.places = places;
        this.environment = environment;
        this.temporary = temporary;
    }

    /** One solved graph, from which any number of caches can be made. */
    private final class Run implements AutoCloseable {
        final GraphSession session;
        final ExportOptions options;
        final Map<Digest, TakenResult> taken = new ConcurrentHashMap<>();
        final List<CachedResult> results = new ArrayList<>();
        final Registries registries;
        final SourceOps elsewhere;
        final LayerMaker layers;
        final List<Source> content = new ArrayList<>();
        final ExportResults found = new ExportResults();
        final Optional<Store> store;
        final Optional<RunCaches> stored;

        Run(ExportOptions options, Reporter reporter) throws IOException, InterruptedException {
            this.options = options;
            this.registries = places.registries(options.access());
            this.store = StorePlace.find(options.store(), false, reporter);
            this.stored = store.map(open -> new RunCaches(open, List.of()));
            this.elsewhere = places.sourceOps(options.workspace(), options.access(), store.map(Store::refs), reporter);
            this.session = GraphSession.open(options.graph(), options.workspace(), environment, elsewhere);
            Optional<Instant> epoch = Epoch.of(environment);
            this.layers = new LayerMaker(
                    session.definition(),
                    TemporaryDirectory.create(Places.requireTemporary(temporary), "export"),
                    epoch,
                    reporter);
            try {
                for (Place place : options.content()) {
                    content.add(places.source(place, registries));
                }
                solve(epoch, reporter);
            } catch (IOException | InterruptedException | RuntimeException e) {
                close();
                throw e;
            }
        }

        private void solve(Optional<Instant> epoch, Reporter reporter) throws IOException, InterruptedException {
            LayersOfGraph given = new LayersOfGraph(session, content);
            WorkspaceResults workspace = new WorkspaceResults(
                    session.definition(),
                    session.localFiles(),
                    new ProvenOutputs(
                            new WorkspaceOutputs(session.definition().workspace()),
                            StateFile.read(session.definition().workspace()),
                            new DefinitionKeys(session.cacheMaps())),
                    options.fromWorkspace(),
                    epoch,
                    (vertex, why) -> reporter.warn("\"" + vertex.name() + "\" is left out: " + why));
            VertexOps ops = new VertexOps(
                    session.definition(),
                    session.cacheMaps(),
                    session.localFiles(),
                    (vertex, outputIndex, inputs) -> result(given, workspace, vertex, outputIndex));
            AtomicLong ids = new AtomicLong();
            StorageCacheManager local = new StorageCacheManager(
                    "this run", true, new InMemoryCacheKeyStorage(), found, () -> "run:" + ids.incrementAndGet());
            CacheManager withStore = stored.isPresent()
                    ? new CombinedCacheManager(local, List.of(stored.get().manager()))
                    : local;
            ExecutorService workers = Executors.newFixedThreadPool(GraphSession.THREADS, Threads.named("solve"));
            // What the graph says of a vertex goes before what the store has.
            try (Solver solver = new Solver(
                    ops::of, vertex -> vertex.results().isEmpty() ? withStore : local, workers, SolveListener.NONE)) {
                if (stored.isPresent()) {
                    // Also what lies below a hit, which may have results elsewhere.
                    for (Vertex vertex : session.reachable()) {
                        for (int output = 0; output < vertex.outputCount(); output++) {
                            solver.build(new Edge(vertex, output)).release();
                        }
                    }
                }
                for (Edge target : session.targets()) {
                    results.add(solver.build(target));
                }
            } catch (SolveException e) {
                throw Failures.unwrapped(e);
            } finally {
                workers.shutdownNow();
            }
        }

        private Result result(LayersOfGraph given, WorkspaceResults workspace, Vertex vertex, int outputIndex)
                throws IOException {
            Optional<GivenResult> stands = given.result(vertex, outputIndex);
            if (stands.isPresent()) {
                return stands.get();
            }
            if (vertex.op() instanceof ExecOp) {
                Optional<TakenResult> there = workspace.take(vertex);
                if (there.isPresent()) {
                    taken.put(vertex.digest(), there.get());
                    return there.get();
                }
            }
            return new AbsentResult(vertex, outputIndex);
        }

        GraphCaches caches() {
            return new GraphCaches(session, results, options.publishing(), layers, this::origin);
        }

        private Optional<Result> origin(List<Descriptor> wanted) {
            return found.origin(wanted).or(() -> stored.flatMap(caches -> caches.origin(wanted)));
        }

        @Override
        public void close() throws IOException {
            registries.close();
            elsewhere.close();
            try {
                results.forEach(CachedResult::release);
                for (Source source : content) {
                    source.close();
                }
            } finally {
                layers.close();
                found.close();
                stored.ifPresent(RunCaches::close);
                if (store.isPresent()) {
                    store.get().close();
                }
            }
        }
    }

    @Override
    public byte[] config(ExportOptions options, Reporter reporter) throws IOException, InterruptedException {
        try (Run run = new Run(options, reporter)) {
            return run.caches().config(options.mode());
        }
    }

    @Override
    public PublishAnswer export(ExportOptions options, Reporter reporter) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (Run run = new Run(options, reporter)) {
            long bytesToPack = run.taken.values().stream()
                    .mapToLong(taken -> taken.tree().totalBytes())
                    .sum();
            reporter.phase("packing", "vertex", run.taken.size(), bytesToPack);
            GraphCaches caches = run.caches();
            PublishAnswer answer = caches.publish(places, run.registries, reporter, begin);
            if (run.store.isPresent()) {
                caches.remember(run.store.get());
            }
            return answer;
        }
    }
}
