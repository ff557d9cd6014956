package dev.cachetool.remotecache;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntFunction;

/**
 * Sorts numbers of things by an order that has a digest first. The first digits of SHA-256 digests nearly always decide it,
 * and those are compared as numbers; what they do not decide, and texts that are no such digests, the full order does.
 */
final class DigestSort {
    private static final String PREFIX = "sha256:";
    private static final int DIGITS = 7;

    private DigestSort() {}

    /**
     * The numbers in order.
     *
     * @param digest what is looked at first
     * @param full the order, which compares texts of digests first
     */
    static int[] sorted(int[] numbers, IntFunction<String> digest, Comparator<Integer> full) {
        long[] keys = new long[numbers.length];
        for (int i = 0; i < keys.length; i++) {
            int digits = firstDigits(digest.apply(numbers[i]));
            if (digits < 0) {
                return sorted(numbers, 0, numbers.length, full);
            }
            keys[i] = (long) digits << 32 | numbers[i];
        }
        Arrays.sort(keys);
        int[] sorted = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            sorted[i] = (int) keys[i];
        }
        for (int from = 0; from < keys.length; ) {
            int to = from + 1;
            while (to < keys.length && keys[to] >> 32 == keys[from] >> 32) {
                to++;
            }
            if (to - from > 1) {
                System.arraycopy(sorted(sorted, from, to, full), 0, sorted, from, to - from);
            }
            from = to;
        }
        return sorted;
    }

    private static int[] sorted(int[] numbers, int from, int to, Comparator<Integer> order) {
        return Arrays.stream(numbers, from, to)
                .boxed()
                .sorted(order)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The first digits of a SHA-256 digest as a number; negative where the text does not begin as one. */
    private static int firstDigits(String text) {
        if (text.length() < PREFIX.length() + DIGITS || !text.startsWith(PREFIX)) {
            return -1;
        }
        int digits = 0;
        for (int i = PREFIX.length(); i < PREFIX.length() + DIGITS; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = digits << 4 | c - '0';
            } else if (c >= 'a' && c <= 'f') {
                digits = digits << 4 | c - 'a' + 10;
            } else {
                return -1;
            }
        }
        return digits;
    }
}
