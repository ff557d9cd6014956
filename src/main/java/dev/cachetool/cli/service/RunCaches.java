package dev.cachetool.cli.service;

import dev.cachetool.cli.options.Place;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.ImportedCache;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.CacheManager;
import dev.cachetool.solver.CacheRecord;
import dev.cachetool.solver.CacheResult;
import dev.cachetool.solver.CombinedCacheManager;
import dev.cachetool.solver.Result;
import dev.cachetool.solver.StorageCacheManager;
import dev.cachetool.store.RefMetadata;
import dev.cachetool.store.RefResult;
import dev.cachetool.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The caches that a run asks: the store, which keeps what is new, and those that were read from elsewhere, whose results are
 * refs that pull nothing until somebody reads them. For several threads.
 */
final class RunCaches implements Closeable {
    private final Store store;
    private final Place.LocalStore storePlace;
    private final List<ImportedCache> imported = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();
    private final CacheManager manager;
    /** Which results of the caches from elsewhere a ref is. */
    private final Map<String, Set<String>> importedIds = new ConcurrentHashMap<>();

    private final Map<Digest, Notes.ResultNotes> noted = new HashMap<>();
    private final List<RefResult> opened = new ArrayList<>();
    private final List<OpenSource> sources;
    private final RemainingResults results;

    RunCaches(Store store, List<OpenSource> sources) {
        this.store = store;
        this.results = new RemainingResults(store.results());
        this.sources = sources;
        this.storePlace = new Place.LocalStore(store.folder());
        StorageCacheManager local =
                new StorageCacheManager(storePlace.name(), true, store.keys(), results, store::newId);
        places.put(local.name(), storePlace);
        List<CacheManager> others = new ArrayList<>();
        for (OpenSource source : sources) {
            ImportedCache cache =
                    new ImportedCache(source.chains(), (id, result, record) -> open(source, id, result, record));
            String name = "source " + others.size();
            places.put(name, source.place());
            others.add(cache.manager(name));
            imported.add(cache);
        }
        this.manager = new CombinedCacheManager(local, others);
    }

    private Result open(OpenSource source, String id, CacheExportResult result, ChainRecord record) throws IOException {
        RefResult opened = CacheRefs.open(store, source, result, record);
        importedIds
                .computeIfAbsent(opened.id(), unused -> ConcurrentHashMap.newKeySet())
                .add(id);
        return opened;
    }

    /** All of them as one. */
    CacheManager manager() {
        return manager;
    }

    /** The place that a record was found in. */
    Place placeOf(CacheRecord record) {
        return places.getOrDefault(record.manager().name(), storePlace);
    }

    /** The result that layers belong to, as far as that is known; held until this is closed. */
    Optional<Result> origin(List<Descriptor> layers) {
        Digest key = Notes.resultKey(layers);
        try {
            Optional<RefResult> found = openedOrigin(key, layers);
            found.ifPresent(opened::add);
            return found.map(result -> result);
        } catch (IOException e) {
            // What is noted of it is left out then.
            return Optional.empty();
        }
    }

    private Optional<RefResult> openedOrigin(Digest key, List<Descriptor> layers) throws IOException {
        Optional<CacheResult> kept = results.origin(layers);
        if (kept.isPresent()) {
            return results.load(kept.get()).map(RefResult.class::cast);
        }
        Notes.ResultNotes notes = notes().get(key);
        if (notes == null) {
            return Optional.empty();
        }
        RefMetadata metadata = new RefMetadata("", Timestamp.ZERO, Instant.EPOCH, notes.milliseconds());
        return Optional.of(new RefResult(store.refs().remote(layers, store.blobs(), metadata), notes.content()));
    }

    /** What is noted of results in the caches from elsewhere, by their blobs. */
    private synchronized Map<Digest, Notes.ResultNotes> notes() {
        if (noted.isEmpty()) {
            for (OpenSource source : sources) {
                source.artifact().notes().records().values().forEach(record -> noted.putAll(record.results()));
            }
        }
        return noted;
    }

    @Override
    public void close() {
        opened.forEach(RefResult::release);
        opened.clear();
    }

    /** Does not find the result with the id of this ref any more, in any of them. */
    void drop(String refId) {
        results.drop(refId);
        for (String id : importedIds.getOrDefault(refId, Set.of())) {
            imported.forEach(cache -> cache.drop(id));
        }
    }
}
