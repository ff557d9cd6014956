package dev.cachetool.store;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.digest.Digest;
import dev.cachetool.solver.CacheKeyStorage;
import dev.cachetool.solver.CacheResultStorage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The local store of one user: a folder that several processes share. What one process finished, the next one finds; a
 * process that is killed leaves nothing that another one would take for finished. Safe for several threads; closing it lets
 * go of everything that was held through it.
 */
public final class Store implements Closeable {
    private static final int SHORT_NAME = 16;

    /** The file beside a named folder that holds its name. */
    static final String NAME = "name";

    private final StoreFolder folder;
    private final LockFile locks;
    private final Holds holds;
    private final StoreBlobs blobs;
    private final Refs refs;
    private final StoreResults results;
    private final PersistentKeyStorage keys;
    /** By workspace. */
    private final Map<Path, WorkspaceDigests> digests = new HashMap<>();

    private Store(StoreFolder folder, LockFile locks, Consumer<String> warnings) throws IOException {
        this.folder = folder;
        this.locks = locks;
        this.holds = new Holds(folder, locks);
        this.blobs = new StoreBlobs(folder, holds);
        this.refs = new Refs(folder, locks, holds, blobs, warning -> warnings.accept("not restored from " + warning));
        this.results = new StoreResults(refs);
        this.keys = PersistentKeyStorage.open(folder.keys(), locks, warnings);
    }

    /**
     * Opens the store in a folder, and makes it, for its owner alone, where there is none.
     *
     * @param warnings takes lines for people: what of pulled layers is no part of their tree, and what is lost of the store
     * @throws NotAStoreException if the folder holds something else, or a store of a newer format
     * @throws IOException if it cannot be made, or not be written
     */
    public static Store open(Path folder, Consumer<String> warnings) throws IOException {
        StoreFolder parts = new StoreFolder(folder.toAbsolutePath());
        parts.open();
        LockFile locks = LockFile.open(parts.lock());
        try {
            return new Store(parts, locks, warnings);
        } catch (IOException | RuntimeException e) {
            locks.close();
            throw e;
        }
    }

    /**
     * Opens the store in a folder; empty where there is none.
     *
     * @throws IOException as {@link #open}
     */
    public static Optional<Store> find(Path folder, Consumer<String> warnings) throws IOException {
        return new StoreFolder(folder).exists() ? Optional.of(open(folder, warnings)) : Optional.empty();
    }

    /** Its folder. */
    public Path folder() {
        return folder.root();
    }

    /** Which keys there are, how they are linked, and which results they have. */
    public CacheKeyStorage keys() {
        return keys;
    }

    /** An id that no key of the store has, each time another. */
    public String newId() {
        return UniqueNames.next();
    }

    /**
     * The results, by the ids of their refs. It keeps {@link RefResult}s alone; what it loads are such.
     */
    public CacheResultStorage results() {
        return results;
    }

    /** What the results are made of. */
    public Refs refs() {
        return refs;
    }

    /** The layers of refs, as far as they are here. */
    public StoreBlobs blobs() {
        return blobs;
    }

    /**
     * Remembers digests of the files of a workspace, from one process to the next: what is added is written when the store is
     * closed.
     *
     * @throws IOException if the store cannot be read
     */
    public FileDigests fileDigests(Path workspace) throws IOException {
        Path path = workspace.toAbsolutePath().normalize();
        synchronized (digests) {
            WorkspaceDigests known = digests.get(path);
            if (known == null) {
                known = WorkspaceDigests.open(folder.keys(), path, locks, Clock.systemUTC());
                digests.put(path, known);
            }
            return known;
        }
    }

    /**
     * The folder where steps of a workspace run, below which each has a folder of its own.
     *
     * @throws IOException if it cannot be made
     */
    public Path stepFolders(Path workspace) throws IOException {
        return namedFolder(folder.steps(), nameOf(workspace));
    }

    /** The right to use something by its name, which one thread of one process has at a time, until this is closed. */
    public static final class Lock implements Closeable {
        private final LockFile.Held held;

        Lock(LockFile.Held held) {
            this.held = held;
        }

        @Override
        public void close() throws IOException {
            held.close();
        }
    }

    /**
     * The lock of a step's folder, as soon as nobody else has it.
     *
     * @throws java.io.InterruptedIOException if the thread was interrupted while it waited
     * @throws IOException if the file system has no locks
     */
    public Lock lockStep(Path stepFolder) throws IOException {
        return new Lock(locks.exclusive(slotOf(stepFolder)));
    }

