package dev.cachetool.cli.service;

import dev.cachetool.cli.command.BadEnvironmentException;
import dev.cachetool.cli.command.ExportAnswer;
import dev.cachetool.cli.command.ExportOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.content.Compression;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.content.Source;
import dev.cachetool.content.Target;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifactWriter;
import dev.cachetool.remotecache.CacheChains;
import dev.cachetool.remotecache.CacheConfig;
import dev.cachetool.remotecache.ChainRecord;
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
import dev.cachetool.step.WorkspaceResults;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        final Map<Recipe, Made> made = new HashMap<>();
        final LayerMaker layers;
        final List<Source> content = new ArrayList<>();

        Run(ExportOptions options, Reporter reporter) throws IOException, InterruptedException {
            this.options = options;
            this.session = GraphSession.open(options.graph(), options.workspace(), environment);
            Optional<Instant> epoch = sourceDateEpoch();
            this.layers = new LayerMaker(
                    session.definition().workspace(),
                    TemporaryDirectory.create(Places.requireTemporary(temporary), "export"),
                    epoch,
                    reporter);
            try {
                for (Place place : options.content()) {
                    content.add(places.source(place));
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
                            session.definition().workspace(),
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
                for (Edge target : session.definition().targets()) {
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

        @Override
        public void close() throws IOException {
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
    public ExportAnswer export(ExportOptions options, Reporter reporter) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (Run run = new Run(options, reporter)) {
            long bytesToPack = run.taken.values().stream()
                    .mapToLong(taken -> taken.tree().totalBytes())
                    .sum();
            reporter.phase("packing", "vertex", run.taken.size(), bytesToPack);
            ExportNotes notes = new ExportNotes(run.session);
            Map<Recipe, Notes> noted = new HashMap<>();
            List<TargetRow> targets = new ArrayList<>();
            Map<Digest, LayerRow> layers = new LinkedHashMap<>();
            long moved = 0;
            Made first = null;
            for (ExportOptions.To to : options.targets()) {
                TargetSpec target = to.target();
                try {
                    Recipe recipe = new Recipe(to.mode(), form(target));
                    Made made = run.make(recipe);
                    first = first == null ? made : first;
                    if (!noted.containsKey(recipe)) {
                        noted.put(recipe, notes.of(made.chains(), made.records(), run.taken));
                    }
                    warnOfSize(made.chains(), target.place(), reporter);
                    moved += write(
                            target, made.chains(), noted.getOrDefault(recipe, Notes.NONE), targets, layers, reporter);
                } catch (IOException e) {
                    Problem problem = Failures.problem(e);
                    if (problem.code() == ExitCode.INTERRUPTED) {
                        throw e;
                    }
                    targets.add(new TargetRow(
                            target.place(),
                            Optional.empty(),
                            Optional.empty(),
                            TargetRow.Status.FAILED,
                            Optional.of(problem),
                            target.ignoreError()));
                }
            }
            NormalizedChains chains = first == null ? new CacheChains().normalize() : first.chains();
            long links = 0;
            long results = 0;
            for (ChainRecord record : chains.records()) {
                for (List<ChainRecord.ChainLink> input : record.inputs()) {
                    links += input.size();
                }
                results += record.results().isEmpty() ? 0 : 1;
            }
            return new ExportAnswer(
                    List.<VertexRow>of(),
                    targets,
                    List.copyOf(layers.values()),
                    chains.records().size(),
                    links,
                    results,
                    ExportNotes.bytes(chains),
                    moved,
                    (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private long write(
            TargetSpec spec,
            NormalizedChains chains,
            Notes notes,
            List<TargetRow> rows,
            Map<Digest, LayerRow> layers,
            Reporter reporter)
            throws IOException {
        Set<Digest> distinct = new HashSet<>();
        chains.layers().forEach(layer -> distinct.add(layer.digest()));
        reporter.phase("writing", "layer", distinct.size(), ExportNotes.bytes(chains));
        ArtifactForm form = spec.imageManifest() ? ArtifactForm.IMAGE_MANIFEST : ArtifactForm.INDEX;
        CacheArtifactWriter writer = new CacheArtifactWriter(form, spec.ociMediaTypes());
        try (Target target = places.target(spec)) {
            CacheArtifactWriter.Written written =
                    writer.write(chains, notes, target, Places.tag(spec.place()), (layer, ingested) -> {
                        LayerRow.Status status =
                                ingested == Ingested.EXISTS ? LayerRow.Status.EXISTS : LayerRow.Status.WRITTEN;
                        layers.putIfAbsent(layer.digest(), new LayerRow(layer, layer.diffId(), Optional.of(status)));
                        reporter.advanced(layer.size());
                        reporter.finished(status.word(), layer.digest().shortText(), layer.size(), "");
                    });
            if (spec.reset()) {
                places.reset(target);
            }
            TargetRow.Status status = switch (written.outcome()) {
                case WRITTEN -> TargetRow.Status.WRITTEN;
                case UNCHANGED -> TargetRow.Status.UNCHANGED;
                case NOTHING -> TargetRow.Status.NOTHING;
            };
            rows.add(new TargetRow(
                    spec.place(),
                    written.manifest().map(manifest -> manifest.digest()),
                    Optional.of(form),
                    status,
                    Optional.empty(),
                    spec.ignoreError()));
            return written.bytesWritten();
        }
    }

    /** BuildKit reads nothing above its limit, and says so only in passing. */
    private static void warnOfSize(NormalizedChains chains, Place place, Reporter reporter) {
        int size = chains.config().toBytes().length;
        if (size > CacheConfig.BUILDKIT_LIMIT) {
            reporter.warn("the cache config for " + place.name() + " has " + size
                    + " bytes: BuildKit refuses one of more than " + CacheConfig.BUILDKIT_LIMIT
                    + "; cachetool reads it");
        }
    }

    private static LayerMaker.Form form(TargetSpec target) {
        Compression compression = target.compression().kind();
        return new LayerMaker.Form(
                compression,
                target.compression().level().orElse(compression.defaultLevel()),
                target.compression().force());
    }

    /** The instant that SOURCE_DATE_EPOCH names, in seconds since 1970. */
    private Optional<Instant> sourceDateEpoch() throws IOException {
        String value = environment.get("SOURCE_DATE_EPOCH");
        if (value == null || value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(value)));
        } catch (NumberFormatException | DateTimeException e) {
            throw new BadEnvironmentException("SOURCE_DATE_EPOCH", value, "a number of seconds since 1970", e);
        }
    }
}
