package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Answers which keys are known and which results they have, and keeps new ones. Safe for several threads. */
public interface CacheManager {
    /** What people call it: a place, or the local cache. */
    String name();

    /**
     * The key of a root operation's output; empty where it is not known.
     */
    Optional<CacheKey> queryRoot(Digest digest, int outputIndex);

    /**
     * The keys that some of an input's keys lead to, as the input of the operation's output. Those that only some of the
     * input's keys lead to are linked from the others as well, so that the next query finds them from any.
     */
    List<CacheKey> query(List<CacheKeyWithSelector> keys, int inputIndex, Digest digest, int outputIndex);

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
