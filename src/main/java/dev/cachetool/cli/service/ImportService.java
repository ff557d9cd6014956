package dev.cachetool.cli.service;

import dev.cachetool.cli.command.DamagedCacheException;
import dev.cachetool.cli.command.ImportOptions;
import dev.cachetool.cli.command.Materialize;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.command.SolveAnswer;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.content.BadLayerException;
import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobSpool;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.content.UnsafeEntryException;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.registry.RegistryException;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.SolveOptions;
import dev.cachetool.step.DefinitionKeys;
import dev.cachetool.step.ImportedResult;
import dev.cachetool.step.OutputOwners;
import dev.cachetool.step.ProvenOutputs;
import dev.cachetool.step.Restorer;
import dev.cachetool.step.StateFile;
import dev.cachetool.step.UndeclaredOutputException;
import dev.cachetool.step.WorkspaceOutputs;
import dev.cachetool.store.RefResult;
import dev.cachetool.store.Store;
import dev.cachetool.store.UnreadableRefException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Finds which vertices hit, and restores their outputs. A hit whose layer turns out missing or damaged is dropped, and the
 * graph solved again without it.
 */
public final class ImportService implements Services.Importer {
    /** The folder of layers that were pulled and not restored yet. */
    private static final String PULLED = "pulled";

    /** How many layers are pulled at once. */
    private static final int PULLS = 4;

    private final Places places;
    private final Map<String, String> environment;

    public ImportService(Places places, Map<String, String> environment) {
        this.places = places;
        this.environment = environment;
    }

    private record Effort(long milliseconds, long files) {}

    /**
     * Begins to pull what costs a transfer, several layers at once, so that it is there when its turn comes.
     */
    private static ExecutorService pull(BlobSpool spool, List<Forecast.Hit> wanted) {
        ExecutorService pulling = Executors.newFixedThreadPool(PULLS, Threads.named("pull"));
        Set<Digest> seen = new HashSet<>();
        for (Forecast.Hit hit : wanted) {
            if (!(hit.result() instanceof ImportedResult imported)) {
                continue;
            }
            Remote remote = imported.remote();
            for (Descriptor layer : remote.descriptors()) {
                Blob blob = remote.provider().blob(layer);
                if (blob instanceof BlobSpool.Kept && seen.add(layer.digest())) {
                    pulling.execute(() -> {
                        try {
                            spool.fetch(blob);
                        } catch (IOException e) {
                            // It fails again, and is told, when the layer's turn comes.
                        }
                    });
                }
            }
        }
        return pulling;
    }

