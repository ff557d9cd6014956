package dev.cachetool.cli.service;

import dev.cachetool.cli.command.PublishAnswer;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.content.Blob;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifactWriter;
import dev.cachetool.remotecache.CacheConfig;
import dev.cachetool.remotecache.CacheContents;
import dev.cachetool.remotecache.CachePublisher;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.NormalizedChains;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Publishes a cache to the targets of one command, one after another, and keeps what is to be said of it. A target that
 * fails is a row, and the others go on.
 */
final class Publication {
    private final Places places;
    private final Registries registries;
    private final boolean failOnConflict;
    private final Reporter reporter;
    private final List<TargetRow> targets = new ArrayList<>();
    private final Map<Digest, LayerRow> layers = new LinkedHashMap<>();
    private long bytesMoved;

    Publication(Places places, Registries registries, boolean failOnConflict, Reporter reporter) {
        this.places = places;
        this.registries = registries;
        this.failOnConflict = failOnConflict;
        this.reporter = reporter;
    }

    /** Makes what goes to a target. */
    @FunctionalInterface
    interface Maker {
        /** The contents; empty where there is nothing to publish. */
        Optional<CacheContents> make() throws IOException;
    }

    /** Wraps caches as the target wants them. */
    static CacheArtifactWriter writer(TargetSpec spec) {
        ArtifactForm form = spec.imageManifest() ? ArtifactForm.IMAGE_MANIFEST : ArtifactForm.INDEX;
        return new CacheArtifactWriter(form, spec.ociMediaTypes());
    }

    /**
     * Publishes to a target.
     *
     * @throws IOException if the command was interrupted
     */
    void to(TargetSpec spec, Maker maker) throws IOException, InterruptedException {
        attempt(spec, () -> publish(spec, maker.make()));
    }

    /**
     * Tells what would be published to a target.
     *
     * @throws IOException if the command was interrupted
     */
    void dryRun(TargetSpec spec, Maker maker) throws IOException, InterruptedException {
        attempt(spec, () -> look(spec, maker.make()));
    }

    private interface Attempt {
        void run() throws IOException, InterruptedException;
    }

    private void attempt(TargetSpec spec, Attempt attempt) throws IOException, InterruptedException {
        try {
            attempt.run();
        } catch (IOException e) {
            Problem problem = Failures.problem(e);
            if (problem.code() == ExitCode.INTERRUPTED) {
                throw e;
            }
            row(spec, Optional.empty(), Optional.empty(), TargetRow.Status.FAILED, Optional.of(problem));
        }
    }

    private void row(
            TargetSpec spec,
            Optional<Digest> digest,
            Optional<ArtifactForm> form,
            TargetRow.Status status,
            Optional<Problem> problem) {
        targets.add(new TargetRow(spec.place(), digest, form, status, problem, spec.ignoreError()));
    }

    private void publish(TargetSpec spec, Optional<CacheContents> contents) throws IOException, InterruptedException {
        boolean toRegistry = spec.place() instanceof Place.Registry;
        if (contents.isEmpty()) {
            row(spec, Optional.empty(), Optional.empty(), TargetRow.Status.NOTHING, Optional.empty());
            return;
        }
        warnOfSize(contents.get(), spec.place());
        reporter.phase(
                toRegistry ? "pushing" : "writing",
                "layer",
                contents.get().layers().size(),
                contents.get().layerBytes());
        try (Target target = places.target(spec, registries, reporter::advanced)) {
            CachePublisher.Published published = new CachePublisher(failOnConflict)
                    .publish(contents.get(), target, Places.tag(spec.place()), (layer, ingested) -> {
                        // What goes to a registry was told while it went.
                        if (!toRegistry || ingested != Ingested.WRITTEN) {
                            reporter.advanced(layer.size());
                        }
                        done(layer, status(ingested, toRegistry));
                    });
            if (spec.reset()) {
                places.reset(target);
            }
            bytesMoved += published.bytesWritten();
            published
                    .other()
                    .ifPresent(other -> reporter.warn("another client wrote "
                            + other.shortText() + " at " + spec.place().name()
                            + " in the meantime; this cache is there by its digest\n"
                            + "to keep jobs apart give each a tag of its own, or use --on-conflict=fail"));
            TargetRow.Status status = switch (published.outcome()) {
                case WRITTEN -> toRegistry ? TargetRow.Status.PUSHED : TargetRow.Status.WRITTEN;
                case UNCHANGED -> TargetRow.Status.UNCHANGED;
                case NOTHING -> TargetRow.Status.NOTHING;
            };
            row(spec, published.manifest(), Optional.of(contents.get().form()), status, Optional.empty());
        }
    }

