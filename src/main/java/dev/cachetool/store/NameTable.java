package dev.cachetool.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Names in a mapped file, in the order of their hashes, each known by its place in that order. A directory by the highest
 * bits of the hash leads to the few among which one is.
 */
final class NameTable {
    /** How many names there are for an entry of the directory, about. */
    private static final int BUCKET = 4;

    private static final int ENTRY = 2 * Integer.BYTES;

    private final ByteBuffer map;
    private final int count;
    private final int bits;
    private final int entries;
    private final int blob;

    /**
     * @param map the table, from its first byte on
     */
    NameTable(ByteBuffer map, int count) {
        this.map = map;
        this.count = count;
        this.bits = bits(count);
        this.entries = directoryBytes(count);
        this.blob = entries + entryBytes(count);
    }

    /** How many bits of the hash the directory takes. */
    static int bits(int count) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(count / BUCKET);
    }

    /** Where in the directory that has so many bits a hash stands. */
    static int bucket(int hash, int bits) {
        return bits == 0 ? 0 : hash >>> (Integer.SIZE - bits);
    }

    private static int directoryBytes(int count) {
        return ((1 << bits(count)) + 1) * Integer.BYTES;
    }

    private static int entryBytes(int count) {
        return count * ENTRY + Integer.BYTES;
    }

    /** How many bytes a table takes. */
    static long bytes(int count, long nameBytes) {
        return (long) directoryBytes(count) + entryBytes(count) + nameBytes;
    }

    int count() {
        return count;
    }

    /** The place of a name; -1 where it is not there. */
    int find(Name name) {
        int hash = name.hashCode();
        int bucket = bucket(hash, bits);
        int end = Math.min(count, map.getInt((bucket + 1) * Integer.BYTES));
        for (int i = map.getInt(bucket * Integer.BYTES); i < end; i++) {
            if (hash(i) == hash && Arrays.equals(bytes(i), name.bytes())) {
                return i;
            }
        }
        return -1;
    }

    int hash(int place) {
        return map.getInt(entries + place * ENTRY);
    }

    private int offset(int place) {
        // Behind the last entry stands an offset alone.
        return map.getInt(entries + place * ENTRY + (place < count ? Integer.BYTES : 0));
    }

    int length(int place) {
        return offset(place + 1) - offset(place);
    }

    private byte[] bytes(int place) {
        int from = offset(place);
        int length = offset(place + 1) - from;
        if (length < 0 || length > map.capacity()) {
            throw new IndexOutOfBoundsException("a name of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        map.get(blob + from, bytes);
        return bytes;
    }

    Name name(int place) {
        return Name.ofBytes(bytes(place), hash(place));
    }
}
