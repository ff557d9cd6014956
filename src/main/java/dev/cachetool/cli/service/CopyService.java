package dev.cachetool.cli.service;

import dev.cachetool.cli.command.CopyOptions;
import dev.cachetool.cli.command.PublishAnswer;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.content.BlobSpool;
import dev.cachetool.content.Compression;
import dev.cachetool.content.LayerConverter;
import dev.cachetool.content.Source;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.remotecache.CacheContents;
import dev.cachetool.remotecache.NotedChains;
import dev.cachetool.remotecache.Offer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Copies a cache from one place to others: as it is, in another form, or with its layers compressed in another way. */
public final class CopyService implements Services.Copier {
    private final Places places;
    private final Path temporary;

    /**
     * @param temporary where layers lie that are converted, or wanted by several targets
     */
    public CopyService(Places places, Path temporary) {
        this.places = places;
        this.temporary = temporary;
    }

    /** What is to be other than it was; targets that agree in it share the contents. */
    private record Change(Optional<CacheContents.Form> form, Optional<Compression> compression, OptionalInt level) {}

    /** How layers are compressed anew. */
    private record Packing(Compression compression, int level) {}

    @Override
    public PublishAnswer copy(CopyOptions options, Reporter reporter) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (Registries registries = places.registries(options.access());
                TemporaryDirectory folder = TemporaryDirectory.create(Places.requireTemporary(temporary), "copy");
                OpenSource source = open(options, registries, folder.path(), reporter)) {
            source.warnOfMissingDiffIds(reporter);
            Map<Packing, LayerConverter> converters = new HashMap<>();
            Map<Change, Offer> made = new HashMap<>();
            Publication publication = new Publication(places, registries, options.onConflict(), reporter);
            publication.from(digest -> Optional.of(options.source()));
            if (options.repair()) {
                publication.repair();
            }
            for (CopyOptions.To to : options.targets()) {
                Publication.Maker maker = () -> {
                    Change change = new Change(to.form(), to.compression(), to.level());
                    return made.computeIfAbsent(
                            change,
                            wanted -> offer(
                                    source,
                                    wanted,
                                    packing -> converters.computeIfAbsent(
                                            packing,
                                            how -> new LayerConverter(
                                                    folder.path(),
                                                    how.compression(),
                                                    how.level(),
                                                    GraphSession.THREADS))));
                };
                if (options.dryRun()) {
                    publication.dryRun(to.target(), maker);
                } else {
                    publication.to(to.target(), maker);
                }
            }
            return publication.answer(
                    List.of(SourceRow.read(options.source(), source.artifact())),
                    source.chains(),
                    (System.nanoTime() - begin) / 1_000_000);
        }
    }

    /** Opens the source so that nothing is read from it twice: layers neither, where several want them. */
    private OpenSource open(CopyOptions options, Registries registries, Path folder, Reporter reporter)
            throws IOException {
        boolean several = options.targets().size() > 1;
        Source source = new BlobSpool(folder)
                .over(
                        places.source(options.source(), registries),
                        blob -> several || !MediaTypes.isLayer(blob.mediaType()));
        return Sources.read(places, source, options.source(), reporter);
    }

    private static Offer offer(OpenSource source, Change change, Function<Packing, LayerConverter> converters) {
        Optional<NotedChains.Conversion> conversion = change.compression()
                .map(compression ->
                        converters.apply(new Packing(compression, change.level().orElse(compression.defaultLevel()))))
                .map(converter -> converter::convert);
        return Offer.ofCopy(
                source.source().orElseThrow(),
                source.manifest().orElseThrow(),
                source.artifact(),
                change.form(),
                conversion);
    }
}