    @Override
    public SolveAnswer restore(ImportOptions options, Reporter reporter) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Optional<Store> store = StorePlace.find(options.store(), options.strict(), reporter);
        try (SourceOps elsewhere =
                places.sourceOps(options.workspace(), options.access(), store.map(Store::refs), reporter)) {
            GraphSession session = GraphSession.open(
                    options.graph(),
                    options.workspace(),
                    environment,
                    elsewhere,
                    store,
                    workspace -> vertex -> workspace.toString());
            return restore(options, session, store, begin, reporter);
        } finally {
            if (store.isPresent()) {
                store.get().close();
            }
        }
    }

    private SolveAnswer restore(
            ImportOptions options, GraphSession session, Optional<Store> store, long begin, Reporter reporter)
            throws IOException, InterruptedException {
        Path workspace = session.definition().workspace();
        boolean all = options.materialize() == Materialize.ALL;
        Map<Digest, Effort> efforts = new HashMap<>();
        BlobSpool spool = new BlobSpool(workspace.resolve(StateFile.FOLDER).resolve(PULLED));
        try (Sources sources = Sources.open(places, options.sources(), options.access(), options.strict(), reporter);
                Forecast forecast = new Forecast(
                        session,
                        sources.all(),
                        store,
                        SolveOptions.USUAL,
                        Optional.of(spool),
                        options.strict(),
                        reporter)) {
            StateFile state = StateFile.read(workspace);
            DefinitionKeys keys = new DefinitionKeys(session.cacheMaps());
            WorkspaceOutputs outputs = store.isPresent()
                    ? new WorkspaceOutputs(workspace, store.get().fileDigests(workspace))
                    : new WorkspaceOutputs(workspace);
            ProvenOutputs proven = new ProvenOutputs(outputs, state, keys);
            Map<Digest, TreeSet<String>> names = session.namesByDigest();
            Restorer restorer = new Restorer(
                    workspace,
                    outputs,
                    options.preserveSpecial(),
                    warning -> reporter.warn("not restored from " + warning));
            Map<Digest, LayerRow> pulled = new LinkedHashMap<>();
            boolean again = true;
            while (again) {
                again = false;
                forecast.solve(all);
                OutputOwners owners =
                        new OutputOwners(session.definition(), vertex -> resultOf(vertex, forecast, proven));
                List<Forecast.Hit> wanted = new ArrayList<>();
                for (Forecast.Hit hit : wanted(session, forecast, efforts)) {
                    if (restorer.stands(hit.vertex(), hit.record().createdAt(), proven, owners)) {
                        efforts.put(hit.vertex().digest(), new Effort(0, 0));
                    } else {
                        wanted.add(hit);
                    }
                }
                long bytes = 0;
                for (Forecast.Hit hit : wanted) {
                    bytes += hit.bytes();
                }
                reporter.phase("restoring", "vertex", wanted.size(), bytes);
                if (!wanted.isEmpty()) {
                    // Until all is in place, nothing in the workspace is proven to be a result.
                    for (Forecast.Hit hit : wanted) {
                        names.getOrDefault(hit.vertex().digest(), new TreeSet<>())
                                .forEach(state::remove);
                    }
                    state.write();
                }
                ExecutorService pulling = pull(spool, wanted);
                try {
                    for (Forecast.Hit hit : wanted) {
                        Vertex vertex = hit.vertex();
                        long start = System.nanoTime();
                        reporter.started(vertex.name());
                        try {
                            Restorer.Restored restored = restored(session, restorer, hit, owners);
                            reporter.advanced(hit.bytes());
                            for (String name : names.getOrDefault(vertex.digest(), new TreeSet<>())) {
                                state.put(
                                        name,
                                        StateFile.Entry.of(
                                                keys.of(vertex),
                                                restored.tree(),
                                                hit.record().createdAt()));
                            }
                            hit.layers()
                                    .forEach(layer -> pulled.put(
                                            layer.digest(),
                                            new LayerRow(layer, layer.diffId(), Optional.of(LayerRow.Status.PULLED))));
                            efforts.put(
                                    vertex.digest(),
                                    new Effort((System.nanoTime() - start) / 1_000_000, restored.changed()));
                        } catch (RegistryException e) {
                            if (options.strict()) {
                                throw e;
                            }
                            reporter.warn("could not restore \"" + vertex.name() + "\" from " + forecast.placeOf(hit)
                                    + ", it counts as a miss: "
                                    + Failures.problem(e).what());
                            forecast.drop(hit, "its layers could not be pulled");
                            again = true;
                        } catch (DigestMismatchException
                                | BlobNotFoundException
                                | BadLayerException
                                | UnreadableRefException e) {
                            if (options.strict()) {
                                throw DamagedCacheException.restoring(vertex.name(), forecast.placeOf(hit), e);
                            }
                            reporter.warn("could not restore \"" + vertex.name() + "\" from " + forecast.placeOf(hit)
                                    + ", it counts as a miss: " + e.getMessage());
                            forecast.drop(
                                    hit,
                                    e instanceof BlobNotFoundException ? "a layer is missing" : "a layer is damaged");
                            again = true;
                        } catch (UnsafeEntryException | UndeclaredOutputException e) {
                            throw DamagedCacheException.restoring(vertex.name(), forecast.placeOf(hit), e);
                        }
                    }
                } finally {
                    pulling.shutdownNow();
                }
                if (!wanted.isEmpty()) {
                    state.write();
                }
            }
            spool.clear();
            List<VertexRow> rows = rows(session, forecast, efforts);
            long bytes = pulled.values().stream()
                    .mapToLong(layer -> layer.blob().size())
                    .sum();
            return new SolveAnswer(
                    rows, sources.rows(), List.copyOf(pulled.values()), bytes, (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private static Restorer.Restored restored(
            GraphSession session, Restorer restorer, Forecast.Hit hit, OutputOwners owners) throws IOException {
        Vertex vertex = hit.vertex();
        return hit.result() instanceof RefResult ref
                ? restorer.restore(vertex, ref, () -> newestInput(session, vertex), owners, () -> {})
                : restorer.restore(
                        vertex, ((ImportedResult) hit.result()).remote(), newestInput(session, vertex), owners);
    }

    /** The hits that have outputs to restore and were not restored yet, inputs first. */
    private static List<Forecast.Hit> wanted(GraphSession session, Forecast forecast, Map<Digest, Effort> done) {
        Map<Digest, Forecast.Hit> wanted = new LinkedHashMap<>();
        for (Vertex vertex : session.definition().order()) {
            if (vertex.op() instanceof ExecOp && !done.containsKey(vertex.digest())) {
                forecast.hit(vertex).ifPresent(hit -> wanted.putIfAbsent(vertex.digest(), hit));
            }
        }
        return List.copyOf(wanted.values());
    }

    /** The result whose files the vertex's outputs are: the one that was found, else what was restored before. */
    private static Optional<FileTree> resultOf(Vertex vertex, Forecast forecast, ProvenOutputs proven)
            throws IOException {
        Optional<Forecast.Hit> hit = forecast.hit(vertex);
        if (hit.isEmpty()) {
            return proven.of(vertex);
        }
        try {
            return Optional.of(
                    hit.get().result() instanceof RefResult ref
                            ? ref.tree()
                            : ((ImportedResult) hit.get().result()).tree());
        } catch (DigestMismatchException
                | BlobNotFoundException
                | BadLayerException
                | UnsafeEntryException
                | UnreadableRefException e) {
            // Nothing of it can be restored, which is told when its turn comes.
            return Optional.empty();
        }
    }

    private static List<VertexRow> rows(GraphSession session, Forecast forecast, Map<Digest, Effort> efforts)
            throws IOException {
        List<VertexRow> rows = new ArrayList<>();
        List<VertexRow> found = forecast.rows();
        for (int i = 0; i < found.size(); i++) {
            Effort effort = efforts.get(session.definition().vertices().get(i).digest());
            rows.add(
                    effort == null
                            ? found.get(i)
                            : found.get(i)
                                    .withEffort(
                                            OptionalLong.of(effort.milliseconds()), OptionalLong.of(effort.files())));
        }
        return rows;
    }

    /** When the newest file was modified that the vertex takes from the workspace. */
    private static Instant newestInput(GraphSession session, Vertex vertex) throws IOException {
        Instant newest = Instant.EPOCH;
        for (Input input : vertex.inputs()) {
            Vertex from = input.edge().vertex();
            if (!(from.op() instanceof LocalOp)) {
                continue;
            }
            for (TreeEntry entry : session.localFiles().treeOf(from).entries()) {
                Path file = FileNames.resolve(session.definition().workspace(), entry.path());
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    Instant modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                            .toInstant();
                    newest = modified.isAfter(newest) ? modified : newest;
                }
            }
        }
        return newest;
    }
}
