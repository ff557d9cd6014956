package dev.cachetool.store;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Names in the order that they will have.
 *
 * @param before by the new number the old one
 * @param after by the old number the new one, or -1
 * @param nameBytes of all of them
 */
record NameOrder(Names names, int[] before, int[] after, long nameBytes) {
    private static final int UNUSED = -1;

    /** The names whose numbers are given, in the order of their hashes. */
    static NameOrder of(Names names, BitSet used) {
        int firstAdded = used.nextSetBit(names.inTable());
        long[] added = new long
                [firstAdded < 0 ? 0 : used.get(firstAdded, used.length()).cardinality()];
        int count = 0;
        for (int i = firstAdded; i >= 0; i = used.nextSetBit(i + 1)) {
            added[count++] = ordered(names.hash(i)) << Integer.SIZE | i;
        }
        Arrays.sort(added);
        int[] before = new int[used.cardinality()];
        int[] after = new int[names.count()];
        Arrays.fill(after, UNUSED);
        long bytes = 0;
        int next = 0;
        int old = used.nextSetBit(0);
        for (int i = 0; i < before.length; i++) {
            boolean isOld = old >= 0
                    && old < names.inTable()
                    && (next == added.length || ordered(names.hash(old)) <= added[next] >> Integer.SIZE);
            int number = isOld ? old : (int) added[next++];
            if (isOld) {
                old = used.nextSetBit(old + 1);
            }
            before[i] = number;
            after[number] = i;
            bytes += names.length(number);
        }
        return new NameOrder(names, before, after, bytes);
    }

    /** A number that is as far up among all numbers as the hash is among all hashes. */
    private static long ordered(int hash) {
        return hash ^ Integer.MIN_VALUE;
    }

    int count() {
        return before.length;
    }
}
