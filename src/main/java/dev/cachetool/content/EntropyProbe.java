package dev.cachetool.content;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tells data that deflate would not shrink (compressed archives, media, keys) at a small part of what trying costs: its
 * bytes are about equally frequent, and short sequences do not come again. Says the same of the same bytes always.
 */
final class EntropyProbe {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final int SMALLEST = 4096;
    private static final int SLICE = 1024;
    private static final int STRIDE = 8 * 1024;
    private static final double ENOUGH_BITS = 7.9;
    private static final int TABLE_BITS = 12;
    /** Of how many sequences one is looked at, by content: the same sequence is looked at wherever it stands. */
    private static final int SAMPLE_BITS = 4;
    /** With it zeros are none of those: every tar header has hundreds, and they say nothing of what is around them. */
    private static final int SALT = 0x5bd1e995;

    private EntropyProbe() {}

    static boolean isIncompressible(byte[] data, int offset, int length) {
        return length >= SMALLEST
                && bitsPerByte(data, offset, length) >= ENOUGH_BITS
                && !hasRepeats(data, offset, length);
    }

    private static double bitsPerByte(byte[] data, int offset, int length) {
        int[] counts = new int[256];
        int total = 0;
        int stride = length <= 2 * STRIDE ? SLICE : STRIDE;
        for (int start = 0; start + SLICE <= length; start += stride) {
            for (int i = offset + start; i < offset + start + SLICE; i++) {
                counts[data[i] & 0xff]++;
            }
            total += SLICE;
        }
        double sum = 0;
        for (int count : counts) {
            if (count > 0) {
                sum += count * Math.log(count);
            }
        }
        double bits = (Math.log(total) - sum / total) / Math.log(2);
        // What a sample of this size shows too little (Miller and Madow's correction).
        return bits + 255 / (2 * total * Math.log(2));
    }

    private static boolean hasRepeats(byte[] data, int offset, int length) {
        int[] table = new int[1 << TABLE_BITS];
        int looked = 0;
        int found = 0;
        int end = offset + length - 4;
        for (int i = offset; i <= end; i++) {
            int sequence = (int) INT.get(data, i);
            int hash = (sequence ^ SALT) * 0x9E3779B1;
            if (hash >>> (32 - SAMPLE_BITS) == 0) {
                int slot = (hash >>> (32 - SAMPLE_BITS - TABLE_BITS)) & ((1 << TABLE_BITS) - 1);
                looked++;
                if (table[slot] == sequence) {
                    found++;
                }
                table[slot] = sequence;
            }
        }
        return found * 50L > looked;
    }
}
