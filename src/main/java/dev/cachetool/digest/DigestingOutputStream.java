package dev.cachetool.digest;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Computes digest and size of what is written through it. Closing it closes the stream below. */
public final class DigestingOutputStream extends FilterOutputStream {
    private final Algorithm algorithm;
    private final MessageDigest messageDigest;
    private long size;

    public DigestingOutputStream(OutputStream out, Algorithm algorithm) {
        super(out);
        this.algorithm = algorithm;
        this.messageDigest = algorithm.newMessageDigest();
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        messageDigest.update((byte) b);
        size++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        out.write(buffer, offset, length);
        messageDigest.update(buffer, offset, length);
        size += length;
    }

    /** How many bytes were written. */
    public long size() {
        return size;
    }

    /** The digest of what was written; to be asked for once, at the end. */
    public Digest digest() {
        return Digest.of(algorithm, messageDigest);
    }
}
