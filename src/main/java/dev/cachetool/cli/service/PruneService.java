package dev.cachetool.cli.service;

import dev.cachetool.cli.command.CommandFailedException;
import dev.cachetool.cli.command.PruneAnswer;
import dev.cachetool.cli.command.PruneOptions;
import dev.cachetool.cli.command.RunOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.LayerCompression;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.content.Compression;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifactWriter;
import dev.cachetool.remotecache.CacheContents;
import dev.cachetool.remotecache.CacheFit;
import dev.cachetool.remotecache.CachePrunePolicy;
import dev.cachetool.remotecache.CachePrunePolicy.Dropped;
import dev.cachetool.remotecache.CacheResults;
import dev.cachetool.remotecache.CacheResults.Row;
import dev.cachetool.remotecache.NotedChains;
import dev.cachetool.remotecache.Offer;
import dev.cachetool.remotecache.OnConflict;
import dev.cachetool.solver.SolveOptions;
import dev.cachetool.step.Isolations;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/** Makes a cache smaller: decides what goes, writes what stays, and removes what nothing needs any more. */
public final class PruneService implements Services.Pruner {
    /** How often it begins anew because another client wrote the tag meanwhile. */
    private static final int MOST_ATTEMPTS = 5;

    private final Places places;
    private final Map<String, String> environment;

    public PruneService(Places places, Map<String, String> environment) {
        this.places = places;
        this.environment = environment;
    }

    /** What goes, and what stays. */
    private record Decision(
            List<Dropped> dropped, NotedChains left, Optional<CacheContents> contents, boolean anyRecordGoes) {}

