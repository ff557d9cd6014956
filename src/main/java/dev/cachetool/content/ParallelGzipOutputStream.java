package dev.cachetool.content;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Writes one gzip member (RFC 1952), compressed in blocks by several threads. A block is a fixed number of bytes of input,
 * compressed with what stands before it as dictionary and ended on a byte boundary, so that neither the number of threads
 * nor the cut of the writes changes a byte. A block that {@link EntropyProbe} finds incompressible is stored.
 */
final class ParallelGzipOutputStream extends OutputStream {
    static final int BLOCK = 256 * 1024;
    private static final int DICTIONARY = 32 * 1024;
    private static final int STORED_AT_MOST = 65_535;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    /** An empty last block with fixed codes. */
    private static final byte[] LAST_BLOCK = {3, 0};

    private final OutputStream out;
    private final int level;
    private final ExecutorService workers;
    private final int blocksAtOnce;
    private final Deque<Future<Block>> pending = new ArrayDeque<>();
    private final Deque<Block> free = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Deflater> deflaters = new ConcurrentLinkedQueue<>();
    private final CRC32 crc = new CRC32();
    private long length;
    private Block current = new Block();
    private boolean failed;
    private boolean closed;

    ParallelGzipOutputStream(OutputStream out, int level, int threads) throws IOException {
        this.out = out;
        this.level = level;
        this.blocksAtOnce = 2 * threads;
        this.workers = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "gzip");
            thread.setDaemon(true);
            return thread;
        });
        try {
            out.write(HEADER);
        } catch (IOException e) {
            workers.shutdownNow();
            throw e;
        }
    }

    /** A part of the input, behind the bytes that stand before it, and what became of it. */
    private static final class Block {
        final byte[] input = new byte[DICTIONARY + BLOCK];
        int dictionary;
        int length;
        byte[] output = new byte[BLOCK + 1024];
        int outputLength;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int count) throws IOException {
        if (closed || failed) {
            throw new IOException("the gzip stream is closed");
        }
        crc.update(buffer, offset, count);
        length += count;
        int from = offset;
        int left = count;
        while (left > 0) {
            int n = Math.min(left, BLOCK - current.length);
            System.arraycopy(buffer, from, current.input, DICTIONARY + current.length, n);
            current.length += n;
            from += n;
            left -= n;
            if (current.length == BLOCK) {
                submit();
            }
        }
    }

    private void submit() throws IOException {
        if (pending.size() >= blocksAtOnce) {
            writeFirst();
        }
        Block block = current;
        Block next = free.poll();
        current = next == null ? new Block() : next;
        current.length = 0;
        current.dictionary = Math.min(DICTIONARY, block.length);
        System.arraycopy(
                block.input,
                DICTIONARY + block.length - current.dictionary,
                current.input,
                DICTIONARY - current.dictionary,
                current.dictionary);
        pending.add(workers.submit(() -> compress(block)));
    }

    private void writeFirst() throws IOException {
        Future<Block> first = pending.remove();
        try {
            Block block = first.get();
            out.write(block.output, 0, block.outputLength);
            free.add(block);
        } catch (InterruptedException e) {
            failed = true;
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while compressing");
        } catch (ExecutionException e) {
            failed = true;
            throw new IOException("could not compress: " + e.getCause(), e);
        } catch (IOException e) {
            failed = true;
            throw e;
        }
    }

    private Block compress(Block block) {
        if (level == 0 || EntropyProbe.isIncompressible(block.input, DICTIONARY, block.length)) {
            store(block);
            return block;
        }
        Deflater deflater = takeDeflater();
        deflater.reset();
        if (block.dictionary > 0) {
            deflater.setDictionary(block.input, DICTIONARY - block.dictionary, block.dictionary);
        }
        deflater.setInput(block.input, DICTIONARY, block.length);
        int written = 0;
        while (true) {
            int room = block.output.length - written;
            int n = deflater.deflate(block.output, written, room, Deflater.SYNC_FLUSH);
            written += n;
            if (n < room) {
                break;
            }
            block.output = Arrays.copyOf(block.output, block.output.length * 2);
        }
        block.outputLength = written;
        deflaters.add(deflater);
        return block;
    }

    private Deflater takeDeflater() {
        Deflater deflater = deflaters.poll();
        return deflater == null ? new Deflater(level, true) : deflater;
    }

    /** Stored blocks (RFC 1951, 3.2.4); the output is on a byte boundary before and after each. */
    private static void store(Block block) {
        int from = DICTIONARY;
        int left = block.length;
        int to = 0;
        while (left > 0) {
            int n = Math.min(left, STORED_AT_MOST);
            block.output[to] = 0;
            block.output[to + 1] = (byte) n;
            block.output[to + 2] = (byte) (n >> 8);
            block.output[to + 3] = (byte) ~n;
            block.output[to + 4] = (byte) (~n >> 8);
            System.arraycopy(block.input, from, block.output, to + 5, n);
            to += 5 + n;
            from += n;
            left -= n;
        }
        block.outputLength = to;
    }

    /** Does nothing: a block ends where it is full, whoever wants it earlier. */
    @Override
    public void flush() {}

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        @Nullable IOException problem = null;
        try {
            if (!failed) {
                if (current.length > 0) {
                    submit();
                }
                while (!pending.isEmpty()) {
                    writeFirst();
                }
                out.write(LAST_BLOCK);
                out.write(trailer());
            }
        } catch (IOException e) {
            problem = e;
        }
        workers.shutdownNow();
        deflaters.forEach(Deflater::end);
        try {
            out.close();
        } catch (IOException e) {
            if (problem == null) {
                problem = e;
            } else {
                problem.addSuppressed(e);
            }
        }
        if (problem != null) {
            throw problem;
        }
    }

    private byte[] trailer() {
        byte[] trailer = new byte[8];
        for (int i = 0; i < 4; i++) {
            trailer[i] = (byte) (crc.getValue() >> (8 * i));
            trailer[4 + i] = (byte) (length >> (8 * i));
        }
        return trailer;
    }
}
