package dev.cachetool.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/** The algorithms of a digest (OCI image-spec, descriptor.md, "Registered algorithms"). */
public enum Algorithm {
    /** What BuildKit and registries write. */
    SHA256("SHA-256", 64),
    /** Read for the sake of others; Go's digest package knows it. */
    SHA384("SHA-384", 96),
    /** Read for the sake of others. */
    SHA512("SHA-512", 128);

    private final String jdkName;
    private final int hexLength;
    private final String prefix;

    Algorithm(String jdkName, int hexLength) {
        this.jdkName = jdkName;
        this.hexLength = hexLength;
        this.prefix = name().toLowerCase(Locale.ROOT) + ":";
    }

    /** How many hexadecimal digits its digests have. */
    int hexLength() {
        return hexLength;
    }

    /** Its name in a digest, with the colon. */
    String prefix() {
        return prefix;
    }

    /** A fresh message digest of the JDK's. */
    public MessageDigest newMessageDigest() {
        try {
            return MessageDigest.getInstance(jdkName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no " + jdkName, e);
        }
    }
}