    private static LayerRow.Status status(Ingested ingested, boolean toRegistry) {
        return switch (ingested) {
            case EXISTS -> LayerRow.Status.EXISTS;
            case MOUNTED -> LayerRow.Status.MOUNTED;
            case WRITTEN -> toRegistry ? LayerRow.Status.PUSHED : LayerRow.Status.WRITTEN;
        };
    }

    private synchronized void done(Descriptor layer, LayerRow.Status status) {
        layers.putIfAbsent(layer.digest(), new LayerRow(layer, layer.diffId(), Optional.of(status)));
        reporter.finished(status.word(), layer.digest().shortText(), layer.size(), "");
    }

    /** Asks what is there, and moves nothing. */
    private void look(TargetSpec spec, Optional<CacheContents> contents) throws IOException {
        if (contents.isEmpty()) {
            row(spec, Optional.empty(), Optional.empty(), TargetRow.Status.NOTHING, Optional.empty());
            return;
        }
        try (Target target = places.target(spec, registries, bytes -> {})) {
            boolean all = true;
            for (Blob layer : contents.get().layers()) {
                Ingested would = target.foresee(layer);
                all &= would == Ingested.EXISTS;
                bytesMoved += would == Ingested.WRITTEN ? layer.descriptor().size() : 0;
                done(layer.descriptor(), status(would, spec.place() instanceof Place.Registry));
            }
            Digest manifest = contents.get().manifest().digest();
            boolean same = all && target.digestOf(Places.tag(spec.place())).equals(Optional.of(manifest));
            TargetRow.Status status = same
                    ? TargetRow.Status.UNCHANGED
                    : spec.place() instanceof Place.Registry ? TargetRow.Status.PUSHED : TargetRow.Status.WRITTEN;
            row(spec, Optional.of(manifest), Optional.of(contents.get().form()), status, Optional.empty());
        }
    }

    /** BuildKit reads nothing above its limit, and says so only in passing. */
    private void warnOfSize(CacheContents contents, Place place) {
        for (Blob document : contents.documents()) {
            warnOfSize("cache config", document.descriptor(), contents.isConfig(document), place);
        }
        warnOfSize("manifest", contents.manifest().descriptor(), true, place);
    }

    private void warnOfSize(String what, Descriptor document, boolean counts, Place place) {
        if (counts && document.size() > CacheConfig.BUILDKIT_LIMIT) {
            reporter.warn("the " + what + " for " + place.name() + " has " + document.size()
                    + " bytes: BuildKit refuses one of more than " + CacheConfig.BUILDKIT_LIMIT
                    + "; cachetool reads it");
        }
    }

    /** What became of the targets so far, in order. */
    List<TargetRow> targets() {
        return List.copyOf(targets);
    }

    /**
     * What is to be said of all of it.
     *
     * @param chains the records of the cache
     */
    PublishAnswer answer(List<SourceRow> sources, NormalizedChains chains, long milliseconds) {
        long links = 0;
        long results = 0;
        for (ChainRecord record : chains.records()) {
            for (List<ChainRecord.ChainLink> input : record.inputs()) {
                links += input.size();
            }
            results += record.results().isEmpty() ? 0 : 1;
        }
        Map<Digest, Long> sizes = new LinkedHashMap<>();
        for (LayerRow layer : layers.values()) {
            sizes.put(layer.blob().digest(), layer.blob().size());
        }
        if (sizes.isEmpty()) {
            chains.layers().forEach(layer -> sizes.put(layer.digest(), layer.size()));
        }
        return new PublishAnswer(
                List.of(),
                sources,
                targets,
                List.copyOf(layers.values()),
                chains.records().size(),
                links,
                results,
                sizes.values().stream().mapToLong(Long::longValue).sum(),
                bytesMoved,
                milliseconds);
    }
}
