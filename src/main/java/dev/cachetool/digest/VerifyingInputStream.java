package dev.cachetool.digest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Reads a blob and checks it on the way: more bytes than its size fail at once, fewer, or another digest, at its end. The
 * last bytes are handed out only after both were right, so that a reader who got as many as the size says, or saw the end
 * ({@code -1}), has seen the right ones. After a failure every reading fails alike. Closing it early checks nothing. Not for
 * several threads.
 */
public final class VerifyingInputStream extends FilterInputStream {
    private final Digest expected;
    private final long expectedSize;
    private final MessageDigest messageDigest;
    private long size;
    private boolean verified;
    private @Nullable DigestMismatchException failure;

    /**
     * Reads the blob of the digest and size, in bytes, from the stream, and closes that with itself.
     *
     * @throws IllegalArgumentException if the size is negative
     * @throws IllegalStateException if the digest is random, and so names no bytes
     */
    public VerifyingInputStream(InputStream in, Digest expected, long expectedSize) {
        super(in);
        if (expectedSize < 0) {
            throw new IllegalArgumentException("a blob cannot have " + expectedSize + " bytes");
        }
        this.expected = expected;
        this.expectedSize = expectedSize;
        this.messageDigest = expected.algorithm().newMessageDigest();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (verified) {
            return -1;
        }
        int n = in.read(buffer, offset, length);
        if (n > 0) {
            size += n;
            if (size > expectedSize || (size == expectedSize && in.read() >= 0)) {
                throw failed(DigestMismatchException.size(expected, expectedSize, expectedSize, true));
            }
            messageDigest.update(buffer, offset, n);
            if (size == expectedSize) {
                verify();
            }
        } else if (n < 0) {
            if (size != expectedSize) {
                throw failed(DigestMismatchException.size(expected, expectedSize, size, false));
            }
            verify();
        }
        return n;
    }

    private void verify() throws DigestMismatchException {
        Digest actual = Digest.of(expected.algorithm(), messageDigest);
        if (!actual.equals(expected)) {
            throw failed(DigestMismatchException.digest(expected, actual, size));
        }
        verified = true;
    }

    private DigestMismatchException failed(DigestMismatchException how) {
        failure = how;
        return how;
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
}
