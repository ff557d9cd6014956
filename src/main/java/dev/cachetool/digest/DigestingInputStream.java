package dev.cachetool.digest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Computes digest and size of what is read through it, skipped bytes included. Closing it closes the stream below. Not for
 * several threads.
 */
public final class DigestingInputStream extends FilterInputStream {
    private final Algorithm algorithm;
    private final MessageDigest messageDigest;
    private long size;
    private @Nullable Digest digest;

    /** Reads from the stream, and closes it with itself. */
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
        if (n <= 0) {
            return 0;
        }
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

    @Override
    public synchronized void mark(int limit) {}

    @Override
    public synchronized void reset() throws IOException {
        throw new IOException("what was read is digested and cannot be read again");
    }

    /** How many bytes were read so far. */
    public long size() {
        return size;
    }

    /** The digest of what was read until this is asked for the first time; so, ask for it at the end. */
    public Digest digest() {
        if (digest == null) {
            digest = Digest.of(algorithm, messageDigest);
        }
        return digest;
    }
}
