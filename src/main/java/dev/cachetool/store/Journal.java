package dev.cachetool.store;

import dev.cachetool.content.AtomicFile;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
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
    /** Magic, version, and the stamp of the base. */
    static final int HEADER = MAGIC.length + Integer.BYTES + Long.BYTES;

    private static final int FRAME_HEAD = 2 * Integer.BYTES;

    // Not a channel: one that is used by an interrupted thread closes, for all others as well.
    private final RandomAccessFile file;
    private final Path path;
    private final long stamp;
    private @Nullable RandomAccessFile writing;
    /** Where the last whole frame ends that was read or appended. */
    private long end = HEADER;

    private Journal(Path path, RandomAccessFile file, long stamp) {
        this.path = path;
        this.file = file;
        this.stamp = stamp;
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
        out.put(FileHead.of(MAGIC, VERSION)).putLong(stamp);
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
            return new Journal(path, file, ByteBuffer.wrap(head).getLong(HEADER - Long.BYTES));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The stamp of the base that it belongs to; 0 for none. */
    long stamp() {
        return stamp;
    }

    /** Where the last whole frame ends that was read or appended. */
    long end() {
        return end;
    }

    /** How many bytes stand behind that. */
    long unread() throws IOException {
        return file.length() - end;
    }

    /** Reads the frames that were appended since the last time. */
    void read(Reader reader) throws IOException {
        long left = unread();
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
     * @throws IOException if it cannot be written; then nothing is appended
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
