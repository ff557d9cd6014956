package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The identity of an edge's result: the digest of the operation, which output, and for every input the keys that are known
 * of it, with their selectors. A cache manager knows it by an id of its own, which is remembered here.
 */
public final class CacheKey {
    private final Digest digest;
    private final int outputIndex;
    private final List<List<CacheKeyWithSelector>> inputs;
    private final Digest recordDigest;

    // An id for each manager that knows it. Guarded by this.
    private Map<CacheManager, String> ids = Map.of();

    // The places at which an edge index has it; used by the solver's thread only.
    @Nullable
    List<EdgeIndex.Item> indexItems;

    private CacheKey(
            Digest digest, int outputIndex, Digest recordDigest, List<? extends List<CacheKeyWithSelector>> inputs) {
        this.digest = digest;
        this.outputIndex = outputIndex;
        this.recordDigest = recordDigest;
        this.inputs = List.copyOf(inputs);
    }

    /** The key of an output of an operation with the keys of its inputs; no inputs for a root. */
    public static CacheKey of(Digest digest, int outputIndex, List<? extends List<CacheKeyWithSelector>> inputs) {
        return new CacheKey(digest, outputIndex, OutputKeys.of(digest, outputIndex), inputs);
    }

    /** The same, where the digest of its record is known already. */
    static CacheKey of(
            Digest digest, int outputIndex, Digest recordDigest, List<? extends List<CacheKeyWithSelector>> inputs) {
        return new CacheKey(digest, outputIndex, recordDigest, inputs);
    }

    /**
     * The key of a record of a cache, of which only the digest of the record is known and not that of its operation: good
     * for saving under it, not for exporting it again.
     */
    public static CacheKey ofRecord(Digest recordDigest, List<? extends List<CacheKeyWithSelector>> inputs) {
        return new CacheKey(recordDigest, 0, recordDigest, inputs);
    }

    /** The content-based key for a digest of some content. */
    public static CacheKey ofContent(Digest content) {
        return of(content, OutputKeys.CONTENT, List.of());
    }

    /** This key, with other inputs, as a manager found it: all ids are kept. */
    CacheKey withInputs(List<? extends List<CacheKeyWithSelector>> others) {
        CacheKey key = new CacheKey(digest, outputIndex, recordDigest, others);
        synchronized (this) {
            ids.forEach(key::remember);
        }
        return key;
    }

    /** The digest of the operation. */
    public Digest digest() {
        return digest;
    }

    /** Which output, or -1 for content. */
    public int outputIndex() {
        return outputIndex;
    }

    /** The digest of its record: {@link OutputKeys#of}. */
    public Digest recordDigest() {
        return recordDigest;
    }

    /** For every input the keys that lead here, any of which will do; empty for a root. */
    public List<List<CacheKeyWithSelector>> inputs() {
        return inputs;
    }

    /** Whether it has no inputs. */
    public boolean isRoot() {
        return inputs.isEmpty();
    }

    /** The id under which the manager knows it; empty where it was not looked up there. */
    synchronized Optional<String> idIn(CacheManager manager) {
        return Optional.ofNullable(ids.get(manager));
    }

    synchronized void remember(CacheManager manager, String id) {
        if (!ids.containsKey(manager)) {
            ids = Small.with(ids, manager, id);
        }
    }

    /** The managers that know it. */
    synchronized List<CacheManager> managers() {
        return List.copyOf(ids.keySet());
    }

    @Override
    public String toString() {
        return recordDigest.shortText() + "(" + inputs.size() + " inputs)";
    }
}
