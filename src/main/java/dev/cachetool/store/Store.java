package dev.cachetool.store;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.solver.CacheKeyStorage;
import dev.cachetool.solver.CacheResultStorage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The local store of one user: a folder that several processes share. What one process finished, the next one finds; a
 * process that is killed leaves nothing that another one would take for finished. Safe for several threads; closing it lets
 * go of everything that was held through it.
 */
public interface Store extends Closeable {
    /** Its folder. */
    Path folder();

    /** Which keys there are, how they are linked, and which results they have. */
    CacheKeyStorage keys();

    /** An id that no key of the store has, each time another. */
    String newId();

    /**
     * The results, by the ids of their refs. It keeps {@link RefResult}s alone; what it loads are such.
     */
    CacheResultStorage results();

    /** What the results are made of. */
    Refs refs();

    /**
     * Remembers digests of the files of a workspace, from one process to the next.
     *
     * @throws IOException if the store cannot be read
     */
    FileDigests fileDigests(Path workspace) throws IOException;

    /**
     * The folder where steps of a workspace run, below which each has a folder of its own.
     *
     * @throws IOException if it cannot be made
     */
    Path stepFolders(Path workspace) throws IOException;

    /** A folder that steps keep from run to run, to be closed when the step has ended. One user at a time has it. */
    interface CacheFolder extends Closeable {
        Path folder();
    }

    /**
     * The folder of that name, as soon as nobody else uses it.
     *
     * @throws IOException if it cannot be made
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    CacheFolder cacheFolder(String name) throws IOException, InterruptedException;

    /**
     * What the step printed that made a result, to be shown again; empty where it printed nothing or nothing is known.
     *
     * @throws IOException if it cannot be read
     */
    byte[] printed(String refId) throws IOException;

    /**
     * Keeps what the step printed that made a result, as long as the result.
     *
     * @throws IOException if it cannot be written
     */
    void keepPrinted(String refId, byte[] printed) throws IOException;
}
