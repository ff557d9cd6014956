package dev.cachetool.json;

import dev.cachetool.json.JsonDocument.Dialect;
import java.util.Arrays;

/** What the values of one document have in common: its dialect, and the way from an offset to line and column. */
final class Document {
    private final Dialect dialect;
    private final String place;
    /** Offset of the first character of each line. */
    private final int[] lines;
    /** Offset of the first half of each surrogate pair: two of Java's characters, but one of a person's. */
    private final int[] pairs;

    /** The document of the first characters of the array, which is not kept. */
    Document(Dialect dialect, String place, char[] chars, int length) {
        this.dialect = dialect;
        this.place = place;
        Offsets lineStarts = new Offsets();
        Offsets highSurrogates = new Offsets();
        lineStarts.add(0);
        for (int i = 0; i < length; i++) {
            char c = chars[i];
            if (c == '\n' || (c == '\r' && (i + 1 == length || chars[i + 1] != '\n'))) {
                lineStarts.add(i + 1);
            } else if (Character.isHighSurrogate(c)) {
                highSurrogates.add(i);
            }
        }
        this.lines = lineStarts.toArray();
        this.pairs = highSurrogates.toArray();
    }

    Dialect dialect() {
        return dialect;
    }

    /** The line of the character at the offset, from 1. */
    int line(int offset) {
        int found = Arrays.binarySearch(lines, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** The column of the character at the offset, from 1, counted in characters. */
    int column(int offset) {
        int start = lines[line(offset) - 1];
        return offset - start - (pairsBefore(offset) - pairsBefore(start)) + 1;
    }

    private int pairsBefore(int offset) {
        int found = Arrays.binarySearch(pairs, offset);
        return found >= 0 ? found : -found - 1;
    }

    JsonException error(int offset, String problem) {
        return new JsonException(place, line(offset), column(offset), problem);
    }

    private static final class Offsets {
        private int[] offsets = new int[16];
        private int size;

        void add(int offset) {
            if (size == offsets.length) {
                offsets = Arrays.copyOf(offsets, size * 2);
            }
            offsets[size++] = offset;
        }

        int[] toArray() {
            return Arrays.copyOf(offsets, size);
        }
    }
}