    /**
     * The lock of a step's folder; empty where somebody else has it.
     *
     * @throws IOException if the file system has no locks
     */
    public Optional<Lock> tryLockStep(Path stepFolder) throws IOException {
        return locks.tryExclusive(slotOf(stepFolder)).map(Lock::new);
    }

    static long slotOf(Path stepFolder) {
        return LockFile.slot("step " + stepFolder);
    }

    /** Where {@link #stepFolders} is in the store of a folder, which need not be there. */
    public static Path stepFolders(Path store, Path workspace) {
        return filesOf(new StoreFolder(store.toAbsolutePath()).steps(), nameOf(workspace));
    }

    private static String nameOf(Path workspace) {
        return workspace.toAbsolutePath().normalize().toString();
    }

    /** A folder that steps keep from run to run, to be closed when the step has ended. One user at a time has it. */
    public static final class CacheFolder implements Closeable {
        private final Path folder;
        private final LockFile.Held held;

        CacheFolder(Path folder, LockFile.Held held) {
            this.folder = folder;
            this.held = held;
        }

        public Path folder() {
            return folder;
        }

        @Override
        public void close() throws IOException {
            held.close();
        }
    }

    /**
     * The folder of that name, as soon as nobody else uses it.
     *
     * @throws java.io.InterruptedIOException if the thread was interrupted while it waited
     * @throws IOException if it cannot be made
     */
    public CacheFolder cacheFolder(String name) throws IOException {
        LockFile.Held held = locks.exclusive(LockFile.slot(cacheLock(name)));
        try {
            return new CacheFolder(namedFolder(folder.caches(), name), held);
        } catch (IOException | RuntimeException e) {
            held.close();
            throw e;
        }
    }

    /** The name of the lock of a cache folder. */
    static String cacheLock(String name) {
        return "cache " + name;
    }

    /** A folder for any name, which stands in a file beside it. */
    private static Path namedFolder(Path parent, String name) throws IOException {
        Path files = filesOf(parent, name);
        if (!Files.isDirectory(files)) {
            Files.createDirectories(files);
            Files.writeString(files.resolveSibling(NAME), name, StandardCharsets.UTF_8);
        }
        return files;
    }

    private static Path filesOf(Path parent, String name) {
        return parent.resolve(Digest.sha256(name).encoded().substring(0, SHORT_NAME))
                .resolve(Snapshot.FILES);
    }

    /**
     * What the step printed that made a result, to be shown again; empty where it printed nothing or nothing is known.
     *
     * @throws IOException if it cannot be read
     */
    public byte[] printed(String refId) throws IOException {
        Optional<Snapshot> snapshot = refs.peek(refId);
        return snapshot.isPresent() ? snapshot.get().printed() : new byte[0];
    }

    /**
     * Keeps what the step printed that made a result, as long as the result, which the caller holds.
     *
     * @throws IOException if it cannot be written
     */
    public void keepPrinted(String refId, byte[] printed) throws IOException {
        Optional<Snapshot> snapshot = refs.peek(refId);
        if (snapshot.isPresent()) {
            snapshot.get().keepPrinted(printed);
        }
    }

    private Pruner pruner() {
        return new Pruner(folder, locks, keys());
    }

    /**
     * Everything that takes room, in no certain order.
     *
     * @throws IOException if the store cannot be read
     */
    public List<StoreRow> list() throws IOException {
        return pruner().list();
    }

    /**
     * Removes rows that nobody holds, their results, and what nobody needs: blobs that no ref knows, and what dead processes
     * left.
     *
     * @param victims of {@link #list}, as a {@link PrunePolicy} chose them; those that came to be held since then stay
     * @throws IOException if something cannot be removed
     */
    public PruneResult prune(List<StoreRow> victims) throws IOException {
        PruneResult result = pruner().prune(victims);
        if (!result.removed().isEmpty()) {
            keys.compact();
        }
        return result;
    }

    /**
     * What all of it takes of the disk, in whole blocks.
     *
     * @throws IOException if it cannot be read
     */
    public long bytes() throws IOException {
        return DiskUse.of(folder.root());
    }

    /**
     * Looks whether the store has what it noted, while others may use it.
     *
     * @param deep whether files are read as well, and compared with their digests
     * @throws IOException if it cannot be read
     */
    public StoreCheck verify(boolean deep) throws IOException {
        return new Verifier(folder, refs, holds, deep).verify(pruner().leftovers(), keys.verify());
    }

    @Override
    public void close() throws IOException {
        try (locks;
                holds;
                keys) {
            synchronized (digests) {
                for (WorkspaceDigests each : digests.values()) {
                    each.close();
                }
            }
        }
    }
}
