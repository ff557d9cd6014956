package dev.cachetool.store;

import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheResult;
import dev.cachetool.solver.CacheResultStorage;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The results of a store, by the ids of their refs. Those that are lazy are there for this process alone, until they are
 * pulled.
 */
final class StoreResults implements CacheResultStorage {
    private final Refs refs;
    /** Lazy results that were saved; they hold their refs. */
    private final Map<String, RefResult> lazy = new ConcurrentHashMap<>();

    StoreResults(Refs refs) {
        this.refs = refs;
    }

    @Override
    public CacheResult save(Result result, Timestamp createdAt) throws IOException {
        if (!(result instanceof RefResult saved)) {
            throw new IllegalArgumentException("a store keeps refs, not " + result.getClass());
        }
        if (saved.ref() instanceof RemoteImmutableRef remote && remote.isLazy()) {
            RefResult kept = saved.again();
            if (lazy.putIfAbsent(saved.id(), kept) != null) {
                kept.release();
            }
        }
        return new CacheResult(result.id(), createdAt);
    }

    @Override
    public Optional<Result> load(CacheResult result) throws IOException {
        RefResult known = lazy.get(result.id());
        if (known != null) {
            return Optional.of(known.again());
        }
        return refs.find(result.id()).map(ref -> new RefResult(ref, Map.of()));
    }

    @Override
    public List<Remote> loadRemotes(CacheResult result) throws IOException {
        Optional<Result> found = load(result);
        if (found.isEmpty() || !(found.get() instanceof RefResult loaded)) {
            return List.of();
        }
        try {
            return loaded.ref().remotes();
        } finally {
            loaded.release();
        }
    }

    @Override
    public boolean exists(String resultId) {
        return lazy.containsKey(resultId) || refs.exists(resultId);
    }
}
