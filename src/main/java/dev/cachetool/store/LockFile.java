package dev.cachetool.store;

import dev.cachetool.digest.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Locks that threads and processes take on one file, each on a byte of its own, so that what a process held is free when it
 * ends, however it ends. A process has the file open once, whatever the number of its stores: closing a file lets go of all
 * that the process has locked in it (POSIX, fcntl). Waiting is by asking again, since a thread that is interrupted while it
 * waits in the JDK's own way closes the file. Safe for several threads.
 */
final class LockFile implements Closeable {
    private static final Map<Path, LockFile> OPEN = new HashMap<>();
    private static final long FIRST_PAUSE = 50_000;
    private static final long LONGEST_PAUSE = 20_000_000;

    private final Path file;
    private final FileChannel channel;
    private final Map<Long, Slot> slots = new HashMap<>();
    private int users;

    private static final class Slot {
        final FileLock lock;
        int holders = 1;

        Slot(FileLock lock) {
            this.lock = lock;
        }
    }

    private LockFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the file, which is made if need be.
     *
     * @param file in a folder that is there
     * @throws IOException if it cannot be opened for writing
     */
    static LockFile open(Path file) throws IOException {
        Path real = Objects.requireNonNull(file.toAbsolutePath().getParent())
                .toRealPath()
                .resolve(Objects.requireNonNull(file.getFileName()));
        synchronized (OPEN) {
            LockFile open = OPEN.get(real);
            if (open == null) {
                open = new LockFile(
                        real,
                        FileChannel.open(
                                real, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
                OPEN.put(real, open);
            }
            open.users++;
            return open;
        }
    }

    /** The byte that stands for a name; two names have the same one as often as never. */
    static long slot(String name) {
        long hash = Long.parseUnsignedLong(Digest.sha256(name).encoded().substring(0, 16), 16);
        return 1 + (hash >>> 2);
    }

    /** A lock that is held, until this is closed. */
    interface Held extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /**
     * Waits until nobody else holds the byte, and holds it.
     *
     * @throws InterruptedIOException if the thread was interrupted while it waited
     * @throws IOException if the file system has no locks
     */
    Held exclusive(long at) throws IOException {
        return acquire(at, false);
    }

    /**
     * Holds the byte, if nobody else does.
     *
     * @throws IOException if the file system has no locks
     */
    Optional<Held> tryExclusive(long at) throws IOException {
        return tryAcquire(at, false) ? Optional.of(() -> release(at)) : Optional.empty();
    }

    /** Waits until nobody holds the byte exclusively, and holds it together with others; throws as {@link #exclusive}. */
    Held shared(long at) throws IOException {
        return acquire(at, true);
    }

    private Held acquire(long at, boolean shared) throws IOException {
        long pause = FIRST_PAUSE;
        while (!tryAcquire(at, shared)) {
            LockSupport.parkNanos(this, pause);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for a lock of the store");
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
        return () -> release(at);
    }

    private synchronized boolean tryAcquire(long at, boolean shared) throws IOException {
        Slot slot = slots.get(at);
        if (slot != null) {
            if (!shared || !slot.lock.isShared()) {
                return false;
            }
            slot.holders++;
            return true;
        }
        FileLock lock = channel.tryLock(at, 1, shared);
        if (lock == null) {
            return false;
        }
        slots.put(at, new Slot(lock));
        return true;
    }

    private synchronized void release(long at) throws IOException {
        Slot slot = slots.get(at);
        if (slot != null && --slot.holders == 0) {
            slots.remove(at);
            slot.lock.release();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(file);
                channel.close();
            }
        }
    }
}
