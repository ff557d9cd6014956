package dev.cachetool.cli.service;

import dev.cachetool.cli.command.CommandFailedException;
import dev.cachetool.cli.command.MergeOptions;
import dev.cachetool.cli.command.NoSuchCacheException;
import dev.cachetool.cli.command.PublishAnswer;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.LayerCompression;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.content.BlobSpool;
import dev.cachetool.content.LayerConverter;
import dev.cachetool.content.Source;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheUnion;
import dev.cachetool.remotecache.NotedChains;
import dev.cachetool.remotecache.Offer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Makes one cache of several and writes it to every target. */
public final class MergeService implements Services.Merger {
    private final Places places;
    private final Path temporary;

    /**
     * @param temporary where layers lie that are converted, or wanted by several targets
     */
    public MergeService(Places places, Path temporary) {
        this.places = places;
        this.temporary = temporary;
    }

    @Override
    public PublishAnswer merge(MergeOptions options, Reporter reporter) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (TemporaryDirectory folder = TemporaryDirectory.create(Places.requireTemporary(temporary), "merge");
                Sources sources = open(options, folder.path(), reporter)) {
            requireNoImageIsReplaced(sources.all(), options.targets());
            sources.all().forEach(source -> source.warnOfMissingDiffIds(reporter));
            NotedChains union = CacheUnion.of(sources.all().stream()
                    .map(source ->
                            new NotedChains(source.chains(), source.artifact().notes()))
                    .toList());
            Map<LayerCompression, LayerConverter> converters = new HashMap<>();
            Publication publication = new Publication(places, sources.registries(), options.onConflict(), reporter);
            publication.from(digest -> sources.all().stream()
                    .filter(source -> source.artifact().layers().containsKey(digest.toString()))
                    .map(OpenSource::place)
                    .findFirst());
            for (TargetSpec target : options.targets()) {
                Publication.Maker maker = () -> {
                    NotedChains near = new NotedChains(
                            union.chains().openedBy(new NearestLayers(sources.all(), target.place())), union.notes());
                    Optional<LayerConverter> converter = converter(target, folder.path(), converters);
                    return Offer.of(
                            converter.isPresent() ? near.converted(converter.get()::convert) : near,
                            Publication.writer(target),
                            options.fit());
                };
                if (options.dryRun()) {
                    publication.dryRun(target, maker);
                } else {
                    publication.to(target, maker);
                }
            }
            return publication.answer(sources.rows(), union.chains(), (System.nanoTime() - begin) / 1_000_000);
        }
    }

    /** Opens the sources so that no document is read twice, and no layer where several targets want it. */
    private Sources open(MergeOptions options, Path folder, Reporter reporter)
            throws IOException, InterruptedException {
        boolean several = options.targets().size() > 1;
        BlobSpool spool = new BlobSpool(folder);
        UnaryOperator<Source> around =
                source -> spool.over(source, blob -> several || !MediaTypes.isLayer(blob.mediaType()));
        Set<SourceRow.Status> tolerated =
                options.allowMissing() ? EnumSet.of(SourceRow.Status.MISSING) : EnumSet.noneOf(SourceRow.Status.class);
        Sources sources = Sources.open(places, options.sources(), options.access(), tolerated, around, reporter);
        if (sources.all().isEmpty()) {
            sources.close();
            throw new NoSuchCacheException(
                    String.join(
                            ", ",
                            options.sources().stream()
                                    .map(place -> place.name())
                                    .toList()),
                    "none of the sources is there");
        }
        return sources;
    }

    /** A cache that is inside an image cannot be written back to its tag: the image would be gone. */
    private static void requireNoImageIsReplaced(List<OpenSource> sources, List<TargetSpec> targets) {
        for (OpenSource source : sources) {
            boolean isTarget = targets.stream()
                    .anyMatch(target ->
                            target.place().spec().equals(source.place().spec()));
            if (isTarget && source.artifact().form() == ArtifactForm.INLINE) {
                throw new CommandFailedException(
                        ExitCode.USAGE,
                        "could not merge into " + source.place().name()
                                + ": it is an image with a cache inside, which would be gone\n"
                                + "write the union at another tag");
            }
        }
    }

    /** What compresses layers as the target's SPEC asks; empty where it asks for nothing. */
    private static Optional<LayerConverter> converter(
            TargetSpec target, Path folder, Map<LayerCompression, LayerConverter> converters) {
        if (!target.says("compression")) {
            return Optional.empty();
        }
        return Optional.of(converters.computeIfAbsent(
                target.compression(),
                wanted -> new LayerConverter(
                        folder,
                        wanted.kind(),
                        wanted.level().orElse(wanted.kind().defaultLevel()),
                        GraphSession.THREADS)));
    }
}
