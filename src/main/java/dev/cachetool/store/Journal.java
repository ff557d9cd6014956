package dev.cachetool.store;

import dev.cachetool.content.AtomicFile;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows by frames (docs/formats.md): the length of some bytes, their CRC-32C, and the bytes. Who appends has a
 * lock; who reads has none, and sees a frame when all of it is there. What a kill or a full disk left of a frame behind the
 * last whole one is cut off by whoever appends next. Not for several threads.
 */
final class Journal implements Closeable {
    private static final byte[] MAGIC = "cachetool keys journal ".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int STAMP = MAGIC.length + Integer.BYTES;
    /** Where it says up to where there are frames; a multiple of eight, so that it is read and written whole. */
    private static final int END = 40;

    /** Magic, version, the stamp of the base, and the end of the last frame. */
    static final int HEADER = END + Long.BYTES;

    private static final int FRAME_HEAD = 2 * Integer.BYTES;

    // Not a channel: one that is used by an interrupted thread closes, for all others as well.
    private final RandomAccessFile file;
    private final Path path;
    private final ByteBuffer header;
    private @Nullable RandomAccessFile writing;
    /** Where the last whole frame ends that was read or appended. */
    private long end = HEADER;

    private Journal(Path path, RandomAccessFile file, ByteBuffer header) {
        this.path = path;
        this.file = file;
        this.header = header;
    }

    /** Takes the bytes of a frame. */
    interface Reader {
        void frame(byte[] bytes, int from, int to);
    }

    /**
     * Makes a journal, at once with some frames.
     *
     * @param stamp of the base that it belongs to; 0 for none
     * @throws IOException if it cannot be written
     */
    static void create(Path path, long stamp, byte[]... frames) throws IOException {
        int size = HEADER;
        for (byte[] frame : frames) {
            size += FRAME_HEAD + frame.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(FileHead.of(MAGIC, VERSION)).putLong(stamp).putLong(END, size).position(HEADER);
        for (byte[] frame : frames) {
            put(out, frame);
        }
        AtomicFile.write(path, out.array());
    }

    private static void put(ByteBuffer out, byte[] frame) {
        out.putInt(frame.length).putInt(crc(frame, 0, frame.length)).put(frame);
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /**
     * Opens a journal.
     *
     * @throws NoSuchFileException if it is not there
     * @throws NotAStoreException if a newer version of the program wrote it
     * @throws DamagedKeysException if it is none
     * @throws IOException if it cannot be opened
     */
    static Journal open(Path path) throws IOException {
        RandomAccessFile file;
        try {
            file = new RandomAccessFile(path.toFile(), "r");
        } catch (FileNotFoundException e) {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            throw e;
        }
        try {
            byte[] head = new byte[HEADER];
            try {
                file.readFully(head);
            } catch (EOFException e) {
                throw new DamagedKeysException(path, "it is cut off");
            }
            FileHead.check(path, head, MAGIC, VERSION);
            return new Journal(path, file, map(file));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static ByteBuffer map(RandomAccessFile file) throws IOException {
        // What is interrupted while it maps closes the file and fails; the thread may be one that only asks something.
        boolean interrupted = Thread.interrupted();
        try {
            return file.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, HEADER);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The stamp of the base that it belongs to; 0 for none. */
    long stamp() {
        return header.getLong(STAMP);
    }

    /** Where the last whole frame ends that was read or appended. */
    long end() {
        return end;
    }

    /** Whether frames were appended since the last time that it was read; costs no call of the system. */
    boolean hasMore() {
        return header.getLong(END) > end;
    }

    /** Reads the frames that were appended since the last time. */
    void read(Reader reader) throws IOException {
        long left = file.length() - end;
        if (left <= 0) {
            return;
        }
        byte[] bytes = new byte[Math.toIntExact(left)];
        file.seek(end);
        int size = 0;
        while (size < bytes.length) {
            int count = file.read(bytes, size, bytes.length - size);
            if (count < 0) {
                // Somebody cut off what was left of a frame.
                break;
            }
            size += count;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, size);
        while (in.remaining() >= FRAME_HEAD) {
            int length = in.getInt();
            int crc = in.getInt();
            int from = in.position();
            if (length < 0 || length > in.remaining() || crc(bytes, from, length) != crc) {
                break;
            }
            reader.frame(bytes, from, from + length);
            in.position(from + length);
            end += FRAME_HEAD + length;
        }
    }

    /**
     * Appends a frame. The caller has the lock, knows that the file is there, and has read all of it.
     *
     * @throws IOException if it cannot be written
     */
    void append(byte[] frame) throws IOException {
        RandomAccessFile open = writing;
        if (open == null) {
            open = new RandomAccessFile(path.toFile(), "rw");
            writing = open;
        }
        ByteBuffer out = ByteBuffer.allocate(FRAME_HEAD + frame.length);
        put(out, frame);
        if (open.length() > end) {
            open.setLength(end);
        }
        open.seek(end);
        try {
            open.write(out.array());
        } catch (IOException e) {
            try {
                open.setLength(end);
            } catch (IOException left) {
                // Nobody reads it, and whoever appends next cuts it off.
                e.addSuppressed(left);
            }
            throw e;
        }
        // Only now anybody looks for it. A kill before leaves a frame that is seen with the next one.
        open.seek(END);
        open.write(ByteBuffer.allocate(Long.BYTES).putLong(end + out.capacity()).array());
        end += out.capacity();
    }

    @Override
    public void close() throws IOException {
        try (file) {
            if (writing != null) {
                writing.close();
            }
        }
    }
}
