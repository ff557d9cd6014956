package dev.cachetool.cli.service;

import dev.cachetool.cli.command.PublishAnswer;
import dev.cachetool.cli.command.Publishing;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.content.Compression;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.CacheChains;
import dev.cachetool.remotecache.NormalizedChains;
import dev.cachetool.remotecache.NotedChains;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.remotecache.Offer;
import dev.cachetool.solver.CacheExport;
import dev.cachetool.solver.CacheExportOptions;
import dev.cachetool.solver.CacheExporter;
import dev.cachetool.solver.CacheExporterRecord;
import dev.cachetool.solver.CachedResult;
import dev.cachetool.solver.ExportMode;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import dev.cachetool.store.RefResult;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The caches of a solved graph: one for every way in which targets want it, each made once. Not for several threads. */
final class GraphCaches {
    private final GraphSession session;
    private final List<CachedResult> results;
    private final Publishing how;
    private final LayerMaker layers;
    private final Origins origins;
    private final Map<Recipe, Made> made = new LinkedHashMap<>();

    /** How the records for a target are made; targets that agree in it share them. */
    private record Recipe(ExportMode mode, LayerMaker.Form form) {}

    /** The records for a target, with what is noted beside them. */
    private record Made(NormalizedChains chains, Map<CacheExporterRecord, CacheExporter> records) {}

    /** Gives the results that layers belong to which were not made here. */
    @FunctionalInterface
    interface Origins {
        Optional<Result> of(List<Descriptor> layers);
    }

    /**
     * @param results of the targets, held by the caller
     * @param layers makes layers of results that have none
     * @param origins of other layers
     */
    GraphCaches(GraphSession session, List<CachedResult> results, Publishing how, LayerMaker layers, Origins origins) {
        this.session = session;
        this.results = results;
        this.how = how;
        this.layers = layers;
        this.origins = origins;
    }

    private Made make(Recipe recipe) throws IOException {
        Made known = made.get(recipe);
        if (known != null) {
            return known;
        }
        CacheChains chains = new CacheChains();
        IdentityHashMap<CacheExporterRecord, CacheExporter> records = new IdentityHashMap<>();
        CacheExport export = new CacheExport(
                chains,
                new CacheExportOptions(
                        recipe.mode(), how.exportRoots(), how.ignoreBacklinks(), layers.in(recipe.form())),
                (exporter, record) -> records.put(record, exporter));
        for (CachedResult result : results) {
            export.add(result);
        }
        Made fresh = new Made(chains.normalize(), records);
        made.put(recipe, fresh);
        return fresh;
    }

    /**
     * The bytes of the config of a cache in that mode.
     *
     * @throws IOException if a result cannot be read
     */
    byte[] config(ExportMode mode) throws IOException {
        LayerMaker.Form form = new LayerMaker.Form(Compression.ZSTD, Compression.ZSTD.defaultLevel(), false);
        return make(new Recipe(mode, form)).chains().config().toBytes();
    }

    /**
     * Writes the cache to every target; one that fails is a row of the answer, and the others go on.
     *
     * @param begin when the command began, by {@link System#nanoTime}
     */
    PublishAnswer publish(Places places, Registries registries, Reporter reporter, long begin)
            throws IOException, InterruptedException {
        ExportNotes notes = new ExportNotes(session);
        Map<Recipe, Notes> noted = new HashMap<>();
        Publication publication = new Publication(places, registries, how.onConflict(), reporter);
        for (Publishing.To to : how.targets()) {
            publication.to(to.target(), () -> {
                Recipe recipe = new Recipe(to.mode(), form(to.target()));
                Made cache = make(recipe);
                if (!noted.containsKey(recipe)) {
                    noted.put(recipe, notes.of(cache.chains(), cache.records(), this::origin));
                }
                return Offer.of(
                        new NotedChains(cache.chains(), noted.getOrDefault(recipe, Notes.NONE)),
                        Publication.writer(to.target()),
                        how.fit());
            });
        }
        NormalizedChains chains =
                made.values().stream().map(Made::chains).findFirst().orElseGet(() -> new CacheChains().normalize());
        List<SourceRow> none = List.of();
        return publication.answer(none, chains, (System.nanoTime() - begin) / 1_000_000);
    }

    private Optional<Result> origin(List<Descriptor> wanted) {
        return layers.origin(wanted).or(() -> origins.of(wanted));
    }

    /**
     * Keeps the layers that were made of results of the store, so that they are transferable from now on.
     *
     * @throws IOException if they cannot be kept
     */
    void remember(Store store) throws IOException {
        for (Map.Entry<RefResult, Remote> packed : layers.packed().entrySet()) {
            Remote remote = packed.getValue();
            for (Descriptor layer : remote.descriptors()) {
                store.blobs().ingest(remote.provider().blob(layer));
            }
            store.refs().remember(packed.getKey().ref(), new Remote(remote.descriptors(), store.blobs()));
        }
    }

    private static LayerMaker.Form form(TargetSpec target) {
        Compression compression = target.compression().kind();
        return new LayerMaker.Form(
                compression,
                target.compression().level().orElse(compression.defaultLevel()),
                target.compression().force());
    }
}
