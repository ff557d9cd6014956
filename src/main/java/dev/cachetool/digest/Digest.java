package dev.cachetool.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The digest of some bytes, {@code algorithm:encoded} (OCI image-spec, descriptor.md, "Digests"), or a random digest
 * ({@code random:…}), which BuildKit gives to operations that never repeat. Ordered by its text.
 */
public final class Digest implements Comparable<Digest> {
    private static final String RANDOM = "random:";
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
    private static final Algorithm[] ALGORITHMS = Algorithm.values();

    private final String text;

    private Digest(String text) {
        this.text = text;
    }

    /**
     * Parses the digest of some bytes; a random digest is refused.
     *
     * @throws InvalidDigestException if the text is not {@code sha256:}, {@code sha384:} or {@code sha512:} followed by
     *     as many lower-case hexadecimal digits as the algorithm gives
     */
    public static Digest parse(String text) {
        String problem = problemOf(text);
        if (problem != null) {
            throw new InvalidDigestException(text, problem);
        }
        return new Digest(text);
    }

    /** Like {@link #parse}, but a malformed text is an empty answer. */
    public static Optional<Digest> tryParse(String text) {
        return problemOf(text) == null ? Optional.of(new Digest(text)) : Optional.empty();
    }

    /**
     * Parses a cache-map digest: the digest of some bytes, or {@code random:} followed by anything that is not empty (as in
     * BuildKit's {@code solver.CacheMap}).
     *
     * @throws InvalidDigestException if it is neither
     */
    public static Digest parseCacheDigest(String text) {
        if (text.startsWith(RANDOM) && text.length() > RANDOM.length()) {
            return new Digest(text);
        }
        return parse(text);
    }

    /** The SHA-256 digest of the bytes. */
    public static Digest sha256(byte[] bytes) {
        return ofSha256(Algorithm.SHA256.newMessageDigest().digest(bytes));
    }

    /** The SHA-256 digest of the text's UTF-8 bytes. */
    public static Digest sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The digest whose 32 raw bytes are given.
     *
     * @throws IllegalArgumentException if they are not 32
     */
    public static Digest ofSha256(byte[] raw) {
        if (raw.length != 32) {
            throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, not " + raw.length);
        }
        return of(Algorithm.SHA256, raw, 0);
    }

    /** The digest of the algorithm whose raw bytes stand in an array from an offset on. */
    public static Digest of(Algorithm algorithm, byte[] bytes, int offset) {
        String prefix = algorithm.prefix();
        byte[] text = new byte[prefix.length() + algorithm.hexLength()];
        int size = 0;
        while (size < prefix.length()) {
            text[size] = (byte) prefix.charAt(size);
            size++;
        }
        for (int at = offset; size < text.length; at++) {
            text[size++] = HEX[bytes[at] >> 4 & 15];
            text[size++] = HEX[bytes[at] & 15];
        }
        return new Digest(new String(text, StandardCharsets.ISO_8859_1));
    }

    /** The digest that a finished message digest of the algorithm holds; resets the message digest. */
    static Digest of(Algorithm algorithm, MessageDigest finished) {
        return of(algorithm, finished.digest(), 0);
    }

    /** Whether this is BuildKit's {@code random:} digest, which names no bytes and never repeats. */
    public boolean isRandom() {
        return text.startsWith(RANDOM);
    }

    /**
     * The algorithm that computed it.
     *
     * @throws IllegalStateException for a random digest
     */
    public Algorithm algorithm() {
        for (Algorithm algorithm : ALGORITHMS) {
            if (text.startsWith(algorithm.prefix())) {
                return algorithm;
            }
        }
        throw new IllegalStateException("a random digest has no algorithm: " + text);
    }

    /** What stands behind the colon: hexadecimal digits, or the random part. */
    public String encoded() {
        return text.substring(text.indexOf(':') + 1);
    }

    /** The first twelve characters of {@link #encoded}, as shown to people. */
    public String shortText() {
        String encoded = encoded();
        return encoded.length() <= 12 ? encoded : encoded.substring(0, 12);
    }

    @Override
    public int compareTo(Digest other) {
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** {@code algorithm:encoded}. */
    @Override
    public String toString() {
        return text;
    }

    private static @Nullable String problemOf(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return "it has no algorithm";
        }
        for (Algorithm algorithm : ALGORITHMS) {
            if (text.startsWith(algorithm.prefix())) {
                if (text.length() - colon - 1 != algorithm.hexLength()) {
                    return "it needs " + algorithm.hexLength() + " hexadecimal digits";
                }
                for (int i = colon + 1; i < text.length(); i++) {
                    char c = text.charAt(i);
                    if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                        return "it has a character that is no lower-case hexadecimal digit";
                    }
                }
                return null;
            }
        }
        return "its algorithm is none of sha256, sha384, sha512";
    }
}
