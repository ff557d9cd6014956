package dev.cachetool.cli.service;

import dev.cachetool.cli.command.CopyOptions;
import dev.cachetool.cli.command.PublishAnswer;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobSpool;
import dev.cachetool.content.Compression;
import dev.cachetool.content.LayerConverter;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import dev.cachetool.content.Target;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.CacheContents;
import dev.cachetool.remotecache.NormalizedChains;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

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

    /** What is asked of a copy; targets that agree in it share one. */
    private record Recipe(
            Optional<CacheContents.Form> form, Optional<Compression> compression, OptionalInt level) {}

    @Override
    public PublishAnswer copy(CopyOptions options, Reporter reporter) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (Registries registries = places.registries(options.access());
                OpenSource source = Sources.read(places, registries, options.source(), reporter);
                TemporaryDirectory folder = places.temporaryDirectory(temporary, "copy")) {
            Source from = source.source().orElseThrow();
            warnOfMissingDiffIds(source.artifact(), options.source(), reporter);
            BlobSpool spool = new BlobSpool(folder.path());
            Manifest manifest = source.manifest().orElseThrow();
            Map<Recipe, CacheContents> made = new HashMap<>();
            Publication publication = new Publication(places, registries, options.failOnConflict(), reporter);
            for (CopyOptions.To to : options.targets()) {
                publication.to(to.target(), () -> {
                    Recipe recipe = new Recipe(to.form(), to.compression(), to.level());
                    CacheContents contents = made.get(recipe);
                    if (contents == null) {
                        contents = contents(from, manifest, source.artifact(), recipe, folder, spool);
                        made.put(recipe, contents);
                    }
                    return options.targets().size() == 1 ? contents : spooled(contents, spool);
                }, options.dryRun());
            }
            NormalizedChains chains = source.chains();
            return publication.answer(chains, (System.nanoTime() - begin) / 1_000_000);
        }
    }
}
