package dev.cachetool.digest;

/** The digest of a layer's uncompressed tar (OCI image-spec, config.md, "Layer DiffID"). Ordered by its text. */
public record DiffId(Digest digest) implements Comparable<DiffId> {
    /**
     * The diffID of the digest.
     *
     * @throws InvalidDigestException if the digest is random, and so names no bytes
     */
    public DiffId {
        if (digest.isRandom()) {
            throw new InvalidDigestException(digest.toString(), "a random digest names no bytes");
        }
    }

    /**
     * Parses {@code algorithm:encoded}.
     *
     * @throws InvalidDigestException if it is malformed
     */
    public static DiffId parse(String text) {
        return new DiffId(Digest.parse(text));
    }

    @Override
    public int compareTo(DiffId other) {
        return digest.compareTo(other.digest);
    }

    @Override
    public String toString() {
        return digest.toString();
    }
}
