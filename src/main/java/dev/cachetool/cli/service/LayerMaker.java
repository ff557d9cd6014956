package dev.cachetool.cli.service;

import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Compression;
import dev.cachetool.content.LayerConverter;
import dev.cachetool.content.LayerPacker;
import dev.cachetool.content.LayerTimes;
import dev.cachetool.content.PackedLayer;
import dev.cachetool.content.Provider;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.solver.CacheExportOptions.Transfer;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import dev.cachetool.step.GivenResult;
import dev.cachetool.step.TakenResult;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes layers of results that have none, and converts those in another compression where that is forced. What was made
 * lies in a temporary folder until this is closed. Not for several threads.
 */
final class LayerMaker implements Provider, Closeable {
    private final Path workspace;
    private final TemporaryDirectory folder;
    private final Optional<Instant> sourceDateEpoch;
    private final Reporter reporter;
    private final Map<String, List<Remote>> made = new HashMap<>();
    private final Map<Digest, Blob> blobs = new HashMap<>();
    private int files;

    LayerMaker(Path workspace, TemporaryDirectory folder, Optional<Instant> sourceDateEpoch, Reporter reporter) {
        this.workspace = workspace;
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
            }
            return known;
        };
    }

    /** The forms in which a result can be transferred as it is: those that the graph says so of. */
    static List<Remote> asItIs(Result result) {
        return result instanceof GivenResult given && given.transferable() ? List.of(given.remote()) : List.of();
    }

    private List<Remote> make(Result result, Form form) throws IOException {
        if (result instanceof TakenResult taken) {
            return List.of(pack(taken, form));
        }
        if (result instanceof GivenResult given) {
            return List.of(form.force() ? convert(given.remote(), form) : given.remote());
        }
        return List.of();
    }

    private Remote pack(TakenResult taken, Form form) throws IOException {
        boolean keep = taken.vertex().op() instanceof ExecOp exec && exec.times() == ExecOp.Times.KEEP;
        LayerTimes times =
                keep ? LayerTimes.keep() : sourceDateEpoch.map(LayerTimes::at).orElseGet(LayerTimes::zero);
        reporter.started(taken.vertex().name());
        PackedLayer layer = new LayerPacker(
                        new LayerPacker.Options(form.compression(), form.level(), times, false, GraphSession.THREADS))
                .pack(workspace, taken.tree(), next());
        reporter.advanced(taken.tree().totalBytes());
        reporter.finished(
                "packed",
                taken.vertex().name(),
                taken.tree().totalBytes(),
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
        folder.close();
    }
}
