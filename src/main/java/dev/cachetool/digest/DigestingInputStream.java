package dev.cachetool.digest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Computes digest and size of what is read through it. Closing it closes the stream below. */
public final class DigestingInputStream extends FilterInputStream {
    private final Algorithm algorithm;
    private final MessageDigest messageDigest;
    private long size;

    public DigestingInputStream(InputStream in, Algorithm algorithm) {
        super(in);
        this.algorithm = algorithm;
        this.messageDigest = algorithm.newMessageDigest();
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        if (b >= 0) {
            messageDigest.update((byte) b);
            size++;
        }
        return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = in.read(buffer, offset, length);
        if (n > 0) {
            messageDigest.update(buffer, offset, n);
            size += n;
        }
        return n;
    }

    @Override
    public long skip(long n) throws IOException {
        byte[] buffer = new byte[(int) Math.min(n, 8192)];
        long left = n;
        while (left > 0) {
            int got = read(buffer, 0, (int) Math.min(left, buffer.length));
            if (got < 0) {
                break;
            }
            left -= got;
        }
        return n - left;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** How many bytes were read. */
    public long size() {
        return size;
    }

    /** The digest of what was read; to be asked for once, at the end. */
    public Digest digest() {
        return Digest.of(algorithm, messageDigest);
    }
}
