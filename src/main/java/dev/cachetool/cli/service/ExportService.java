package dev.cachetool.cli.service;

import dev.cachetool.cli.command.ExportOptions;
import dev.cachetool.cli.command.PublishAnswer;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.content.Compression;
import dev.cachetool.content.Source;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifactWriter;
import dev.cachetool.remotecache.CacheChains;
import dev.cachetool.remotecache.NormalizedChains;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.CacheExport;
import dev.cachetool.solver.CacheExportOptions;
import dev.cachetool.solver.CacheExporter;
import dev.cachetool.solver.CacheExporterRecord;
import dev.cachetool.solver.CachedResult;
import dev.cachetool.solver.ExportMode;
import dev.cachetool.solver.InMemoryCacheKeyStorage;
import dev.cachetool.solver.InMemoryCacheResultStorage;
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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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

    /** How the records for a target are made; targets that agree in it share them. */
    private record Recipe(ExportMode mode, LayerMaker.Form form) {}

    /** The records for a target, with what is noted beside them. */
    private record Made(NormalizedChains chains, Map<CacheExporterRecord, CacheExporter> records) {}

    /** One solved graph, from which any number of caches can be made. */
    private final class Run implements AutoCloseable {
        final GraphSession session;
        final ExportOptions options;
        final Map<Digest, TakenResult> taken = new ConcurrentHashMap<>();
        final List<CachedResult> results = new ArrayList<>();
        final Map<Recipe, Made> made = new LinkedHashMap<>();
        final Registries registries;
        final SourceOps elsewhere;
        final LayerMaker layers;
        final List<Source> content = new ArrayList<>();

        Run(ExportOptions options, Reporter reporter) throws IOException, InterruptedException {
            this.options = options;
            this.registries = places.registries(options.access());
            this.elsewhere = places.sourceOps(options.workspace(), options.access(), Optional.empty(), reporter);
            this.session = GraphSession.open(options.graph(), options.workspace(), environment, elsewhere);
            Optional<Instant> epoch = Epoch.of(environment);
            this.layers = new LayerMaker(
                    session.definition().workspace(),
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
                    "this run",
                    true,
                    new InMemoryCacheKeyStorage(),
                    new InMemoryCacheResultStorage(LayerMaker::asItIs),
                    () -> "run:" + ids.incrementAndGet());
            ExecutorService workers = Executors.newFixedThreadPool(GraphSession.THREADS, Threads.named("solve"));
            try (Solver solver = new Solver(ops::of, vertex -> local, workers, SolveListener.NONE)) {
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

        Made make(Recipe recipe) throws IOException {
            Made known = made.get(recipe);
            if (known != null) {
                return known;
            }
            CacheChains chains = new CacheChains();
            IdentityHashMap<CacheExporterRecord, CacheExporter> records = new IdentityHashMap<>();
            CacheExport export = new CacheExport(
                    chains,
                    new CacheExportOptions(
                            recipe.mode(), options.exportRoots(), options.ignoreBacklinks(), layers.in(recipe.form())),
                    (exporter, record) -> records.put(record, exporter));
            for (CachedResult result : results) {
                export.add(result);
            }
            Made fresh = new Made(chains.normalize(), records);
            made.put(recipe, fresh);
            return fresh;
        }

        /** The records for the target that was first. */
        Optional<NormalizedChains> first() {
            return made.values().stream().map(Made::chains).findFirst();
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
            }
        }
    }

    @Override
    public byte[] config(ExportOptions options, Reporter reporter) throws IOException, InterruptedException {
        try (Run run = new Run(options, reporter)) {
            LayerMaker.Form form = new LayerMaker.Form(Compression.ZSTD, Compression.ZSTD.defaultLevel(), false);
            return run.make(new Recipe(options.mode(), form)).chains().config().toBytes();
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
            ExportNotes notes = new ExportNotes(run.session);
            Map<Recipe, Notes> noted = new HashMap<>();
            Publication publication = new Publication(places, run.registries, options.failOnConflict(), reporter);
            for (ExportOptions.To to : options.targets()) {
                publication.to(to.target(), () -> {
                    Recipe recipe = new Recipe(to.mode(), form(to.target()));
                    Made made = run.make(recipe);
                    if (!noted.containsKey(recipe)) {
                        noted.put(recipe, notes.of(made.chains(), made.records(), run.taken));
                    }
                    return writer(to.target()).contents(made.chains(), noted.getOrDefault(recipe, Notes.NONE));
                });
            }
            NormalizedChains chains = run.first().orElseGet(() -> new CacheChains().normalize());
            return publication.answer(List.of(), chains, (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private static CacheArtifactWriter writer(TargetSpec spec) {
        ArtifactForm form = spec.imageManifest() ? ArtifactForm.IMAGE_MANIFEST : ArtifactForm.INDEX;
        return new CacheArtifactWriter(form, spec.ociMediaTypes());
    }

    private static LayerMaker.Form form(TargetSpec target) {
        Compression compression = target.compression().kind();
        return new LayerMaker.Form(
                compression,
                target.compression().level().orElse(compression.defaultLevel()),
                target.compression().force());
    }
}
