package dev.cachetool.solver;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.util.Optional;

/** What solving an edge gave. Whoever holds it releases it once. */
public interface Result {
    /** Names it among the results of its storage. */
    String id();

    /** When it came to be. */
    Timestamp createdAt();

    /**
     * The digest that the function gives for its content; empty where its content is not at hand, as for a step that
     * would have to be executed first.
     *
     * @throws IOException if its content should be at hand and cannot be read
     */
    Optional<Digest> contentDigest(ContentFunction function) throws IOException;

    /**
     * Whether a cache may keep it. One that only stands for what an execution would give is not kept, nor one that is
     * computed anew each time; the keys that it is known under are, as soon as something above is kept.
     */
    default boolean isKept() {
        return true;
    }

    /**
     * Whether it is what its keys say. One that is not, is used in this build and known under no key: neither it nor
     * anything that hangs on it is kept or exported.
     */
    default boolean isTrusted() {
        return true;
    }

    /** Lets go of it. */
    void release();
}
