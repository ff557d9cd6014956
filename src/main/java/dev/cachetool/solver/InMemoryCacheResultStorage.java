package dev.cachetool.solver;

import dev.cachetool.oci.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Keeps results in memory, by reference: for results whose release frees nothing that others need. */
public final class InMemoryCacheResultStorage implements CacheResultStorage {
    private final Map<String, Result> results = new ConcurrentHashMap<>();
    private final Function<Result, List<Remote>> transferable;

    /**
     * @param transferable the forms in which a result can be transferred as it is; an empty list for those that cannot
     */
    public InMemoryCacheResultStorage(Function<Result, List<Remote>> transferable) {
        this.transferable = transferable;
    }

    @Override
    public CacheResult save(Result result, Timestamp createdAt) {
        results.putIfAbsent(result.id(), result);
        return new CacheResult(result.id(), createdAt);
    }

    @Override
    public Optional<Result> load(CacheResult result) {
        return Optional.ofNullable(results.get(result.id()));
    }

    @Override
    public List<Remote> loadRemotes(CacheResult result) {
        Result found = results.get(result.id());
        return found == null ? List.of() : transferable.apply(found);
    }

    @Override
    public boolean exists(String resultId) {
        return results.containsKey(resultId);
    }
}
