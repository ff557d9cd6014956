package dev.cachetool.solver;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Keeps which keys there are, how they are linked, and which results they have. Ids are opaque; the id of a key without
 * inputs is its output key. What is asked of an id that is not there is a miss, never an error. Where it keeps all that outside of memory and cannot, every
 * method may throw an {@link java.io.UncheckedIOException}. Safe for several threads.
 */
public interface CacheKeyStorage {
    /** Whether anything is known of the id: a result, a link from it or to it. */
    boolean exists(String id);

    /** Visits every id once, in no certain order. */
    void walk(Consumer<String> visitor);

    /** Visits the results of a key. */
    void walkResults(String id, Consumer<CacheResult> visitor);

    /** The result of a key with that result id; empty where the key has none such. */
    Optional<CacheResult> load(String id, String resultId);

    /**
     * Adds a result to a key, or replaces the one with the same result id. A storage that outlives the process has it, and all
     * that was added before it, when this returns.
     */
    void addResult(String id, CacheResult result);

    /** Forgets a result wherever it is, and every key that then has neither results nor links from it. */
    void release(String resultId);

    /** Adds a link; once more changes nothing. */
    void addLink(String id, CacheInfoLink link, String target);

    /** Visits the targets of one link of a key. */
    void walkLinks(String id, CacheInfoLink link, Consumer<String> visitor);

    /** How many targets one link of a key has. */
    int countLinks(String id, CacheInfoLink link);

    /** Whether the link leads from the one key to the other. */
    boolean hasLink(String id, CacheInfoLink link, String target);

    /** Visits every link that leads to a key, with the key that it comes from. */
    void walkBacklinks(String id, BiConsumer<String, CacheInfoLink> visitor);

    /** Visits every key that has the result. */
    void walkIdsByResult(String resultId, Consumer<String> visitor);
}
