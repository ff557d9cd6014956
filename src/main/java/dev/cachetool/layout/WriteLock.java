package dev.cachetool.layout;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What those who write a layout take turns by, threads and processes; its file is there only as long as somebody holds it.
 * Closing it lets go.
 */
final class WriteLock implements AutoCloseable {
    /** Behind the name of what is written. */
    static final String SUFFIX = ".lock";

    private static final int MOST_MARKS = 1 << 20;

    /** For the threads of this process, among which the locks of files do not count; by the folder. */
    private static final ReentrantLock[] THREADS = new ReentrantLock[64];

    static {
        for (int i = 0; i < THREADS.length; i++) {
            THREADS[i] = new ReentrantLock();
        }
    }

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;
    private final ReentrantLock thread;

    private WriteLock(Path file, FileChannel channel, FileLock lock, ReentrantLock thread) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
        this.thread = thread;
    }

    /**
     * Waits for its turn.
     *
     * @param file the lock's file
     * @throws IOException if the file cannot be made, or the thread was interrupted
     */
    static WriteLock take(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
        ReentrantLock thread = THREADS[Math.floorMod(folder.toRealPath().hashCode(), THREADS.length)];
        try {
            thread.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        try {
            return take(file, thread);
        } catch (IOException | RuntimeException e) {
            thread.unlock();
            throw e;
        }
    }

    private static WriteLock take(Path file, ReentrantLock thread) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.lock();
                // Who held it before may have removed the file that was just locked.
                if (isSame(file, channel)) {
                    return new WriteLock(file, channel, lock, thread);
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            channel.close();
        }
    }

    void requireHeld() {
        if (!lock.isValid()) {
            throw new IllegalStateException("the lock of " + file + " is not held");
        }
    }

    /**
     * A size that only this holder gives it tells whether the path still leads to the locked file. It is not opened for
     * that: POSIX lets go of a lock when the process closes the file by any of its descriptors.
     */
    private static boolean isSame(Path file, FileChannel channel) throws IOException {
        long size = ThreadLocalRandom.current().nextInt(1, MOST_MARKS);
        channel.truncate(0);
        channel.write(ByteBuffer.allocate(1), size - 1);
        try {
            return Files.size(file) == size;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(file);
            lock.release();
            channel.close();
        } finally {
            thread.unlock();
        }
    }
}
