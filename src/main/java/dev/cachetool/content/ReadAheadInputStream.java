package dev.cachetool.content;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream in a thread of its own, some chunks ahead of its reader, so that what the stream does (decompressing,
 * digesting) overlaps with what the reader does. Closing it ends the thread and then closes the stream below.
 */
final class ReadAheadInputStream extends InputStream {
    private static final int CHUNK = 256 * 1024;
    private static final int CHUNKS = 4;

    private final InputStream in;
    private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(CHUNKS);
    private final BlockingQueue<Chunk> free = new ArrayBlockingQueue<>(CHUNKS);
    private final Thread thread;
    private @Nullable Chunk current;
    private int position;

    ReadAheadInputStream(InputStream in, String name) {
        this.in = in;
        for (int i = 0; i < CHUNKS; i++) {
            free.add(new Chunk());
        }
        thread = new Thread(this::readAll, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Chunk {
        final byte[] bytes = new byte[CHUNK];
        int length;
        /** Set on the last one: the stream ended behind these bytes. */
        boolean last;
        /** Set on the last one, if the stream failed behind these bytes. */
        @Nullable
        Throwable problem;
    }

    private void readAll() {
        try {
            boolean more = true;
            while (more) {
                Chunk chunk = free.take();
                more = fill(chunk);
                full.put(chunk);
            }
        } catch (InterruptedException e) {
            // The reader closed: nobody waits for more.
            return;
        }
    }

    private boolean fill(Chunk chunk) {
        try {
            while (chunk.length < CHUNK) {
                int n = in.read(chunk.bytes, chunk.length, CHUNK - chunk.length);
                if (n < 0) {
                    chunk.last = true;
                    return false;
                }
                chunk.length += n;
            }
            return true;
        } catch (IOException | RuntimeException | Error e) {
            chunk.last = true;
            chunk.problem = e;
            return false;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        Chunk chunk = current;
        while (chunk == null || position == chunk.length) {
            if (chunk != null) {
                if (chunk.last) {
                    rethrow(chunk.problem);
                    return -1;
                }
                chunk.length = 0;
                free.add(chunk);
            }
            try {
                chunk = full.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading");
            }
            current = chunk;
            position = 0;
        }
        int n = Math.min(length, chunk.length - position);
        System.arraycopy(chunk.bytes, position, buffer, offset, n);
        position += n;
        return n;
    }

    private static void rethrow(@Nullable Throwable problem) throws IOException {
        if (problem instanceof IOException e) {
            throw e;
        }
        if (problem instanceof RuntimeException e) {
            throw e;
        }
        if (problem instanceof Error e) {
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
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
        in.close();
    }
}
