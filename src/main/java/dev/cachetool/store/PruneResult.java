package dev.cachetool.store;

import java.util.List;

/**
 * What a prune did.
 *
 * @param removed what is gone
 * @param freed the bytes that were really freed, with those of blobs that nothing knew any more, and of what dead processes
 *     left
 */
public record PruneResult(List<StoreRow> removed, long freed) {
    public PruneResult {
        removed = List.copyOf(removed);
    }
}
