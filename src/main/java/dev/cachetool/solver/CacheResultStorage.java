package dev.cachetool.solver;

import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Keeps results by id. Safe for several threads. */
public interface CacheResultStorage {
    /**
     * Keeps the result; its holder still releases it.
     *
     * @throws IOException if it cannot be kept
     */
    CacheResult save(Result result, Timestamp createdAt) throws IOException;

    /**
     * The result, for its caller to release; empty where it is not there any more.
     *
     * @throws IOException if it cannot be read
     */
    Optional<Result> load(CacheResult result) throws IOException;

    /**
     * The forms in which the result can be transferred as it is, the preferred one first; empty where it is not
     * transferable, or not there.
     *
     * @throws IOException if that cannot be found out
     */
    List<Remote> loadRemotes(CacheResult result) throws IOException;

    /** Whether the result is there. */
    boolean exists(String resultId);
}
