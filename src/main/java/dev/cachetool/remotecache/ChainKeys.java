package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import dev.cachetool.solver.CacheKey;
import dev.cachetool.solver.CacheKeyWithSelector;
import dev.cachetool.solver.ExportableCacheKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys of a cache's records, for another cache manager to save under. */
public final class ChainKeys {
    private final List<ChainRecord> records;
    private final @Nullable CacheKey[] keys;
    private final boolean[] done;

    private ChainKeys(NormalizedChains chains) {
        this.records = chains.records();
        this.keys = new CacheKey[records.size()];
        this.done = new boolean[records.size()];
        for (int i = 0; i < records.size(); i++) {
            settle(i);
        }
    }

    /** Those of all records. */
    public static ChainKeys of(NormalizedChains chains) {
        return new ChainKeys(chains);
    }

    /**
     * The key of a record.
     *
     * @param index its place in {@link NormalizedChains#records}
     * @return empty for a record that nothing can lead to, since a digest is malformed
     */
    public Optional<CacheKey> of(int index) {
        return Optional.ofNullable(keys[index]);
    }

    /** Makes the key of a record after those that lead to it, with a stack of its own. */
    private void settle(int top) {
        Deque<Integer> open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            int index = open.element();
            if (!done[index] && !openBelow(index, open)) {
                keys[index] = key(records.get(index));
                done[index] = true;
            }
            if (done[index]) {
                open.pop();
            }
        }
    }

    private boolean openBelow(int index, Deque<Integer> open) {
        int before = open.size();
        for (List<ChainRecord.ChainLink> links : records.get(index).inputs()) {
            for (ChainRecord.ChainLink link : links) {
                if (!done[link.index()]) {
                    open.push(link.index());
                }
            }
        }
        return open.size() > before;
    }

    private @Nullable CacheKey key(ChainRecord record) {
        Optional<Digest> digest = Digest.tryParse(record.digest());
        if (digest.isEmpty()) {
            return null;
        }
        List<List<CacheKeyWithSelector>> inputs =
                new ArrayList<>(record.inputs().size());
        for (List<ChainRecord.ChainLink> links : record.inputs()) {
            List<CacheKeyWithSelector> alternatives = new ArrayList<>(links.size());
            for (ChainRecord.ChainLink link : links) {
                CacheKey from = keys[link.index()];
                Optional<Digest> selector = Digest.tryParse(link.selector());
                if (from != null && (link.selector().isEmpty() || selector.isPresent())) {
                    alternatives.add(new CacheKeyWithSelector(new ExportableCacheKey(from, List.of()), selector));
                }
            }
            if (alternatives.isEmpty()) {
                return null;
            }
            inputs.add(alternatives);
        }
        return CacheKey.ofRecord(digest.get(), inputs);
    }
}
