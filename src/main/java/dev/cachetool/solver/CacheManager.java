package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers which keys are known and which results they have, and keeps new ones. Safe for several threads. */
public interface CacheManager {
    /** What people call it: a place, or the local cache. */
    String name();

    /**
     * The key of a root operation's output; empty where it is not known.
     */
    Optional<CacheKey> queryRoot(Digest digest, int outputIndex);

    /**
     * Whether any of an input's keys leads on from there, as that input of an operation's output. Where several are given,
     * what one of them leads to is linked from all of them, so that the next query finds it from any.
     *
     * @param keys keys of one input; those of its definition with the selector, that of its content without
     * @param recordDigest the output key of the operation
     */
    boolean connect(List<CacheKeyWithSelector> keys, int inputIndex, Digest recordDigest);

    /** Keys of one input. */
    record InputKeys(int inputIndex, List<CacheKeyWithSelector> keys) {}

    /**
     * The keys of an operation's output that each of the inputs leads to by one of its keys. Linear in the keys of the
     * inputs and in what the input with the fewest links leads to.
     *
     * @param inputs all inputs, or some of them; at least one
     * @param known ids of keys that are not asked for
     * @param limit how many keys are wanted at most of each store
     */
    List<CacheKey> query(List<InputKeys> inputs, Digest digest, int outputIndex, Set<String> known, int limit);

    /** The results that the key has; a key without any is still a step on the way. */
    List<CacheRecord> records(CacheKey key);

    /**
     * Loads a result, for the caller to release; empty where it is gone.
     *
     * @throws IOException if it cannot be read
     */
    Optional<Result> load(CacheRecord record) throws IOException;

    /**
     * Keeps a result under a key, and the chain of links below it.
     *
     * @return where it is kept; empty where this manager keeps nothing
     * @throws IOException if it cannot be kept
     */
    Optional<CacheRecord> save(CacheKey key, Result result, Timestamp createdAt) throws IOException;
}
