package dev.cachetool.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names that nothing else has, of any process: 24 hexadecimal digits. Those of one process are parts of one sequence without
 * repetition (the mixing function of SplitMix64 is a bijection) that begins at random, so that a start asks for randomness
 * once.
 */
final class UniqueNames {
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final AtomicLong NEXT;
    private static final String PROCESS;

    static {
        ByteBuffer random = ByteBuffer.wrap(random(Long.BYTES + Integer.BYTES));
        NEXT = new AtomicLong(random.getLong());
        PROCESS = HexFormat.of().toHexDigits(random.getInt());
    }

    private UniqueNames() {}

    /** Random bytes of the system; asking the JDK for them takes 40 ms of a start. */
    private static byte[] random(int length) {
        try (InputStream system = Files.newInputStream(Path.of("/dev/urandom"))) {
            byte[] bytes = system.readNBytes(length);
            if (bytes.length == length) {
                return bytes;
            }
        } catch (IOException e) {
            // A system without that file.
            return new SecureRandom().generateSeed(length);
        }
        return new SecureRandom().generateSeed(length);
    }

    static String next() {
        long z = NEXT.getAndAdd(STEP);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return HexFormat.of().toHexDigits(z ^ (z >>> 31)) + PROCESS;
    }
}
