package dev.cachetool.pattern;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A set of code points. */
final class CodePointSet {
    static final CodePointSet NONE = new Builder().build();
    static final CodePointSet ANY =
            new Builder().add(0, Character.MAX_CODE_POINT).build();
    static final CodePointSet NO_SLASH = new Builder().add('/', '/').negate().build();
    static final CodePointSet NO_LINE_FEED =
            new Builder().add('\n', '\n').negate().build();

    /** First and last of each range, in order, with gaps between. */
    private final int[] bounds;

    private final long low;
    private final long high;

    private CodePointSet(int[] bounds) {
        this.bounds = bounds;
        this.low = bits(0);
        this.high = bits(64);
    }

    static CodePointSet of(int codePoint) {
        return new CodePointSet(new int[] {codePoint, codePoint});
    }

    /** The members among 64 code points, one bit each. */
    private long bits(int from) {
        long bits = 0;
        for (int i = 0; i < bounds.length && bounds[i] < from + 64; i += 2) {
            for (int c = Math.max(bounds[i], from); c <= Math.min(bounds[i + 1], from + 63); c++) {
                bits |= 1L << (c - from);
            }
        }
        return bits;
    }

    boolean contains(int codePoint) {
        if (codePoint < 64) {
            return (low >>> codePoint & 1) != 0;
        }
        if (codePoint < 128) {
            return (high >>> codePoint & 1) != 0;
        }
        return search(codePoint);
    }

    private boolean search(int codePoint) {
        int from = 0;
        int to = bounds.length / 2;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (codePoint > bounds[2 * middle + 1]) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return 2 * from < bounds.length && codePoint >= bounds[2 * from];
    }

    private record Range(int first, int last) {}

    static final class Builder {
        private final List<Range> ranges = new ArrayList<>();

        Builder add(int first, int last) {
            ranges.add(new Range(first, last));
            return this;
        }

        Builder addAll(Builder other) {
            ranges.addAll(other.ranges);
            return this;
        }

        Builder addAll(IntPredicate members) {
            int codePoint = 0;
            while (codePoint <= Character.MAX_CODE_POINT) {
                int first = codePoint;
                while (codePoint <= Character.MAX_CODE_POINT && members.test(codePoint)) {
                    codePoint++;
                }
                if (first < codePoint) {
                    add(first, codePoint - 1);
                }
                codePoint++;
            }
            return this;
        }

        /** Turns the set built so far into all the other code points. */
        Builder negate() {
            List<Range> members = merged();
            ranges.clear();
            int next = 0;
            for (Range range : members) {
                if (range.first > next) {
                    add(next, range.first - 1);
                }
                next = range.last + 1;
            }
            if (next <= Character.MAX_CODE_POINT) {
                add(next, Character.MAX_CODE_POINT);
            }
            return this;
        }

        private List<Range> merged() {
            ranges.sort(Comparator.comparingInt(Range::first));
            List<Range> merged = new ArrayList<>();
            for (Range range : ranges) {
                int top = merged.size() - 1;
                if (top >= 0 && range.first <= merged.get(top).last + 1) {
                    int last = Math.max(merged.get(top).last, range.last);
                    merged.set(top, new Range(merged.get(top).first, last));
                } else {
                    merged.add(range);
                }
            }
            return merged;
        }

        CodePointSet build() {
            return new CodePointSet(merged().stream()
                    .flatMapToInt(range -> IntStream.of(range.first, range.last))
                    .toArray());
        }
    }
}
