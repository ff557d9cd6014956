package dev.cachetool.cli.service;

import dev.cachetool.cli.command.DamagedCacheException;
import dev.cachetool.cli.command.Materialize;
import dev.cachetool.cli.command.PublishAnswer;
import dev.cachetool.cli.command.RunAnswer;
import dev.cachetool.cli.command.RunOptions;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.StepReporter;
import dev.cachetool.content.BadLayerException;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.FileChangedException;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.content.UnsafeEntryException;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.registry.RegistryException;
import dev.cachetool.solver.CachedResult;
import dev.cachetool.solver.SolveException;
import dev.cachetool.solver.SolveOptions;
import dev.cachetool.solver.Solver;
import dev.cachetool.step.CheckedSteps;
import dev.cachetool.step.DefinitionKeys;
import dev.cachetool.step.Isolations;
import dev.cachetool.step.PendingResult;
import dev.cachetool.step.ProvenOutputs;
import dev.cachetool.step.Restorer;
import dev.cachetool.step.StateFile;
import dev.cachetool.step.StepRunner;
import dev.cachetool.step.StepSettings;
import dev.cachetool.step.Steps;
import dev.cachetool.step.UndeclaredOutputException;
import dev.cachetool.step.VertexOps;
import dev.cachetool.step.WorkspaceOutputs;
import dev.cachetool.store.DamagedRefException;
import dev.cachetool.store.Store;
import dev.cachetool.store.UnreadableRefException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One run of a graph. A hit whose content turns out to be lost is dropped, and the graph solved once more without it: what
 * was executed by then is not executed again. Not for several threads.
 */
final class GraphRun implements Closeable {
    private final GraphSession session;
    private final Store store;
    private final Sources sources;
    private final Places places;
    private final Map<String, String> environment;
    private final Path temporary;
    private final RunOptions options;
    private final Reporter reporter;
    private final StepReporter stepReporter;
    private final PartsFile parts;
    private final RunCaches caches;
    private final RunLog log;
    private final Materializer materializer;
    private final StepExecution execution;
    private final SolveOptions solving;
    private final ExecutorService workers;

    GraphRun(
            GraphSession session,
            Store store,
            Sources sources,
            SourceOps elsewhere,
            Isolations isolations,
            Places places,
            Map<String, String> environment,
            Path temporary,
            RunOptions options,
            Reporter reporter,
            StepReporter stepReporter)
            throws IOException {
        this.session = session;
        this.store = store;
        this.sources = sources;
        this.places = places;
        this.environment = environment;
        this.temporary = temporary;
        this.options = options;
        this.reporter = reporter;
        this.stepReporter = stepReporter;
        this.caches = new RunCaches(store, sources.all());
        this.parts = new PartsFile(session.definition().workspace());
        MissReasons reasons = new MissReasons(
                session,
                sources.all(),
                true,
                IgnoredCaches.of(session, options.how().reuse()),
                parts);
        this.log = new RunLog(reasons::of, this::found, stepReporter);
        Path workspace = session.definition().workspace();
        WorkspaceOutputs outputs = new WorkspaceOutputs(workspace, store.fileDigests(workspace));
        StateFile state = StateFile.read(workspace);
        DefinitionKeys keys = new DefinitionKeys(session.cacheMaps());
        this.materializer = new Materializer(
                session,
                new Restorer(
                        workspace,
                        outputs,
                        options.preserveSpecial(),
                        warning -> reporter.warn("not restored from " + warning)),
                state,
                new ProvenOutputs(outputs, state, keys),
                keys);
        StepRunner runner = new StepRunner(
                store,
                new StepSettings(
                        workspace.toRealPath(),
                        environment,
                        Epoch.of(environment).map(Timestamp::of),
                        GraphSession.THREADS),
                isolations);
        Steps steps = options.how().checkInputs() ? new CheckedSteps(runner) : runner;
        this.execution = new StepExecution(
                workspace,
                store,
                steps,
                elsewhere,
                new LayersOfGraph(session, List.of()),
                vertex -> bringInputs(vertex, isolations),
                log,
                reporter,
                stepReporter,
                options.how().jobs());
        this.solving = new SolveOptions(
                IgnoredCaches.of(session, options.how().reuse()), options.how().keepGoing());
        this.workers = Executors.newFixedThreadPool(options.how().jobs() + GraphSession.THREADS, Threads.named("run"));
    }

