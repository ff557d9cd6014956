package dev.cachetool.store;

/**
 * A map from numbers that are not negative to ints, without an object for each: open addressing, at most half full. What is
 * not there is 0.
 */
final class LongIntMap {
    private static final int FIRST = 16;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** One more than the key; 0 where there is none. */
    private long[] keys = new long[FIRST];

    private int[] values = new int[FIRST];
    private int size;

    int get(long key) {
        return values[slot(keys, key + 1)];
    }

    void put(long key, int value) {
        int slot = slot(keys, key + 1);
        if (keys[slot] == 0) {
            if (2 * (size + 1) > keys.length) {
                grow();
                slot = slot(keys, key + 1);
            }
            keys[slot] = key + 1;
            size++;
        }
        values[slot] = value;
    }

    void add(long key, int change) {
        put(key, get(key) + change);
    }

    private void grow() {
        long[] moreKeys = new long[2 * keys.length];
        int[] moreValues = new int[moreKeys.length];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                int slot = slot(moreKeys, keys[i]);
                moreKeys[slot] = keys[i];
                moreValues[slot] = values[i];
            }
        }
        keys = moreKeys;
        values = moreValues;
    }

    private static int slot(long[] keys, long entry) {
        int mask = keys.length - 1;
        int slot = (int) ((entry * SPREAD) >>> 32) & mask;
        while (keys[slot] != 0 && keys[slot] != entry) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
