package dev.cachetool.cli.service;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.CacheResult;
import dev.cachetool.solver.CacheResultStorage;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The results of a storage but for those whose content turned out to be lost. Knows which of them layers belong to that were
 * asked for. Safe for several threads.
 */
final class RemainingResults implements CacheResultStorage {
    private final CacheResultStorage all;
    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final Map<Digest, CacheResult> origins = new ConcurrentHashMap<>();

    RemainingResults(CacheResultStorage all) {
        this.all = all;
    }

    /** Does not find the result any more. */
    void drop(String resultId) {
        lost.add(resultId);
    }

    @Override
    public CacheResult save(Result result, Timestamp createdAt) throws IOException {
        return all.save(result, createdAt);
    }

    @Override
    public Optional<Result> load(CacheResult result) throws IOException {
        return all.load(result);
    }

    @Override
    public List<Remote> loadRemotes(CacheResult result) throws IOException {
        List<Remote> remotes = all.loadRemotes(result);
        remotes.forEach(remote -> origins.put(Notes.resultKey(remote.descriptors()), result));
        return remotes;
    }

    /** The result that layers belong to, of those that were asked for. */
    Optional<CacheResult> origin(List<Descriptor> layers) {
        return Optional.ofNullable(origins.get(Notes.resultKey(layers)));
    }

    @Override
    public boolean exists(String resultId) {
        return !lost.contains(resultId) && all.exists(resultId);
    }
}
