package dev.cachetool.content;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Hands what is written to another stream in a thread of its own, some chunks behind its writer. {@link #finish} waits
 * until all of it is there; closing it without that gives up. Neither closes the stream below.
 */
final class WriteBehindOutputStream extends OutputStream {
    private static final int CHUNK = 256 * 1024;
    private static final int CHUNKS = 6;

    private final OutputStream out;
    private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(CHUNKS);
    private final BlockingQueue<Chunk> free = new ArrayBlockingQueue<>(CHUNKS);
    private final Thread thread;
    private Chunk current;
    private volatile @Nullable Throwable problem;
    private boolean finished;

    WriteBehindOutputStream(OutputStream out, String name) {
        this.out = out;
        for (int i = 1; i < CHUNKS; i++) {
            free.add(new Chunk());
        }
        current = new Chunk();
        thread = new Thread(this::writeAll, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Chunk {
        final byte[] bytes = new byte[CHUNK];
        int length;
        boolean last;
    }

    private void writeAll() {
        try {
            boolean more = true;
            while (more) {
                Chunk chunk = full.take();
                more = !chunk.last;
                if (problem == null) {
                    write(chunk);
                }
                chunk.length = 0;
                free.put(chunk);
            }
        } catch (InterruptedException e) {
            // The writer gave up.
            return;
        }
    }

    private void write(Chunk chunk) {
        try {
            out.write(chunk.bytes, 0, chunk.length);
        } catch (IOException | RuntimeException | Error e) {
            problem = e;
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (current.length == CHUNK) {
                handOver();
            }
            int n = Math.min(left, CHUNK - current.length);
            System.arraycopy(buffer, from, current.bytes, current.length, n);
            current.length += n;
            from += n;
            left -= n;
        }
    }

    private void handOver() throws IOException {
        rethrow();
        try {
            full.put(current);
            current = free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing");
        }
    }

    private void rethrow() throws IOException {
        Throwable found = problem;
        if (found instanceof IOException e) {
            throw e;
        }
        if (found != null) {
            throw new IOException("could not write: " + found, found);
        }
    }

    /** Waits until everything has been written. */
    void finish() throws IOException {
        current.last = true;
        handOver();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing");
        }
        finished = true;
        rethrow();
    }

    @Override
    public void close() {
        if (finished) {
            return;
        }
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        finished = true;
    }
}
