package dev.cachetool.store;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Triples of numbers in a mapped file, sorted by the first, the second and the third, each known by its place in that order;
 * and for every third number the places of the triples that end in it.
 */
final class TripleTable {
    private static final int ENTRY = 3 * Integer.BYTES;

    private final ByteBuffer map;
    private final int count;
    private final int firsts;
    private final int thirds;
    private final int entries;
    private final int backStarts;
    private final int back;

    /**
     * @param map the table, from its first byte on
     * @param firsts how many first numbers there may be
     * @param thirds how many third numbers there may be
     */
    TripleTable(ByteBuffer map, int count, int firsts, int thirds) {
        this.map = map;
        this.count = count;
        this.firsts = firsts;
        this.thirds = thirds;
        this.entries = (firsts + 1) * Integer.BYTES;
        this.backStarts = entries + count * ENTRY;
        this.back = backStarts + (thirds + 1) * Integer.BYTES;
    }

    /** How many bytes a table takes. */
    static long bytes(int count, int firsts, int thirds) {
        return (firsts + 1L + thirds + 1) * Integer.BYTES + (long) count * (ENTRY + Integer.BYTES);
    }

    int count() {
        return count;
    }

    int first(int place) {
        return map.getInt(entries + place * ENTRY);
    }

    int second(int place) {
        return map.getInt(entries + place * ENTRY + Integer.BYTES);
    }

    int third(int place) {
        return map.getInt(entries + place * ENTRY + 2 * Integer.BYTES);
    }

    /** The place of the first triple that begins with the number, or would. */
    int start(int first) {
        return checked(map.getInt(Math.min(first, firsts) * Integer.BYTES));
    }

    /** What was read of a damaged file may be anything. */
    private int checked(int place) {
        return Objects.checkIndex(place, count + 1);
    }

    /** The place behind the last triple that begins with the number. */
    int end(int first) {
        return start(first < firsts ? first + 1 : first);
    }

    /** The place of the first triple of those that begin with the number that is not less than the other two. */
    int lowerBound(int first, int second, int third) {
        int low = start(first);
        int high = end(first);
        while (low < high) {
            int middle = (low + high) >>> 1;
            int other = second(middle);
            if (other < second || (other == second && third(middle) < third)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The place behind the triples that begin with the two numbers, the first of which stands at the place given. */
    int endOfPair(int first, int second, int start) {
        int end = end(first);
        // Nearly always there is none or one.
        for (int place = start; place < Math.min(end, start + 2); place++) {
            if (second(place) != second) {
                return place;
            }
        }
        return start + 2 >= end ? end : lowerBound(first, second + 1, 0);
    }

    /** The place of the triple; -1 where it is not there. */
    int find(int first, int second, int third) {
        int place = lowerBound(first, second, third);
        return place < end(first) && second(place) == second && third(place) == third ? place : -1;
    }

    /** The index of the first place of a triple that ends in the number. */
    int backStart(int third) {
        return checked(map.getInt(backStarts + Math.min(third, thirds) * Integer.BYTES));
    }

    /** The index behind the last place of a triple that ends in the number. */
    int backEnd(int third) {
        return backStart(third < thirds ? third + 1 : third);
    }

    /** A place by its index. */
    int backPlace(int index) {
        return map.getInt(back + index * Integer.BYTES);
    }
}
