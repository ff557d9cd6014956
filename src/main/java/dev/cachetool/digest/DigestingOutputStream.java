package dev.cachetool.digest;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Computes digest and size of what is written through it. Closing it closes the stream below. Not for several threads.
 */
public final class DigestingOutputStream extends FilterOutputStream {
    private final Algorithm algorithm;
    private final MessageDigest messageDigest;
    private long size;
    private @Nullable Digest digest;

    /** Writes to the stream, and closes it with itself. */
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

    /** How many bytes were written so far. */
    public long size() {
        return size;
    }

    /** The digest of what was written until this is asked for the first time; so, ask for it at the end. */
    public Digest digest() {
        if (digest == null) {
            digest = Digest.of(algorithm, messageDigest);
        }
        return digest;
    }
}
