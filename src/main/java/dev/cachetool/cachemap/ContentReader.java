package dev.cachetool.cachemap;

import dev.cachetool.digest.Algorithm;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Reads the contents of files on several threads while more of them are still being found. Whoever adds files reads some
 * too, when all are found. For one thread, which also closes it; the files that were not read then stay unread.
 */
public final class ContentReader implements Closeable {
    private static final int BUFFER = 1 << 16;

    /** So many files go to a thread at once: about what a thread costs to start. */
    private static final int BATCH = 256;

    /** What a thread reads with. */
    private static final ThreadLocal<Tools> TOOLS =
            ThreadLocal.withInitial(() -> new Tools(ByteBuffer.allocate(BUFFER), Algorithm.SHA256.newMessageDigest()));

    private record Tools(ByteBuffer buffer, MessageDigest messageDigest) {}

    private final ThreadPoolExecutor pool;
    private final int others;
    private final List<Future<?>> running = new ArrayList<>();
    private List<Content> batch = new ArrayList<>(BATCH);

    /** What is read. */
    @FunctionalInterface
    public interface Content {
        /**
         * Reads it.
         *
         * @param buffer for whatever is in it
         * @param messageDigest for SHA-256, in whatever state
         * @throws IOException if it cannot be read
         */
        void read(ByteBuffer buffer, MessageDigest messageDigest) throws IOException;
    }

    /**
     * Starts nothing yet.
     *
     * @param threads how many read at the same time, at least 1
     */
    public ContentReader(int threads) {
        others = threads - 1;
        pool = new ThreadPoolExecutor(
                Math.max(1, others), Math.max(1, others), 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "cachetool-digest");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Has the content read, now or later. */
    public void add(Content content) {
        batch.add(content);
        if (batch.size() == BATCH && others > 0) {
            running.add(pool.submit(reading(batch)));
            batch = new ArrayList<>(BATCH);
        }
    }

    /**
     * Waits until all that was added is read.
     *
     * @throws IOException if something could not be read
     */
    public void finish() throws IOException {
        try {
            reading(batch).call();
            // What no thread has begun yet is run here.
            for (Runnable task = pool.getQueue().poll();
                    task != null;
                    task = pool.getQueue().poll()) {
                task.run();
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while files were read");
        }
    }

    private static Task reading(List<Content> contents) {
        return () -> {
            Tools tools = TOOLS.get();
            for (Content content : contents) {
                content.read(tools.buffer(), tools.messageDigest());
            }
            return null;
        };
    }

    @FunctionalInterface
    private interface Task extends Callable<Void> {
        @Override
        Void call() throws IOException;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
