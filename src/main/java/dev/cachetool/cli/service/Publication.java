package dev.cachetool.cli.service;

import dev.cachetool.cli.command.PublishAnswer;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.PrunedRow;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobTransfer;
import dev.cachetool.content.IncompleteTransferException;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifactWriter;
import dev.cachetool.remotecache.CacheConfig;
import dev.cachetool.remotecache.CacheContents;
import dev.cachetool.remotecache.CachePrunePolicy.Dropped;
import dev.cachetool.remotecache.CachePublisher;
import dev.cachetool.remotecache.CacheRepair;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.MergingPublisher;
import dev.cachetool.remotecache.NormalizedChains;
import dev.cachetool.remotecache.Offer;
import dev.cachetool.remotecache.OnConflict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Publishes a cache to the targets of one command, one after another, and keeps what is to be said of it. A target that
 * fails is a row, and the others go on.
 */
final class Publication {
    /** How many of the results that are left out are named; all of them are in the JSON. */
    private static final int NAMED = 20;

    private final Places places;
    private final Registries registries;
    private final OnConflict onConflict;
    private final Reporter reporter;
    private final List<TargetRow> targets = new ArrayList<>();
    private final Map<Digest, LayerRow> layers = new LinkedHashMap<>();
    private final List<PrunedRow> leftOut = new ArrayList<>();
    private long bytesMoved;
    private boolean dryRun;
    private boolean repair;
    private Function<Digest, Optional<Place>> holder = digest -> Optional.empty();
    private Optional<NormalizedChains> union = Optional.empty();

    Publication(Places places, Registries registries, OnConflict onConflict, Reporter reporter) {
        this.places = places;
        this.registries = registries;
        this.onConflict = onConflict;
        this.reporter = reporter;
    }

    /**
     * Makes it name the source of a blob that is damaged.
     *
     * @param holder the place that has a blob of the digest
     */
    void from(Function<Digest, Optional<Place>> holder) {
        this.holder = holder;
    }

    private Problem problem(IOException e) {
        Problem problem = Failures.problem(e);
        IOException failure = e instanceof IncompleteTransferException incomplete ? incomplete.failure() : e;
        Optional<Place> place = failure instanceof DigestMismatchException mismatch
                ? holder.apply(mismatch.expected())
                : Optional.empty();
        if (place.isEmpty()) {
            return problem;
        }
        return new Problem(
                problem.code(),
                "could not read " + place.get().name() + ": " + problem.what(),
                List.of("to see what else is damaged there: cachetool verify "
                        + place.get().spec() + " --deep"));
    }

    /** Makes it read what of a cache is at a target, and bring that again that is damaged. */
    void repair() {
        repair = true;
    }

    /** Makes what goes to a target. */
    @FunctionalInterface
    interface Maker {
        Offer make() throws IOException;
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
        dryRun = true;
        attempt(spec, () -> look(spec, maker.make()));
    }

    private interface Attempt {
        void run() throws IOException, InterruptedException;
    }

