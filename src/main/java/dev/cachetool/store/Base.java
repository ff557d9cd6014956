package dev.cachetool.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The keys of a store as a mapped file that never changes (docs/formats.md). Opening it reads the header alone. What is
 * mapped stays readable when the file is removed.
 *
 * @param stamp what journals on it have in their headers; 0 for one that is no file
 */
record Base(
        ByteBuffer map,
        long stamp,
        NameTable keys,
        NameTable infos,
        NameTable times,
        NameTable results,
        TripleTable links,
        TripleTable records) {
    static final byte[] MAGIC = "cachetool keys base ".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 1;

    /** Magic, version, stamp, then for each kind of names how many there are and their bytes, then how many links and records. */
    static final int HEADER = MAGIC.length + Integer.BYTES + Long.BYTES + 10 * Integer.BYTES + FileHead.CHECK_BYTES;

    /** One without anything in it. */
    static Base empty() {
        ByteBuffer zeros = ByteBuffer.allocate(64);
        NameTable names = new NameTable(zeros, 0);
        TripleTable triples = new TripleTable(zeros, 0, 0, 0);
        return new Base(zeros, 0, names, names, names, names, triples, triples);
    }

    /**
     * Maps a base.
     *
     * @throws java.nio.file.NoSuchFileException if the file is not there
     * @throws NotAStoreException if a newer version of the program wrote it
     * @throws DamagedKeysException if it is no base, or not all of one
     * @throws IOException if it cannot be read
     */
    static Base open(Path file) throws IOException {
        // What is interrupted while it maps closes the file and fails; the thread may be one that only asks something.
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < HEADER || size > Integer.MAX_VALUE) {
                throw new DamagedKeysException(file, "it has " + size + " bytes");
            }
            return of(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, size));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Base of(Path file, ByteBuffer map) throws IOException {
        byte[] header = new byte[HEADER];
        map.get(0, header);
        FileHead.check(file, header, MAGIC, VERSION);
        FileHead.verify(file, header);
        ByteBuffer in = ByteBuffer.wrap(header);
        in.position(MAGIC.length + Integer.BYTES);
        long stamp = in.getLong();
        int[] counts = new int[4];
        int[] bytes = new int[4];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = in.getInt();
            bytes[i] = in.getInt();
        }
        int linkCount = in.getInt();
        int recordCount = in.getInt();
        long[] sizes = {
            NameTable.bytes(counts[0], bytes[0]),
            NameTable.bytes(counts[1], bytes[1]),
            NameTable.bytes(counts[2], bytes[2]),
            NameTable.bytes(counts[3], bytes[3]),
            TripleTable.bytes(linkCount, counts[0], counts[0]),
            TripleTable.bytes(recordCount, counts[0], counts[3])
        };
        if (HEADER + Arrays.stream(sizes).sum() + FileHead.CHECK_BYTES != map.capacity()) {
            throw new DamagedKeysException(file, "it has " + map.capacity() + " bytes");
        }
        ByteBuffer[] parts = new ByteBuffer[sizes.length];
        int at = HEADER;
        for (int i = 0; i < sizes.length; i++) {
            parts[i] = map.slice(at, (int) sizes[i]);
            at += (int) sizes[i];
        }
        return new Base(
                map,
                stamp,
                new NameTable(parts[0], counts[0]),
                new NameTable(parts[1], counts[1]),
                new NameTable(parts[2], counts[2]),
                new NameTable(parts[3], counts[3]),
                new TripleTable(parts[4], linkCount, counts[0], counts[0]),
                new TripleTable(parts[5], recordCount, counts[0], counts[3]));
    }

    /** Whether all of it is what was written; reads all of it. */
    boolean isWhole() {
        int end = map.capacity() - FileHead.CHECK_BYTES;
        return stamp == 0 || FileHead.crc(map, end) == map.getInt(end);
    }
}
