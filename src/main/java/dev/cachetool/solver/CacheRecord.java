package dev.cachetool.solver;

import dev.cachetool.oci.Timestamp;
import java.util.Comparator;

/**
 * A loadable result of a key, in the manager that has it.
 *
 * @param local whether loading it costs no transfer
 */
public record CacheRecord(CacheResult result, StorageCacheManager manager, CacheKey key, boolean local) {
    /** The best one first: the newest, among equals a local one, then by id. */
    static final Comparator<CacheRecord> BEST_FIRST = Comparator.comparing(CacheRecord::createdAt)
            .reversed()
            .thenComparing(CacheRecord::local, Comparator.reverseOrder())
            .thenComparing(CacheRecord::id);

    /** Names the result in its storage. */
    public String id() {
        return result.id();
    }

    /** When the result came to be. */
    public Timestamp createdAt() {
        return result.createdAt();
    }
}
