package dev.cachetool.digest;

import java.io.IOException;

/** Bytes are not those that their digest or size says. */
public final class DigestMismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Digest expected;
    private final String actual;

    private DigestMismatchException(Digest expected, String actual, String message) {
        super(message);
        this.expected = expected;
        this.actual = actual;
    }

    /** The bytes have another digest than expected. */
    public static DigestMismatchException digest(Digest expected, Digest actual, long size) {
        return new DigestMismatchException(
                expected,
                actual.toString(),
                "blob " + expected + " has the digest " + actual + " (" + size + " bytes)");
    }

    /** A layer, uncompressed, has another digest than its diffID. */
    public static DigestMismatchException diffId(Digest layer, DiffId expected, Digest actual) {
        return new DigestMismatchException(
                expected.digest(),
                actual.toString(),
                "layer " + layer + " has, uncompressed, the digest " + actual + ", its diffID says " + expected);
    }

    /** The bytes are fewer, or more, than the descriptor says. */
    public static DigestMismatchException size(Digest expected, long expectedSize, long actualSize, boolean more) {
        String has = (more ? "more than " : "") + actualSize + " bytes";
        return new DigestMismatchException(
                expected, has, "blob " + expected + " has " + has + ", its descriptor says " + expectedSize);
    }

    /**
     * Something that was fetched has another digest than was asked for.
     *
     * @param what it is, as the begin of a sentence
     */
    public static DigestMismatchException fetched(String what, Digest expected, Digest actual, long size) {
        return new DigestMismatchException(
                expected,
                actual.toString(),
                what + " has the digest " + actual + " (" + size + " bytes), not " + expected);
    }

    /** The digest that the bytes should have. */
    public Digest expected() {
        return expected;
    }

    /** What was found instead: a digest, or a number of bytes. */
    public String actual() {
        return actual;
    }
}
