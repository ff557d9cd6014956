package dev.cachetool.cli.service;

import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheResult;
import dev.cachetool.solver.CacheResultStorage;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The results of a storage but for those whose content turned out to be lost. */
final class RemainingResults implements CacheResultStorage {
    private final CacheResultStorage all;
    private final Set<String> lost = ConcurrentHashMap.newKeySet();

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
        return all.loadRemotes(result);
    }

    @Override
    public boolean exists(String resultId) {
        return !lost.contains(resultId) && all.exists(resultId);
    }
}