    @Override
    public PruneAnswer prune(PruneOptions options, Reporter reporter) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (Registries registries = places.registries(options.access())) {
            for (int attempt = 1; ; attempt++) {
                boolean last = options.onConflict() == OnConflict.FAIL || attempt == MOST_ATTEMPTS;
                Optional<PruneAnswer> answer = attempt(options, registries, last, begin, reporter);
                if (answer.isPresent()) {
                    return answer.get();
                }
                reporter.warn("another client wrote " + options.place().name() + " meanwhile; looking at that");
            }
        }
    }

    /** Empty where another client wrote the tag meanwhile, so that it has to begin anew. */
    private Optional<PruneAnswer> attempt(
            PruneOptions options, Registries registries, boolean last, long begin, Reporter reporter)
            throws IOException, InterruptedException {
        try (OpenSource source = Sources.read(places, registries, options.place(), reporter)) {
            boolean inPlace = options.to().isEmpty();
            boolean canBeWritten = canBeWritten(source);
            if (inPlace && options.apply() && !canBeWritten) {
                throw new CommandFailedException(
                        ExitCode.USAGE,
                        "could not prune " + source.place().name()
                                + " where it is: it is an image with a cache inside, which would go with it\n"
                                + "write the smaller cache elsewhere: --to SPEC");
            }
            Decision decision = decide(options, source, reporter);
            PrunedPlace place = new PrunedPlace(places, registries, source);
            Optional<TargetRow> target = Optional.empty();
            PruneAnswer.Space space = PruneAnswer.Space.NONE;
            if (decision.contents().isEmpty()) {
                reporter.warn((options.apply() ? "nothing was written: " : "") + "no result would be left of "
                        + options.place().name() + "; with --apply it stays as it is");
            } else if (!inPlace && options.apply()) {
                target = Optional.of(elsewhere(options, registries, decision, writer(options, source), reporter));
            } else if (inPlace && !decision.anyRecordGoes()) {
                target = options.apply()
                        ? Optional.of(place.unchanged(decision.contents().get()))
                        : target;
            } else if (inPlace && options.apply()) {
                target = place.write(decision.contents().get(), last);
                if (target.isEmpty()) {
                    return Optional.empty();
                }
                space = place.removeUnneeded(decision.contents().get());
            } else if (inPlace && canBeWritten) {
                space = place.foresee(decision.contents().get());
            }
            return Optional.of(new PruneAnswer(
                    SourceRow.read(options.place(), source.artifact()),
                    target,
                    decision.dropped(),
                    size(new NotedChains(source.chains(), source.artifact().notes())),
                    size(decision.left()),
                    canBeWritten,
                    space,
                    (System.nanoTime() - begin) / 1_000_000));
        }
    }

    /** Whether a smaller cache can stand where this one does: not where that is no tag, or an image as well. */
    private static boolean canBeWritten(OpenSource source) {
        return source.place().isTag() && source.artifact().form() != ArtifactForm.INLINE;
    }

    private static PruneAnswer.Size size(NotedChains cache) {
        CacheResults results = CacheResults.of(cache);
        return new PruneAnswer.Size(
                cache.chains().records().size(), results.rows().size(), results.bytes());
    }

    private Decision decide(PruneOptions options, OpenSource source, Reporter reporter)
            throws IOException, InterruptedException {
        PruneOptions.Bounds bounds = options.bounds();
        NotedChains cache = new NotedChains(source.chains(), source.artifact().notes());
        CacheResults results = CacheResults.of(cache);
        Predicate<Row> kept =
                KeepRules.of(bounds.keep(), results, options.place().name(), reporter);
        Predicate<Row> reachable = row -> true;
        if (bounds.reach().isPresent()) {
            BitSet reached = reached(bounds.reach().get(), options, source, reporter);
            reachable = row -> reached.get(row.record());
        }
        CachePrunePolicy policy =
                new CachePrunePolicy(bounds.keepLast(), bounds.maxResults(), bounds.maxBytes(), kept, reachable);
        CachePrunePolicy.Decision decision = policy.decide(results, options.now());
        NotedChains left = decision.left(cache);
        CacheArtifactWriter writer = writer(options, source);
        if (bounds.fit().isPresent()) {
            CacheFit fit = CacheFit.of(left, writer, bounds.fit().getAsLong(), kept);
            if (!fit.fits()) {
                boolean any = fit.contents().isPresent();
                throw any
                        ? doesNotFit(options, "what --keep names takes more", "keep fewer results")
                        : doesNotFit(
                                options,
                                "its newest result alone takes more",
                                "give --fit more, or --keep smaller results");
            }
            if (fit.contents().isEmpty() && isLarger(source, bounds.fit().getAsLong())) {
                throw doesNotFit(options, "it has no result, and would be nothing", "make it again, with results");
            }
            decision = decision.and(fit.dropped());
            return new Decision(
                    decision.dropped(),
                    fit.cache(),
                    fit.contents(),
                    !decision.dropped().isEmpty() || fit.records() > 0);
        }
        if (!decision.isWithinBounds()) {
            reporter.warn("what --keep names in " + options.place().name() + " is more than the bounds allow");
        }
        return new Decision(
                decision.dropped(),
                left,
                writer.contents(left),
                !decision.dropped().isEmpty());
    }

    private static CommandFailedException doesNotFit(PruneOptions options, String why, String next) {
        return new CommandFailedException(
                ExitCode.ANSWER_NO,
                "could not make " + options.place().name() + " fit into "
                        + options.bounds().fit().getAsLong() + " bytes: " + why + "\n" + next);
    }

    private static boolean isLarger(OpenSource source, long limit) {
        return source.artifact().configBytes() > limit || source.artifact().manifestBytes() > limit;
    }

    /** Wraps the smaller cache as the target's SPEC says, or else as the cache is. */
    private static CacheArtifactWriter writer(PruneOptions options, OpenSource source) {
        if (options.to().isPresent()
                && (options.to().get().says("image-manifest")
                        || options.to().get().says("oci-mediatypes"))) {
            return Publication.writer(options.to().get());
        }
        return CacheContents.Form.of(source.artifact())
                .orElse(CacheContents.Form.IMAGE_MANIFEST)
                .writer();
    }

    private BitSet reached(PruneOptions.Reach reach, PruneOptions options, OpenSource source, Reporter reporter)
            throws IOException, InterruptedException {
        try (SourceOps elsewhere = places.sourceOps(reach.workspace(), options.access(), Optional.empty(), reporter)) {
            GraphSession session = GraphSession.open(
                            reach.graph(),
                            reach.workspace(),
                            environment,
                            elsewhere,
                            Optional.empty(),
                            workspace -> new Isolations(
                                    workspace, Store.stepFolders(reach.store(), workspace), reach.isolation()))
                    .withTargets(reach.targets());
            RunOptions.Reuse all = new RunOptions.Reuse(false, Set.of());
            try (Forecast forecast = new Forecast(
                    session,
                    List.of(source),
                    Optional.empty(),
                    new SolveOptions(IgnoredCaches.of(session, all), false),
                    Optional.empty(),
                    true,
                    reporter)) {
                return ReachableResults.of(session, forecast);
            }
        }
    }

    private TargetRow elsewhere(
            PruneOptions options,
            Registries registries,
            Decision decision,
            CacheArtifactWriter writer,
            Reporter reporter)
            throws IOException, InterruptedException {
        Publication publication = new Publication(places, registries, options.onConflict(), reporter);
        publication.to(options.to().orElseThrow(), () -> Offer.of(decision.left(), writer));
        return publication.targets().get(0);
    }

    /** The SPEC of where a cache is, in the form that it has. */
    static TargetSpec inPlace(Place place) {
        return new TargetSpec(
                place,
                Optional.empty(),
                true,
                true,
                new LayerCompression(Compression.ZSTD, OptionalInt.empty(), false),
                false,
                false,
                Set.of(),
                Optional.empty());
    }
}
