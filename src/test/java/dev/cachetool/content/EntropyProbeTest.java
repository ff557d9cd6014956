package dev.cachetool.content;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EntropyProbeTest {
    private static byte[] random(int seed) {
        byte[] block = new byte[ParallelGzipOutputStream.BLOCK];
        new Random(seed).nextBytes(block);
        return block;
    }

    private static boolean isIncompressible(byte[] block) {
        return EntropyProbe.isIncompressible(block, 0, block.length);
    }

    @Test
    void probe_ofRandomBytes_says_so_alsoWithATarHeaderAmongThem() {
        for (int seed = 0; seed < 50; seed++) {
            byte[] block = random(seed);
            assertTrue(isIncompressible(block));
            // A header of a hundred letters and the padding before it.
            int at = new Random(-seed).nextInt(block.length - 1_000);
            Arrays.fill(block, at, at + 900, (byte) 0);
            Arrays.fill(block, at + 400, at + 500, (byte) 'x');
            assertTrue(isIncompressible(block), "seed " + seed);
        }
    }

    @Test
    void probe_ofWhatDeflateShrinks_saysNo() {
        byte[] text = new byte[ParallelGzipOutputStream.BLOCK];
        Random random = new Random(1);
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) ('a' + random.nextInt(26));
        }
        assertFalse(isIncompressible(text));

        byte[] repeated = random(2);
        for (int at = 20_000; at + 20_000 <= repeated.length; at += 20_000) {
            System.arraycopy(repeated, 0, repeated, at, 20_000);
        }
        assertFalse(isIncompressible(repeated), "random bytes that come again within deflate's window");

        byte[] halfZero = random(3);
        Arrays.fill(halfZero, 0, halfZero.length / 2, (byte) 0);
        assertFalse(isIncompressible(halfZero));
        assertFalse(EntropyProbe.isIncompressible(random(4), 0, 100), "what is small is not worth a probe");
    }
}
