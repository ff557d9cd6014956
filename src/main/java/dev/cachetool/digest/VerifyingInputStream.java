package dev.cachetool.digest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Reads a blob and checks it on the way: more bytes than its size fail at once, fewer, or another digest, at its end. A
 * reader that saw the end ({@code -1}) without an exception has seen the right bytes. Closing it early checks nothing.
 */
public final class VerifyingInputStream extends FilterInputStream {
    private final Digest expected;
    private final long expectedSize;
    private final MessageDigest messageDigest;
    private long size;
    private boolean verified;

    /** Reads the blob of the digest and size, in bytes, from the stream, and closes that with itself. */
    public VerifyingInputStream(InputStream in, Digest expected, long expectedSize) {
        super(in);
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
        if (verified) {
            return -1;
        }
        int n = in.read(buffer, offset, length);
        if (n > 0) {
            size += n;
            if (size > expectedSize) {
                throw DigestMismatchException.size(expected, expectedSize, expectedSize, true);
            }
            messageDigest.update(buffer, offset, n);
        } else if (n < 0) {
            if (size != expectedSize) {
                throw DigestMismatchException.size(expected, expectedSize, size, false);
            }
            Digest actual = Digest.of(expected.algorithm(), messageDigest);
            if (!actual.equals(expected)) {
                throw DigestMismatchException.digest(expected, actual, size);
            }
            verified = true;
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
}
