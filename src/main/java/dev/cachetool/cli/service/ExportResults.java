package dev.cachetool.cli.service;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.CacheResult;
import dev.cachetool.solver.CacheResultStorage;
import dev.cachetool.solver.InMemoryCacheResultStorage;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import dev.cachetool.step.GivenResult;
import dev.cachetool.store.RefResult;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The results that an export has found, in memory; those of the store are held until this is closed. */
final class ExportResults implements CacheResultStorage, Closeable {
    private final Map<String, RefResult> refs = new ConcurrentHashMap<>();
    private final Map<Digest, Result> origins = new ConcurrentHashMap<>();
    private final InMemoryCacheResultStorage others = new InMemoryCacheResultStorage(ExportResults::asItIs);

    /** The forms in which a result can be transferred as it is: those that the graph says so of. */
    private static List<Remote> asItIs(Result result) {
        return result instanceof GivenResult given && given.transferable() ? List.of(given.remote()) : List.of();
    }

    @Override
    public CacheResult save(Result result, Timestamp createdAt) {
        if (!(result instanceof RefResult ref)) {
            return others.save(result, createdAt);
        }
        refs.computeIfAbsent(ref.id(), unused -> ref.again());
        return new CacheResult(ref.id(), createdAt);
    }

    @Override
    public Optional<Result> load(CacheResult result) {
        RefResult ref = refs.get(result.id());
        return ref == null ? others.load(result) : Optional.of(ref.again());
    }

    @Override
    public List<Remote> loadRemotes(CacheResult result) throws IOException {
        RefResult ref = refs.get(result.id());
        if (ref == null) {
            return others.loadRemotes(result);
        }
        List<Remote> remotes = ref.ref().remotes();
        remotes.forEach(remote -> origins.put(Notes.resultKey(remote.descriptors()), ref));
        return remotes;
    }

    @Override
    public boolean exists(String resultId) {
        return refs.containsKey(resultId) || others.exists(resultId);
    }

    /** The result of the store that layers belong to, of those that were asked for as they are; still held here. */
    Optional<Result> origin(List<Descriptor> layers) {
        return Optional.ofNullable(origins.get(Notes.resultKey(layers)));
    }

    @Override
    public void close() {
        refs.values().forEach(RefResult::release);
        refs.clear();
    }
}
