package dev.cachetool.store;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this process holds of a store, counted, and written down in a file of its own, its lease, for others to see: a line
 * {@code +name} for the first hold, {@code -name} for the last release. The process has the lease locked as long as it
 * lives, so what a dead process held is held no more.
 *
 * <p>Nothing that is held is ever removed. Who holds writes first, looks then whether somebody is pruning, waits for them if
 * so, and only then looks whether the thing is there. Who prunes has the store's lock exclusively, says so by the file
 * {@code pruning}, and only then reads the leases and removes what none of them names. Whichever of the two came first, the
 * other sees it, and holding costs no lock while nobody prunes. Safe for several threads.
 */
final class Holds implements Closeable {
    /** The byte of the lock file that pruning takes exclusively. */
    static final long STORE_LOCK = 0;

    /** By their leases, those of this very process. Its leases must not be opened again, since closing would unlock them. */
    private static final Map<Path, Holds> OWN = new ConcurrentHashMap<>();

    private final StoreFolder folder;
    private final LockFile locks;
    private final Path lease;
    private final File pruning;
    private final Map<String, Integer> counts = new HashMap<>();
    private @Nullable RandomAccessFile file;
    private boolean closed;

    Holds(StoreFolder folder, LockFile locks) throws IOException {
        this.folder = folder;
        this.pruning = folder.pruning().toFile();
        this.locks = locks;
        this.lease = folder.leases().toRealPath().resolve(UniqueNames.next());
    }

    /** The name of the lease, which is written by then. */
    synchronized String lease() throws IOException {
        open();
        return name(lease);
    }

    private RandomAccessFile open() throws IOException {
        if (closed) {
            throw new IllegalStateException("the store " + folder.root() + " was closed");
        }
        RandomAccessFile open = file;
        if (open == null) {
            // Nobody may find it between its making and its lock, and take it for one that a dead process left.
            LockFile.Held held = locks.shared(STORE_LOCK);
            try (held) {
                open = new RandomAccessFile(lease.toFile(), "rw");
                OWN.put(lease, this);
                if (open.getChannel().tryLock() == null) {
                    throw new IOException("could not lock " + lease);
                }
                file = open;
            }
        }
        return open;
    }

    /**
     * Holds what has that name once more. Only what is looked for afterwards, and then is there, stays there.
     *
     * @throws IOException if the lease cannot be written
     */
    void hold(String name) throws IOException {
        synchronized (this) {
            int count = counts.getOrDefault(name, 0);
            if (count == 0) {
                write('+', name);
            }
            counts.put(name, count + 1);
            if (count > 0) {
                return;
            }
        }
        if (pruning.exists()) {
            LockFile.Held held = locks.shared(STORE_LOCK);
            try (held) {
                // Whoever made it would have the lock: a kill left it.
                Files.deleteIfExists(folder.pruning());
            }
        }
    }

    private void write(char sign, String name) throws IOException {
        // One call of the system for the line: another process never reads half of it.
        open().write((sign + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Holds what is held once more.
     *
     * @throws IllegalStateException if it is not held
     */
    synchronized void holdAgain(String name) {
        Integer count = counts.get(name);
        if (count == null) {
            throw new IllegalStateException(name + " is not held");
        }
        counts.put(name, count + 1);
    }

    /** Lets go of one hold of what has that name; says whether that was the last. */
    synchronized boolean release(String name) {
        Integer count = counts.get(name);
        if (count == null) {
            return false;
        }
        if (count > 1) {
            counts.put(name, count - 1);
            return false;
        }
        counts.remove(name);
        try {
            write('-', name);
        } catch (IOException e) {
            // Others see it held until this process ends, which harms nothing.
            return true;
        }
        return true;
    }

    /**
     * What any live process holds of the store, this one included; the caller has the store's lock exclusively. Removes the
     * leases of dead processes.
     *
     * @throws IOException if a lease cannot be read
     */
    static Leases readAll(StoreFolder folder) throws IOException {
        Set<String> held = new HashSet<>();
        Set<String> live = new HashSet<>();
        try (DirectoryStream<Path> children =
                Files.newDirectoryStream(folder.leases().toRealPath())) {
            for (Path child : children) {
                Holds own = OWN.get(child);
                if (own != null) {
                    live.add(name(child));
                    held.addAll(own.names());
                } else if (isLocked(child)) {
                    live.add(name(child));
                    read(child, held);
                } else {
                    Files.deleteIfExists(child);
                }
            }
        }
        return new Leases(held, live);
    }

    /**
     * The leases of a store.
     *
     * @param held names of what is held
     * @param live names of the leases of live processes
     */
    record Leases(Set<String> held, Set<String> live) {}

    private static String name(Path lease) {
        return Objects.requireNonNull(lease.getFileName()).toString();
    }

    private synchronized Set<String> names() {
        return Set.copyOf(counts.keySet());
    }

    private static boolean isLocked(Path lease) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(lease.toFile(), "rw");
                FileLock lock = file.getChannel().tryLock()) {
            return lock == null;
        }
    }

    private static void read(Path lease, Set<String> held) throws IOException {
        Set<String> names = new HashSet<>();
        String text;
        try {
            text = Files.readString(lease, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return;
        }
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("+")) {
                names.add(line.substring(1));
            } else if (line.startsWith("-")) {
                names.remove(line.substring(1));
            }
        }
        held.addAll(names);
    }

    /** Lets go of everything. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        counts.clear();
        RandomAccessFile open = file;
        file = null;
        if (open != null) {
            try {
                Files.deleteIfExists(lease);
            } finally {
                OWN.remove(lease);
                open.close();
            }
        }
    }
}
