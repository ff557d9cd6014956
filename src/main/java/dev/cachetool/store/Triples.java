package dev.cachetool.store;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A set of triples of numbers: those of a table, what was added since, and without what was removed. A triple is known by an
 * index: its place in the table, or behind those the place in the order in which it was added.
 */
final class Triples {
    private static final int FIRST = 64;
    private static final int SPREAD = 0x9E3779B9;

    private final TripleTable table;
    private final BitSet removed = new BitSet();

    /** What was added, three numbers each. */
    private int[] added = new int[3 * FIRST];

    private int size;
    /** One more than the place of what was added; 0 where there is nothing. At most half full. */
    private int[] slots = new int[2 * FIRST];

    // Chains of what was added: one more than the place of the last one, and for each the one before it.
    private final LongIntMap lastOfFirst = new LongIntMap();
    private final LongIntMap lastOfPair = new LongIntMap();
    private final LongIntMap lastOfThird = new LongIntMap();
    private int[] beforeOfFirst = new int[FIRST];
    private int[] beforeOfPair = new int[FIRST];
    private int[] beforeOfThird = new int[FIRST];

    // By how much there are more than in the table.
    private final LongIntMap moreOfFirst = new LongIntMap();
    private final LongIntMap moreOfPair = new LongIntMap();
    private final LongIntMap moreOfThird = new LongIntMap();

    Triples(TripleTable table) {
        this.table = table;
    }

    int first(int index) {
        return index < table.count() ? table.first(index) : added[3 * (index - table.count())];
    }

    int second(int index) {
        return index < table.count() ? table.second(index) : added[3 * (index - table.count()) + 1];
    }

    int third(int index) {
        return index < table.count() ? table.third(index) : added[3 * (index - table.count()) + 2];
    }

    /** One more than the highest index. */
    int indexes() {
        return table.count() + size;
    }

    /** How many indexes are those of the table. */
    int inTable() {
        return table.count();
    }

    /** Whether the triple of that index is in the set. */
    boolean isLive(int index) {
        return !removed.get(index);
    }

    boolean contains(int first, int second, int third) {
        int index = find(first, second, third);
        return index >= 0 && isLive(index);
    }

    private int find(int first, int second, int third) {
        int place = table.find(first, second, third);
        if (place >= 0) {
            return place;
        }
        int slot = slot(slots, first, second, third);
        return slots[slot] == 0 ? -1 : table.count() + slots[slot] - 1;
    }

    private int slot(int[] in, int first, int second, int third) {
        int mask = in.length - 1;
        int hash = ((first * SPREAD + second) * SPREAD + third) * SPREAD;
        int slot = (hash ^ hash >>> 15) & mask;
        while (in[slot] != 0) {
            int at = 3 * (in[slot] - 1);
            if (added[at] == first && added[at + 1] == second && added[at + 2] == third) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long pair(int first, int second) {
        return (long) first << Integer.SIZE | second;
    }

    /** Adds a triple; one that is there stays. */
    void add(int first, int second, int third) {
        int index = find(first, second, third);
        if (index >= 0) {
            if (removed.get(index)) {
                removed.clear(index);
                count(first, second, third, 1);
            }
            return;
        }
        if (size == beforeOfFirst.length) {
            grow();
        }
        added[3 * size] = first;
        added[3 * size + 1] = second;
        added[3 * size + 2] = third;
        slots[slot(slots, first, second, third)] = size + 1;
        beforeOfFirst[size] = lastOfFirst.get(first);
        beforeOfPair[size] = lastOfPair.get(pair(first, second));
        beforeOfThird[size] = lastOfThird.get(third);
        size++;
        lastOfFirst.put(first, size);
        lastOfPair.put(pair(first, second), size);
        lastOfThird.put(third, size);
        count(first, second, third, 1);
    }

    private void grow() {
        int more = 2 * size;
        added = Arrays.copyOf(added, 3 * more);
        beforeOfFirst = Arrays.copyOf(beforeOfFirst, more);
        beforeOfPair = Arrays.copyOf(beforeOfPair, more);
        beforeOfThird = Arrays.copyOf(beforeOfThird, more);
        int[] moreSlots = new int[2 * more];
        for (int i = 0; i < size; i++) {
            moreSlots[slot(moreSlots, added[3 * i], added[3 * i + 1], added[3 * i + 2])] = i + 1;
        }
        slots = moreSlots;
    }

    /** Removes the triple of an index, if it is in the set. */
    void remove(int index) {
        if (isLive(index)) {
            removed.set(index);
            count(first(index), second(index), third(index), -1);
        }
    }

    private void count(int first, int second, int third, int change) {
        moreOfFirst.add(first, change);
        moreOfPair.add(pair(first, second), change);
        moreOfThird.add(third, change);
    }

    /** How many triples begin with the number. */
    int countOfFirst(int first) {
        return table.end(first) - table.start(first) + moreOfFirst.get(first);
    }

    /** How many triples begin with the two numbers. */
    int countOfPair(int first, int second) {
        int start = table.lowerBound(first, second, 0);
        return table.endOfPair(first, second, start) - start + moreOfPair.get(pair(first, second));
    }

    /** How many triples end in the number. */
    int countOfThird(int third) {
        return table.backEnd(third) - table.backStart(third) + moreOfThird.get(third);
    }

    /** The indexes of the triples that begin with the number. */
    int[] ofFirst(int first) {
        int[] found = new int[countOfFirst(first)];
        int count = collect(found, table.start(first), table.end(first));
        return collectAdded(found, count, lastOfFirst.get(first), beforeOfFirst);
    }

    /** The indexes of the triples that begin with the two numbers. */
    int[] ofPair(int first, int second) {
        int start = table.lowerBound(first, second, 0);
        int end = table.endOfPair(first, second, start);
        int[] found = new int[end - start + moreOfPair.get(pair(first, second))];
        int count = collect(found, start, end);
        return collectAdded(found, count, lastOfPair.get(pair(first, second)), beforeOfPair);
    }

    /** The indexes of the triples that end in the number. */
    int[] ofThird(int third) {
        int[] found = new int[countOfThird(third)];
        int count = 0;
        int end = table.backEnd(third);
        for (int i = table.backStart(third); i < end; i++) {
            int place = table.backPlace(i);
            if (isLive(place)) {
                found[count++] = place;
            }
        }
        return collectAdded(found, count, lastOfThird.get(third), beforeOfThird);
    }

    private int collect(int[] found, int start, int end) {
        int count = 0;
        for (int i = removed.nextClearBit(start); i < end; i = removed.nextClearBit(i + 1)) {
            found[count++] = i;
        }
        return count;
    }

    private int[] collectAdded(int[] found, int from, int last, int[] before) {
        int count = from;
        for (int i = last; i > 0; i = before[i - 1]) {
            int index = table.count() + i - 1;
            if (isLive(index)) {
                found[count++] = index;
            }
        }
        return found;
    }
}
