package dev.cachetool.digest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DigestStreamsTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20260104);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    @BeforeAll
    static void printSeed() {
        System.out.println("DigestStreamsTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** Hands out a few bytes at a time, as sockets do. */
    private static InputStream trickling(byte[] bytes, Random random) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(50)));
            }
        };
    }

    /** Reads to the end in steps of every kind, and gives what was read but not what was skipped. */
    private static byte[] readOddly(InputStream in, Random random) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    int b = in.read();
                    if (b < 0) {
                        return out.toByteArray();
                    }
                    out.write(b);
                }
                case 1 -> in.skip(random.nextInt(20) - 2);
                default -> {
                    byte[] buffer = new byte[10 + random.nextInt(40)];
                    int n = in.read(buffer, 3, random.nextInt(buffer.length - 3));
                    if (n < 0) {
                        return out.toByteArray();
                    }
                    out.write(buffer, 3, n);
                }
            }
        }
    }

    @Test
    void digestingInput_howeverItIsRead_digestsEveryByte() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = bytes(random.nextInt(300));
            try (DigestingInputStream in = new DigestingInputStream(trickling(bytes, random), Algorithm.SHA256)) {
                readOddly(in, random);
                assertEquals(bytes.length, in.size());
                assertEquals(Digest.sha256(bytes), in.digest());
                assertEquals(Digest.sha256(bytes), in.digest(), "asked again");
            }
        }
    }

    @Test
    void digestingInput_ofMarkAndReset_refusesToReadAgain() throws IOException {
        try (InputStream in = new DigestingInputStream(new ByteArrayInputStream(bytes(10)), Algorithm.SHA512)) {
            assertFalse(in.markSupported());
            in.mark(5);
            assertEquals(5, in.readNBytes(5).length);
            assertThrows(IOException.class, in::reset);
        }
    }

    @Test
    void digestingOutput_howeverItIsWritten_digestsEveryByte() throws IOException {
        Random random = new Random(SEED);
        byte[] bytes = bytes(5_000);
        for (Algorithm algorithm : Algorithm.values()) {
            ByteArrayOutputStream below = new ByteArrayOutputStream();
            DigestingOutputStream out = new DigestingOutputStream(below, algorithm);
            int at = 0;
            while (at < bytes.length) {
                if (random.nextBoolean()) {
                    out.write(bytes[at++]);
                } else {
                    int n = Math.min(random.nextInt(100), bytes.length - at);
                    out.write(bytes, at, n);
                    at += n;
                }
            }
            assertEquals(bytes.length, out.size());
            Digest expected = Digest.of(algorithm, digested(algorithm, bytes));
            assertEquals(expected, out.digest());
            assertEquals(expected, out.digest(), "asked again");
            assertArrayEquals(bytes, below.toByteArray());
        }
    }

    private static MessageDigest digested(Algorithm algorithm, byte[] bytes) {
        MessageDigest digest = algorithm.newMessageDigest();
        digest.update(bytes);
        return digest;
    }

    @Test
    void digestingStreams_whenClosed_closeTheStreamBelow() throws IOException {
        boolean[] closed = new boolean[3];
        new DigestingInputStream(closing(closed, 0), Algorithm.SHA256).close();
        new VerifyingInputStream(closing(closed, 1), Digest.sha256("x"), 1).close();
        new DigestingOutputStream(
                        new OutputStream() {
                            @Override
                            public void write(int b) {}

                            @Override
                            public void close() {
                                closed[2] = true;
                            }
                        },
                        Algorithm.SHA256)
                .close();

        assertArrayEquals(new boolean[] {true, true, true}, closed);
    }

    private static InputStream closing(boolean[] closed, int index) {
        return new ByteArrayInputStream(new byte[0]) {
            @Override
            public void close() {
                closed[index] = true;
            }
        };
    }

    @Test
    void verifying_ofTheRightBytes_givesThemHoweverItIsRead() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = bytes(random.nextInt(300));
            try (InputStream in =
                    new VerifyingInputStream(trickling(bytes, random), Digest.sha256(bytes), bytes.length)) {
                readOddly(in, random);
                assertEquals(-1, in.read());
                assertEquals(-1, in.read(new byte[8]));
            }
        }
    }

    @Test
    void verifying_ofDamagedBytes_failsHoweverItIsRead() {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = bytes(1 + random.nextInt(300));
            byte[] damaged = bytes.clone();
            switch (random.nextInt(3)) {
                case 0 -> damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
                default -> damaged = Arrays.copyOf(damaged, damaged.length + 1 + random.nextInt(100));
            }
            InputStream in = new VerifyingInputStream(trickling(damaged, random), Digest.sha256(bytes), bytes.length);
            DigestMismatchException e = assertThrows(DigestMismatchException.class, () -> readOddly(in, random));
            assertSame(e, assertThrows(DigestMismatchException.class, in::read), "a second reading fails alike");
            assertEquals(Digest.sha256(bytes), e.expected());
        }
    }

    private static String failure(byte[] actual, byte[] expected) {
        InputStream in =
                new VerifyingInputStream(new ByteArrayInputStream(actual), Digest.sha256(expected), expected.length);
        return assertThrows(DigestMismatchException.class, in::readAllBytes).getMessage();
    }

    @Test
    void verifying_ofOtherBytes_saysWhatWasExpectedAndFound() {
        byte[] abc = {'a', 'b', 'c'};
        byte[] abd = {'a', 'b', 'd'};
        Digest digest = Digest.sha256(abc);

        assertEquals("blob " + digest + " has the digest " + Digest.sha256(abd) + " (3 bytes)", failure(abd, abc));
        assertEquals("blob " + digest + " has 2 bytes, its descriptor says 3", failure(Arrays.copyOf(abc, 2), abc));
        assertEquals(
                "blob " + digest + " has more than 3 bytes, its descriptor says 3",
                failure(Arrays.copyOf(abc, 4), abc));
        assertEquals(
                "blob " + Digest.sha256("") + " has more than 0 bytes, its descriptor says 0",
                failure(abc, new byte[0]));
        assertEquals("blob " + digest + " has 0 bytes, its descriptor says 3", failure(new byte[0], abc));
    }

    @Test
    void verifying_whenOnlyAsManyBytesAreReadAsTheSizeSays_hasCheckedThem() {
        byte[] bytes = bytes(100);
        byte[] damaged = bytes.clone();
        damaged[0] ^= 1;
        InputStream in = new VerifyingInputStream(new ByteArrayInputStream(damaged), Digest.sha256(bytes), 100);

        assertThrows(DigestMismatchException.class, () -> in.readNBytes(100));
    }

    @Test
    void verifying_ofAnEndlessStream_stopsAfterItsSize() {
        long[] read = new long[1];
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                read[0]++;
                return 0;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                read[0] += length;
                return length;
            }
        };
        InputStream in = new VerifyingInputStream(endless, Digest.sha256("x"), 1000);

        assertThrows(DigestMismatchException.class, in::readAllBytes);
        assertTrue(read[0] < 100_000, read[0] + " bytes");
    }

    @Test
    void verifying_ofAnotherAlgorithm_checksWithIt() throws IOException {
        byte[] bytes = bytes(50);
        Digest sha512 = Digest.of(Algorithm.SHA512, digested(Algorithm.SHA512, bytes));

        try (InputStream in = new VerifyingInputStream(new ByteArrayInputStream(bytes), sha512, 50)) {
            assertArrayEquals(bytes, in.readAllBytes());
        }
    }

    @Test
    void verifying_ofWhatCannotBeChecked_refusesAtOnce() {
        InputStream none = new ByteArrayInputStream(new byte[0]);

        assertThrows(IllegalArgumentException.class, () -> new VerifyingInputStream(none, Digest.sha256(""), -1));
        assertThrows(
                IllegalStateException.class,
                () -> new VerifyingInputStream(none, Digest.parseCacheDigest("random:x"), 0));
    }

    @Test
    void verifying_ofMarkAndReset_refusesToReadAgain() throws IOException {
        byte[] bytes = bytes(10);
        try (InputStream in = new VerifyingInputStream(new ByteArrayInputStream(bytes), Digest.sha256(bytes), 10)) {
            in.mark(5);
            assertEquals(5, in.readNBytes(5).length);
            assertThrows(IOException.class, in::reset);
            assertArrayEquals(Arrays.copyOfRange(bytes, 5, 10), in.readAllBytes());
        }
    }
}
