package dev.cachetool.graph;

import dev.cachetool.digest.FieldWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Holds strings of bytes, each once, under numbers that count up from 0 in the order in which they were first seen. */
final class Interner {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK_BITS = 18;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int RECENT_SHIFT = 20;
    private static final byte[] NO_BYTES = {};

    /** So that nobody can write a graph whose texts collide. */
    private static final long SEED = new SecureRandom().nextLong() | 1;

    private final List<byte[]> chunks = new ArrayList<>();
    private byte[] chunk = NO_BYTES;
    private int openChunk;
    private int used;

    private final IntList addresses = new IntList(16);

    /** By slot: the hash above, the number and 1 below; 0 where there is none. So most misses are seen without the bytes. */
    private long[] table = new long[64];

    /** Entries that were asked for lately: a graph names a vertex near where it stands, and this stays in the processor's cache. */
    private final long[] recent = new long[1 << (32 - RECENT_SHIFT)];

    /** The number of what the writer holds. */
    int intern(FieldWriter item) {
        return intern(item.buffer(), item.size());
    }

    private int intern(byte[] bytes, int length) {
        int hash = hash(bytes, length);
        int place = hash >>> RECENT_SHIFT;
        if (isItem(recent[place], hash, bytes, length)) {
            return (int) recent[place] - 1;
        }
        int slot = slotOf(hash, bytes, length);
        if (table[slot] == 0) {
            int id = addresses.size();
            addresses.add(store(bytes, length));
            recent[place] = (long) hash << 32 | (id + 1);
            table[slot] = recent[place];
            if (id > table.length / 8 * 5) {
                grow();
            }
            return id;
        }
        recent[place] = table[slot];
        return (int) table[slot] - 1;
    }

    /** The number of what the writer holds, or -1 if it was never interned. */
    int find(FieldWriter item) {
        return (int) table[slotOf(hash(item.buffer(), item.size()), item.buffer(), item.size())] - 1;
    }

    int size() {
        return addresses.size();
    }

    /** Reads the item of the number, from its beginning to its end. */
    FieldReader read(int id) {
        int address = addresses.get(id);
        byte[] from = chunks.get(address >>> CHUNK_BITS);
        FieldReader reader = new FieldReader(from, address & (CHUNK - 1), from.length);
        int length = (int) reader.number();
        return reader.first(length);
    }

    private int slotOf(int hash, byte[] bytes, int length) {
        int mask = table.length - 1;
        int slot = hash & mask;
        while (table[slot] != 0) {
            if (isItem(table[slot], hash, bytes, length)) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isItem(long entry, int hash, byte[] bytes, int length) {
        return (int) (entry >>> 32) == hash && entry != 0 && same((int) entry - 1, bytes, length);
    }

    private boolean same(int id, byte[] bytes, int length) {
        int address = addresses.get(id);
        byte[] from = chunks.get(address >>> CHUNK_BITS);
        int at = address & (CHUNK - 1);
        int shift = 0;
        int stored = 0;
        byte b;
        do {
            b = from[at++];
            stored |= (b & 0x7f) << shift;
            shift += 7;
        } while (b < 0);
        return stored == length && Arrays.equals(from, at, at + length, bytes, 0, length);
    }

    private int store(byte[] bytes, int length) {
        int needed = length + 5;
        if (chunk.length - used < needed) {
            if (needed > CHUNK / 2) {
                // Too long to share a chunk: it gets one of its own, and the open one stays open.
                byte[] own = new byte[needed];
                write(own, 0, bytes, length);
                return newChunk(own) << CHUNK_BITS;
            }
            chunk = new byte[CHUNK];
            used = 0;
            openChunk = newChunk(chunk);
        }
        int address = openChunk << CHUNK_BITS | used;
        used = write(chunk, used, bytes, length);
        return address;
    }

    private int newChunk(byte[] added) {
        if (chunks.size() == 1 << (32 - CHUNK_BITS)) {
            throw new IllegalStateException("a graph holds more than 4 GiB");
        }
        chunks.add(added);
        return chunks.size() - 1;
    }

    private static int write(byte[] to, int at, byte[] bytes, int length) {
        int position = at;
        int rest = length;
        while (rest >= 0x80) {
            to[position++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[position++] = (byte) rest;
        System.arraycopy(bytes, 0, to, position, length);
        return position + length;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        int mask = larger.length - 1;
        for (long entry : table) {
            if (entry != 0) {
                int slot = (int) (entry >>> 32) & mask;
                while (larger[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                larger[slot] = entry;
            }
        }
        table = larger;
    }

    private static int hash(byte[] bytes, int length) {
        long hash = SEED ^ length;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            hash = mix(hash ^ (long) LONG.get(bytes, i));
        }
        long rest = 0;
        for (int shift = 0; i < length; i++, shift += 8) {
            rest |= (bytes[i] & 0xffL) << shift;
        }
        hash = mix(hash ^ rest);
        return (int) (hash ^ hash >>> 32);
    }

    private static long mix(long value) {
        long low = value * 0x9E3779B97F4A7C15L;
        return low ^ Math.multiplyHigh(value, 0x9E3779B97F4A7C15L) ^ low >>> 29;
    }
}
