package dev.cachetool.store;

import dev.cachetool.cachemap.FileDigests.FileStamp;
import dev.cachetool.content.AtomicFile;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Digests of files as a mapped file that never changes (docs/formats.md). Opening it reads the header alone; an entry is
 * looked at when it is asked for, and has a check of its own. Safe for several threads.
 */
final class FileMemo {
    private static final byte[] MAGIC = "cachetool files ".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    /** Magic, version, how many entries, and the bytes of their paths. */
    private static final int HEADER = MAGIC.length + Integer.BYTES + 2 * Integer.BYTES + FileHead.CHECK_BYTES;

    private static final int DIGEST = 32;
    /** Four numbers of the stamp, the digest, the day, and a check. */
    private static final int ENTRY = 4 * Long.BYTES + DIGEST + Integer.BYTES + FileHead.CHECK_BYTES;

    private final ByteBuffer map;
    private final NameTable paths;
    private final ByteBuffer entries;

    private FileMemo(ByteBuffer map, NameTable paths, ByteBuffer entries) {
        this.map = map;
        this.paths = paths;
        this.entries = entries;
    }

    /**
     * What is known of a file.
     *
     * @param day the last day on which it was of use, since 1970
     */
    record Entry(FileStamp stamp, Digest digest, int day) {}

    /** One without entries. */
    static FileMemo empty() {
        ByteBuffer zeros = ByteBuffer.allocate(64);
        return new FileMemo(zeros, new NameTable(zeros, 0), zeros);
    }

    /**
     * Maps a memo.
     *
     * @throws IOException if it cannot be read, or is none, or not all of one
     */
    static FileMemo open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < HEADER || size > Integer.MAX_VALUE) {
                throw new DamagedKeysException(file, "it has " + size + " bytes");
            }
            ByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            byte[] header = new byte[HEADER];
            map.get(0, header);
            FileHead.check(file, header, MAGIC, VERSION);
            FileHead.verify(file, header);
            ByteBuffer in = ByteBuffer.wrap(header);
            in.position(MAGIC.length + Integer.BYTES);
            int count = in.getInt();
            long tableBytes = NameTable.bytes(count, in.getInt());
            if (HEADER + tableBytes + (long) count * ENTRY + FileHead.CHECK_BYTES != size) {
                throw new DamagedKeysException(file, "it has " + size + " bytes");
            }
            int end = HEADER + (int) tableBytes;
            return new FileMemo(
                    map, new NameTable(map.slice(HEADER, (int) tableBytes), count), map.slice(end, count * ENTRY));
        }
    }

    /** How many entries it has. */
    int count() {
        return paths.count();
    }

    /** The path at a place. */
    Name path(int place) {
        return paths.name(place);
    }

    /** Whether all of it is what was written; reads all of it. */
    boolean isWhole() {
        if (count() == 0) {
            return true;
        }
        int end = map.capacity() - FileHead.CHECK_BYTES;
        return FileHead.crc(map, end) == map.getInt(end);
    }

    /** The place of a path; -1 where it is not there. */
    int find(Name path) {
        try {
            return paths.find(path);
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            // A damaged table: what is not found is read again.
            return -1;
        }
    }

    /** The entry of a path at its place; empty where it is damaged. */
    Optional<Entry> entry(Name path, int place) {
        byte[] bytes = new byte[ENTRY];
        entries.get(place * ENTRY, bytes);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (check(path, bytes) != in.getInt(ENTRY - FileHead.CHECK_BYTES)) {
            return Optional.empty();
        }
        FileStamp stamp = new FileStamp(in.getLong(), in.getLong(), in.getLong(), in.getLong());
        Digest digest = Digest.of(Algorithm.SHA256, bytes, in.position());
        return Optional.of(new Entry(stamp, digest, in.getInt(in.position() + DIGEST)));
    }

    /** Of an entry without its check, and the path that it belongs to. */
    private static int check(Name path, byte[] entry) {
        return 31 * FileHead.crc(entry, ENTRY - FileHead.CHECK_BYTES) + path.hashCode();
    }

    private static byte[] bytes(Name path, Entry entry) {
        ByteBuffer out = ByteBuffer.allocate(ENTRY);
        FileStamp stamp = entry.stamp();
        out.putLong(stamp.size()).putLong(stamp.modified()).putLong(stamp.changed());
        out.putLong(stamp.inode());
        out.put(HexFormat.of().parseHex(entry.digest().encoded())).putInt(entry.day());
        return out.putInt(check(path, out.array())).array();
    }

    /**
     * Writes a memo of the entries of this one that are not too old, and of others, which take the place of those of the same
     * path. It appears whole or not at all.
     *
     * @param added with SHA-256 digests
     * @param used places of entries of this one that were of use on the day
     * @param day today, since 1970
     * @param kept for how many days an entry is kept that is of no use
     * @throws IOException if it cannot be written
     */
    void write(Path file, Map<Name, Entry> added, BitSet used, int day, int kept) throws IOException {
        Names names = new Names(paths);
        BitSet numbers = new BitSet();
        List<Entry> found = new ArrayList<>(count() + added.size());
        for (int place = 0; place < count(); place++) {
            Name path = paths.name(place);
            Optional<Entry> entry = entry(path, place);
            if (entry.isPresent()
                    && !added.containsKey(path)
                    && (used.get(place) || entry.get().day() > day - kept)) {
                numbers.set(place);
            }
        }
        for (Name path : added.keySet()) {
            int number = names.find(path);
            if (number < 0) {
                number = names.count();
                names.add(path.bytes(), 0, path.bytes().length, path.hashCode());
            }
            numbers.set(number);
        }
        NameOrder order = NameOrder.of(names, numbers);
        for (int number : order.before()) {
            Name path = names.name(number);
            Entry entry = added.get(path);
            if (entry == null) {
                entry = entry(path, number).orElseThrow();
                if (used.get(number)) {
                    entry = new Entry(entry.stamp(), entry.digest(), day);
                }
            }
            found.add(entry);
        }
        long size = HEADER
                + NameTable.bytes(order.count(), order.nameBytes())
                + (long) order.count() * ENTRY
                + FileHead.CHECK_BYTES;
        if (size > Integer.MAX_VALUE) {
            throw new IOException("the digests of so many files are not remembered: " + order.count());
        }
        try (AtomicFile atomic = AtomicFile.create(file)) {
            TableOutput out = new TableOutput(atomic.stream());
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            header.put(FileHead.of(MAGIC, VERSION)).putInt(order.count()).putInt((int) order.nameBytes());
            FileHead.check(header);
            out.write(header.array());
            out.names(order);
            for (int i = 0; i < found.size(); i++) {
                out.write(bytes(names.name(order.before()[i]), found.get(i)));
            }
            out.check();
            atomic.commit();
        }
    }
}