    /** A step in the workspace itself finds its inputs there. */
    private void bringInputs(Vertex vertex, Isolations isolations) throws IOException {
        if (isolations.of((ExecOp) vertex.op()) == ExecOp.Isolation.NONE) {
            materializer.restore(
                    vertex.inputs().stream().map(input -> input.edge().vertex()).toList(), log::result);
        }
    }

    /** A result was loaded: what its step printed is shown again where that is wanted. */
    private void found(RunLog.Hit hit) {
        String name = hit.vertex().name();
        if (options.how().replay()) {
            try {
                byte[] printed = store.printed(hit.result().id());
                for (String line : RunLines.of(printed)) {
                    stepReporter.replayed(name, line);
                }
            } catch (IOException e) {
                reporter.warn("could not read what \"" + name + "\" printed: " + e.getMessage());
            }
        }
        stepReporter.ended(name, Status.HIT, caches.placeOf(hit.record()).name(), 0);
    }

    /**
     * Runs it.
     *
     * @param begin when the command began, by {@link System#nanoTime}
     */
    RunAnswer run(long begin) throws IOException, InterruptedException {
        stepReporter.begin(items());
        VertexOps ops = new VertexOps(session.definition(), session.cacheMaps(), session.localFiles(), execution);
        while (true) {
            try (Solver solver = new Solver(ops::of, vertex -> caches.manager(), solving, workers, log)) {
                List<Solver.Built> built = solver.buildAll(session.targets());
                try {
                    Optional<UnreadableRefException> unreadable = unreadable(built);
                    if (unreadable.isPresent()) {
                        drop(unreadable.get());
                        continue;
                    }
                    throwOthers(built);
                    if (log.failures().isEmpty()) {
                        materialize();
                        if (log.anyExecuted()) {
                            parts.write(session);
                        }
                    }
                    stepReporter.end();
                    Optional<PublishAnswer> published = log.failures().isEmpty()
                                    && !options.publishing().targets().isEmpty()
                            ? Optional.of(publish(built, begin))
                            : Optional.empty();
                    return new RunRows(session, caches, log, materializer).answer(sources.rows(), published, begin);
                } catch (UnreadableRefException e) {
                    drop(e);
                } finally {
                    built.forEach(one -> one.result().ifPresent(CachedResult::release));
                }
            }
        }
    }

    /** Writes the cache to the targets, now that everything succeeded. */
    private PublishAnswer publish(List<Solver.Built> built, long begin) throws IOException, InterruptedException {
        List<CachedResult> results = new ArrayList<>();
        built.forEach(one -> one.result().ifPresent(results::add));
        reporter.phase("packing", "vertex", 0, 0);
        try (LayerMaker layers = new LayerMaker(
                        session.definition(),
                        TemporaryDirectory.create(Places.requireTemporary(temporary), "run"),
                        Epoch.of(environment),
                        reporter);
                Registries registries = places.registries(options.access())) {
            GraphCaches made = new GraphCaches(session, results, options.publishing(), layers, caches::origin);
            PublishAnswer answer = made.publish(places, registries, reporter, begin);
            made.remember(store);
            return answer;
        }
    }

    private List<StepReporter.Item> items() {
        List<StepReporter.Item> items = new ArrayList<>();
        for (Vertex vertex : session.reachable()) {
            if (!(vertex.op() instanceof LocalOp)) {
                List<String> inputs = new ArrayList<>();
                for (Input input : vertex.inputs()) {
                    if (!(input.edge().vertex().op() instanceof LocalOp)) {
                        inputs.add(input.edge().vertex().name());
                    }
                }
                items.add(new StepReporter.Item(vertex.name(), inputs));
            }
        }
        return items;
    }