    private void attempt(TargetSpec spec, Attempt attempt) throws IOException, InterruptedException {
        if (spec.withheld().isPresent()) {
            Problem why = new Problem(
                    ExitCode.DONE,
                    spec.place().name() + " is not written: " + spec.withheld().get(),
                    List.of(TargetRow.HOW_TO_ALLOW));
            row(spec, Optional.empty(), Optional.empty(), TargetRow.Status.SKIPPED, Optional.of(why));
            return;
        }
        try {
            attempt.run();
        } catch (IOException e) {
            Problem problem = problem(e);
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

    private void publish(TargetSpec spec, Offer offer) throws IOException, InterruptedException {
        boolean toRegistry = spec.place() instanceof Place.Registry;
        Optional<CacheContents> contents = offer.alone();
        if (contents.isEmpty()) {
            row(spec, Optional.empty(), Optional.empty(), TargetRow.Status.NOTHING, Optional.empty());
            leftOut(spec, offer);
            return;
        }
        reporter.phase(
                toRegistry ? "pushing" : "writing",
                "layer",
                contents.get().layers().size(),
                contents.get().layerBytes());
        Set<Digest> own = contents.get().layers().stream()
                .map(layer -> layer.descriptor().digest())
                .collect(Collectors.toSet());
        BlobTransfer.Listener listener = (layer, ingested) -> {
            if (!own.contains(layer.digest())) {
                // It stood there, as what is merged with.
                row(layer, LayerRow.Status.EXISTS);
                return;
            }
            // What goes to a registry was told while it went.
            if (!toRegistry || ingested != Ingested.WRITTEN) {
                reporter.advanced(layer.size());
            }
            done(layer, status(ingested, toRegistry));
        };
        String tag = Places.tag(spec.place());
        try (Target target = places.target(spec, registries, reporter::advanced)) {
            if (repair) {
                new CacheRepair(target).run(contents.get(), layer -> damaged(spec, layer));
            }
            CachePublisher.Published published;
            if (onConflict == OnConflict.MERGE) {
                published = new MergingPublisher(offer, target, tag, reporter::warn).publish(listener);
                published.contents().ifPresent(written -> warnOfSize(written, spec.place()));
                published.union().ifPresent(this::merged);
            } else {
                warnOfSize(contents.get(), spec.place());
                published = new CachePublisher(onConflict == OnConflict.FAIL)
                        .publish(contents.get(), target, tag, listener);
            }
            if (spec.reset()) {
                places.reset(target);
            }
            bytesMoved += published.bytesWritten();
            published
                    .other()
                    .ifPresent(other -> reporter.warn("another client wrote "
                            + other.shortText() + " at " + spec.place().name()
                            + " in the meantime; this cache is there by its digest\n"
                            + "to keep what all of them wrote, use --on-conflict=merge"));
            TargetRow.Status status = switch (published.outcome()) {
                case WRITTEN -> toRegistry ? TargetRow.Status.PUSHED : TargetRow.Status.WRITTEN;
                case UNCHANGED -> TargetRow.Status.UNCHANGED;
                case NOTHING -> TargetRow.Status.NOTHING;
            };
            row(spec, published.manifest(), Optional.of(contents.get().form()), status, Optional.empty());
            leftOut(spec, offer);
        }
    }

    private void damaged(TargetSpec spec, Descriptor blob) {
        reporter.warn(blob.digest().shortText() + " in " + spec.place().name() + " is damaged, and brought again");
    }

    private static LayerRow.Status status(Ingested ingested, boolean toRegistry) {
        return switch (ingested) {
            case EXISTS -> LayerRow.Status.EXISTS;
            case MOUNTED -> LayerRow.Status.MOUNTED;
            case WRITTEN -> toRegistry ? LayerRow.Status.PUSHED : LayerRow.Status.WRITTEN;
        };
    }

    private void merged(CachePublisher.Union made) {
        union = Optional.of(made.chains());
        reporter.finished("merged", made.with().shortText(), 0, "which stood there");
    }

    private synchronized void row(Descriptor layer, LayerRow.Status status) {
        layers.putIfAbsent(layer.digest(), new LayerRow(layer, layer.diffId(), Optional.of(status)));
    }

    private void done(Descriptor layer, LayerRow.Status status) {
        row(layer, status);
        reporter.finished(status.word(), layer.digest().shortText(), layer.size(), "");
    }

    /** Asks what is there, and moves nothing. */
    private void look(TargetSpec spec, Offer offer) throws IOException {
        if (offer.alone().isEmpty()) {
            row(spec, Optional.empty(), Optional.empty(), TargetRow.Status.NOTHING, Optional.empty());
            leftOut(spec, offer);
            return;
        }
        String tag = Places.tag(spec.place());
        try (Target target = places.target(spec, registries, bytes -> {})) {
            CacheContents contents = offer.alone().get();
            if (onConflict == OnConflict.MERGE) {
                MergingPublisher.Attempt attempt = new MergingPublisher(offer, target, tag, reporter::warn).unite();
                contents = attempt.contents().orElse(contents);
                attempt.union().ifPresent(this::merged);
            }
            boolean all = true;
            boolean toRegistry = spec.place() instanceof Place.Registry;
            for (Blob layer : contents.layers()) {
                Ingested would = foresee(target, layer);
                all &= would == Ingested.EXISTS;
                row(layer.descriptor(), status(would, toRegistry));
                reporter.finished(
                        word(would, toRegistry),
                        layer.descriptor().digest().shortText(),
                        layer.descriptor().size(),
                        "");
            }
            for (Blob document : contents.documents()) {
                all &= foresee(target, document) == Ingested.EXISTS;
            }
            Digest manifest = contents.manifest().digest();
            boolean same = all && target.standing(tag).equals(Optional.of(manifest));
            TargetRow.Status status =
                    same ? TargetRow.Status.UNCHANGED : toRegistry ? TargetRow.Status.PUSHED : TargetRow.Status.WRITTEN;
            row(spec, Optional.of(manifest), Optional.of(contents.form()), status, Optional.empty());
            leftOut(spec, offer);
        }
    }

    private Ingested foresee(Target target, Blob blob) throws IOException {
        Ingested would = target.foresee(blob);
        if (repair && would == Ingested.EXISTS && new CacheRepair(target).isDamaged(blob.descriptor())) {
            would = Ingested.WRITTEN;
        }
        bytesMoved += would == Ingested.WRITTEN ? blob.descriptor().size() : 0;
        return would;
    }

    /** What would become of a blob. */
    private static String word(Ingested would, boolean toRegistry) {
        return switch (would) {
            case EXISTS -> LayerRow.Status.EXISTS.word();
            case MOUNTED -> "to mount";
            case WRITTEN -> toRegistry ? "to push" : "to write";
        };
    }

    /** Names what is not published, since all of it would not have fitted. */
    private void leftOut(TargetSpec spec, Offer offer) throws IOException {
        List<Dropped> rows = offer.leftOut().results();
        int records = offer.leftOut().records();
        if (rows.isEmpty() && records == 0) {
            return;
        }
        if (union.isEmpty()) {
            union = Optional.of(offer.kept(offer.cache()).chains());
        }
        StringBuilder names = new StringBuilder();
        for (Dropped each : rows.subList(0, Math.min(NAMED, rows.size()))) {
            names.append(names.isEmpty() ? "" : ", ")
                    .append(each.row().title())
                    .append(" (")
                    .append(Figures.size(each.row().bytes()))
                    .append(')');
        }
        if (rows.size() > NAMED) {
            names.append(" and ").append(Figures.count(rows.size() - NAMED)).append(" more");
        }
        String what = rows.isEmpty()
                ? Figures.count(records, "record") + " without a result"
                : Figures.count(rows.size(), "result")
                        + (records == 0 ? "" : " and " + Figures.count(records, "record"));
        reporter.warn(what + " left out of " + spec.place().name() + ", so that config and manifest fit"
                + (rows.isEmpty() ? "" : ": " + names));
        rows.forEach(row -> leftOut.add(new PrunedRow(spec.place(), row)));
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
     * @param own the records of the cache, which count where it was not merged
     */
    PublishAnswer answer(List<SourceRow> sources, NormalizedChains own, long milliseconds) {
        NormalizedChains chains = union.orElse(own);
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
                leftOut,
                chains.records().size(),
                links,
                results,
                sizes.values().stream().mapToLong(Long::longValue).sum(),
                bytesMoved,
                dryRun,
                milliseconds);
    }
}
