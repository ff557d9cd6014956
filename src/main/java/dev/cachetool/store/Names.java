package dev.cachetool.store;

import java.util.Arrays;

/**
 * Names and their numbers: those of a table have their place there, those that were added the numbers from there on. Nothing
 * is ever taken out.
 */
final class Names {
    private static final int FIRST = 64;

    private final NameTable table;
    private int size;

    /** What was added, one behind the other. */
    private byte[] bytes = new byte[FIRST * 16];

    private int[] ends = new int[FIRST];
    private int[] hashes = new int[FIRST];
    /** One more than the index of what was added; 0 where there is nothing. At most half full. */
    private int[] slots = new int[2 * FIRST];

    Names(NameTable table) {
        this.table = table;
    }

    /** One more than the highest number. */
    int count() {
        return table.count() + size;
    }

    /** How many of them are in the table. */
    int inTable() {
        return table.count();
    }

    /** The number of a name; -1 where it has none. */
    int find(Name name) {
        int place = table.find(name);
        if (place >= 0) {
            return place;
        }
        int index = slots[slot(slots, name.hashCode(), name.bytes(), 0, name.bytes().length)] - 1;
        return index < 0 ? -1 : table.count() + index;
    }

    /** Adds a name that is not there yet: it has the next number. */
    void add(byte[] source, int from, int length, int hash) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
            int[] more = new int[2 * slots.length];
            for (int i = 0; i < size; i++) {
                more[free(more, hashes[i])] = i + 1;
            }
            slots = more;
        }
        int start = start(size);
        if (bytes.length - start < length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(start, length)));
        }
        System.arraycopy(source, from, bytes, start, length);
        ends[size] = start + length;
        hashes[size] = hash;
        slots[free(slots, hash)] = size + 1;
        size++;
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    private static int free(int[] slots, int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private int slot(int[] in, int hash, byte[] name, int from, int length) {
        int mask = in.length - 1;
        int slot = hash & mask;
        while (in[slot] != 0) {
            int index = in[slot] - 1;
            if (hashes[index] == hash && Arrays.equals(bytes, start(index), ends[index], name, from, from + length)) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** The name of that number. */
    Name name(int number) {
        int index = number - table.count();
        return index < 0
                ? table.name(number)
                : Name.ofBytes(Arrays.copyOfRange(bytes, start(index), ends[index]), hashes[index]);
    }

    /** The hash of the name of that number. */
    int hash(int number) {
        int index = number - table.count();
        return index < 0 ? table.hash(number) : hashes[index];
    }

    /** How many bytes the name of that number has. */
    int length(int number) {
        int index = number - table.count();
        return index < 0 ? table.length(number) : ends[index] - start(index);
    }
}