    private void materialize() throws IOException, InterruptedException {
        if (options.materialize() == Materialize.ALL) {
            lookForAll();
            materializer.restore(session.definition().order(), log::result);
            return;
        }
        Set<Vertex> targets = new HashSet<>();
        session.targets().forEach(target -> targets.add(target.vertex()));
        materializer.restore(
                session.definition().order().stream().filter(targets::contains).toList(), log::result);
    }

    /** Looks for results of what nobody needed as well, also below other hits; executes nothing. */
    private void lookForAll() throws IOException, InterruptedException {
        VertexOps ops = new VertexOps(
                session.definition(),
                session.cacheMaps(),
                session.localFiles(),
                (vertex, outputIndex, inputs) -> new PendingResult(vertex, outputIndex));
        try (Solver solver = new Solver(ops::of, vertex -> caches.manager(), solving, workers, log.forHits())) {
            List<Edge> edges = session.allEdges().stream()
                    .filter(edge -> !(edge.vertex().op() instanceof LocalOp))
                    .toList();
            List<Solver.Built> built = solver.buildAll(edges);
            built.forEach(one -> one.result().ifPresent(CachedResult::release));
            throwOthers(built);
        }
    }

    /** The first result among the reasons of failures that could not be read. */
    private static Optional<UnreadableRefException> unreadable(List<Solver.Built> built) {
        for (Solver.Built one : built) {
            for (Throwable cause = one.failure().orElse(null); cause != null; cause = cause.getCause()) {
                if (cause instanceof UnreadableRefException e) {
                    return Optional.of(e);
                }
            }
        }
        return Optional.empty();
    }

    /** Throws what went wrong and is no failure of a vertex that was executed. */
    private void throwOthers(List<Solver.Built> built) throws IOException {
        if (!log.failures().isEmpty()) {
            return;
        }
        for (Solver.Built one : built) {
            Optional<SolveException> failure = one.failure();
            if (failure.isPresent() && !(failure.get().getCause() instanceof CancellationException)) {
                throw Failures.unwrapped(failure.get());
            }
        }
    }

    /** Goes on without a result that cannot be read, where that is no error. */
    private void drop(UnreadableRefException e) throws IOException {
        IOException cause = e.failure();
        Optional<RunLog.Hit> hit = log.hitOf(e.id());
        String name = hit.map(found -> found.vertex().name()).orElse("a vertex");
        String place = hit.map(found -> caches.placeOf(found.record()).name()).orElse("the local store");
        if (cause instanceof UnsafeEntryException
                || cause instanceof UndeclaredOutputException
                || (options.strict() && isLoss(cause) && !(cause instanceof RegistryException))) {
            throw DamagedCacheException.restoring(name, place, cause);
        }
        if (!isLoss(cause) || options.strict()) {
            throw cause;
        }
        reporter.warn("could not read the result of \"" + name + "\" from " + place + ", it counts as a miss: "
                + Failures.problem(cause).what());
        hit.ifPresent(found -> log.lost(
                found.vertex(),
                cause instanceof RegistryException
                        ? "its layers could not be pulled"
                        : cause instanceof BlobNotFoundException ? "a layer is missing" : "a layer is damaged"));
        caches.drop(e.id());
        log.again();
    }

    /** Whether the content is lost where it lay; a full disk is no such thing. */
    static boolean isLoss(IOException e) {
        return e instanceof RegistryException
                || e instanceof DigestMismatchException
                || e instanceof BlobNotFoundException
                || e instanceof BadLayerException
                || e instanceof DamagedRefException
                || e instanceof FileChangedException
                || e instanceof NoSuchFileException;
    }

    @Override
    public void close() {
        workers.shutdownNow();
        execution.close();
        log.close();
        caches.close();
    }
}
