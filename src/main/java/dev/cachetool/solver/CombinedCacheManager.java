package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Several cache managers as one: all are asked, the first one keeps what is new. What is loaded from another is kept in
 * the first as well.
 */
public final class CombinedCacheManager implements CacheManager {
    private final CacheManager main;
    private final List<CacheManager> all;

    /**
     * @param main the one that keeps
     * @param others those that are only read
     */
    public CombinedCacheManager(CacheManager main, List<? extends CacheManager> others) {
        this.main = main;
        List<CacheManager> managers = new ArrayList<>(List.of(main));
        managers.addAll(others);
        this.all = List.copyOf(managers);
    }

    @Override
    public String name() {
        return main.name();
    }

    @Override
    public Optional<CacheKey> queryRoot(Digest digest, int outputIndex) {
        List<List<CacheKey>> answers = new ArrayList<>();
        for (CacheManager manager : all) {
            manager.queryRoot(digest, outputIndex).ifPresent(key -> answers.add(List.of(key)));
        }
        return StorageCacheManager.united(answers).stream().findFirst();
    }

    @Override
    public boolean connect(List<CacheKeyWithSelector> keys, int inputIndex, Digest recordDigest) {
        boolean leads = false;
        for (CacheManager manager : all) {
            leads |= manager.connect(keys, inputIndex, recordDigest);
        }
        return leads;
    }

    @Override
    public List<CacheKey> query(List<InputKeys> inputs, Digest digest, int outputIndex, Set<String> known, int limit) {
        List<List<CacheKey>> answers = new ArrayList<>();
        for (CacheManager manager : all) {
            answers.add(manager.query(inputs, digest, outputIndex, known, limit));
        }
        return StorageCacheManager.united(answers);
    }

    @Override
    public List<CacheRecord> records(CacheKey key) {
        Map<String, CacheRecord> best = new LinkedHashMap<>();
        for (CacheManager manager : key.managers()) {
            for (CacheRecord record : manager.records(key)) {
                // The same result in two places: loaded from the first, it costs no transfer.
                best.merge(record.id(), record, (a, b) -> b.manager() == main ? b : a);
            }
        }
        return List.copyOf(best.values());
    }

    @Override
    public Optional<Result> load(CacheRecord record) throws IOException {
        Optional<Result> result = record.manager().load(record);
        if (result.isPresent() && record.manager() != main) {
            boolean kept = false;
            try {
                main.save(record.key(), result.get(), record.createdAt());
                kept = true;
            } finally {
                if (!kept) {
                    result.get().release();
                }
            }
        }
        return result;
    }

    @Override
    public Optional<CacheRecord> save(CacheKey key, Result result, Timestamp createdAt) throws IOException {
        return main.save(key, result, createdAt);
    }
}
