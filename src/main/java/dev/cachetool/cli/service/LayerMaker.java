package dev.cachetool.cli.service;

import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Compression;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerConverter;
import dev.cachetool.content.LayerPacker;
import dev.cachetool.content.LayerTimes;
import dev.cachetool.content.PackedLayer;
import dev.cachetool.content.Provider;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.OpSpec;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.CacheExportOptions.Transfer;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import dev.cachetool.step.GivenResult;
import dev.cachetool.step.TakenResult;
import dev.cachetool.store.RefResult;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes layers of results that have none, and converts those in another compression where that is forced. What was made
 * lies in a temporary folder until this is closed. Not for several threads.
 */
final class LayerMaker implements Provider, Closeable {
    private final Definition definition;
    private final Path workspace;
    private final TemporaryDirectory folder;
    private final Optional<Instant> sourceDateEpoch;
    private final Reporter reporter;
    private final Map<String, List<Remote>> made = new HashMap<>();
    private final Map<Digest, Blob> blobs = new HashMap<>();
    private final Map<Digest, Result> origins = new HashMap<>();
    private final Map<RefResult, Remote> packed = new LinkedHashMap<>();
    private int files;

    LayerMaker(Definition definition, TemporaryDirectory folder, Optional<Instant> sourceDateEpoch, Reporter reporter) {
        this.definition = definition;
        this.workspace = definition.workspace();
        this.folder = folder;
        this.sourceDateEpoch = sourceDateEpoch;
        this.reporter = reporter;
    }

    /** How the layers of a target are compressed. */
    record Form(Compression compression, int level, boolean force) {}

    /** Makes results transferable in that form; the same result in the same form is made once. */
    Transfer in(Form form) {
        return result -> {
            String id = result.id() + " " + form;
            List<Remote> known = made.get(id);
            if (known == null) {
                known = make(result, form);
                made.put(id, known);
                known.forEach(remote -> origins.put(Notes.resultKey(remote.descriptors()), result));
            }
            return known;
        };
    }

    /** What layers were made of, where they were made here. */
    Optional<Result> origin(List<Descriptor> layers) {
        return Optional.ofNullable(origins.get(Notes.resultKey(layers)));
    }

    /** The results of a store that had no layers before they were packed here, with what was made of them. */
    Map<RefResult, Remote> packed() {
        return packed;
    }

    private List<Remote> make(Result result, Form form) throws IOException {
        if (result instanceof TakenResult taken) {
            return List.of(pack(taken.vertex().name(), timesOf(taken.vertex().op()), workspace, taken.tree(), form));
        }
        if (result instanceof GivenResult given) {
            return List.of(form.force() ? convert(given.remote(), form) : given.remote());
        }
        if (result instanceof RefResult ref) {
            return List.of(pack(ref, form));
        }
        return List.of();
    }

    private Remote pack(RefResult ref, Form form) throws IOException {
        String name = ref.ref().metadata().description();
        LayerTimes times =
                definition.find(name).map(vertex -> timesOf(vertex.op())).orElseGet(this::usualTimes);
        Remote remote = pack(name, times, ref.mount(), ref.tree(), form);
        packed.put(ref.again(), remote);
        return remote;
    }

    private LayerTimes timesOf(OpSpec op) {
        return op instanceof ExecOp exec && exec.times() == ExecOp.Times.KEEP ? LayerTimes.keep() : usualTimes();
    }

    private LayerTimes usualTimes() {
        return sourceDateEpoch.map(LayerTimes::at).orElseGet(LayerTimes::zero);
    }

    private Remote pack(String name, LayerTimes times, Path root, FileTree tree, Form form) throws IOException {
        reporter.started(name);
        PackedLayer layer = new LayerPacker(
                        new LayerPacker.Options(form.compression(), form.level(), times, false, GraphSession.THREADS))
                .pack(root, tree, next());
        reporter.advanced(tree.totalBytes());
        reporter.finished(
                "packed",
                name,
                tree.totalBytes(),
                form.compression().word() + " "
                        + Figures.size(layer.descriptor().size()));
        blobs.put(layer.descriptor().digest(), layer);
        return new Remote(List.of(layer.descriptor()), this);
    }

    private Path next() {
        return folder.path().resolve("layer-" + ++files);
    }

    /** The same layers, those in another compression converted; diffIDs stay what they are. */
    private Remote convert(Remote remote, Form form) throws IOException {
        LayerConverter converter =
                new LayerConverter(folder.path(), form.compression(), form.level(), GraphSession.THREADS);
        List<Descriptor> layers = new ArrayList<>();
        for (Descriptor layer : remote.descriptors()) {
            Blob converted = converter.convert(remote.provider().blob(layer));
            blobs.putIfAbsent(converted.descriptor().digest(), converted);
            layers.add(converted.descriptor());
        }
        return new Remote(layers, this);
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        Blob known = blobs.get(blob.digest());
        if (known == null) {
            throw new BlobNotFoundException(blob.digest(), "what was packed");
        }
        return known.open();
    }

    @Override
    public Blob blob(Descriptor blob) {
        Blob known = blobs.get(blob.digest());
        return known == null ? Blob.in(this, blob) : known;
    }

    @Override
    public boolean contains(Descriptor blob) {
        return blobs.containsKey(blob.digest());
    }

    @Override
    public void close() throws IOException {
        packed.keySet().forEach(RefResult::release);
        packed.clear();
        folder.close();
    }
}
