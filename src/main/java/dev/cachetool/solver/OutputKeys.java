package dev.cachetool.solver;

import dev.cachetool.digest.Digest;

/** The digests that records have. */
public final class OutputKeys {
    /** The output index of content keys. */
    public static final int CONTENT = -1;

    private OutputKeys() {}

    /**
     * The digest of the record for an output of an operation: SHA-256 over {@code digest@index}; a random digest gives a
     * random one.
     */
    public static Digest of(Digest operation, int outputIndex) {
        Digest key = Digest.sha256(operation + "@" + outputIndex);
        return operation.isRandom() ? Digest.parseCacheDigest("random:" + key.encoded()) : key;
    }
}
