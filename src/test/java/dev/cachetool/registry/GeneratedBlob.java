package dev.cachetool.registry;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestingInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A blob of any size whose bytes are made when they are read, the same for the same size and seed; they do not compress. */
public final class GeneratedBlob implements Payload {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long size;
    private final long seed;
    private final Digest digest;

    /** Reads the bytes once to know their digest. */
    public GeneratedBlob(long size, long seed) {
        this.size = size;
        this.seed = seed;
        try (DigestingInputStream in = new DigestingInputStream(new Bytes(0), Algorithm.SHA256)) {
            in.transferTo(OutputStream.nullOutputStream());
            this.digest = in.digest();
        } catch (IOException e) {
            throw new UncheckedIOException("made bytes cannot fail", e);
        }
    }

    /** The SHA-256 digest of all bytes. */
    public Digest digest() {
        return digest;
    }

    @Override
    public long length() {
        return size;
    }

    @Override
    public InputStream open(long offset) {
        return new Bytes(offset);
    }

    /** Eight bytes of the blob (the generator SplitMix64, which can begin anywhere). */
    private long word(long index) {
        long z = seed + (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private final class Bytes extends InputStream {
        private long position;

        Bytes(long position) {
            this.position = position;
        }

        @Override
        public int read() {
            return position == size ? -1 : next() & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (position == size) {
                return length == 0 ? 0 : -1;
            }
            int n = (int) Math.min(length, size - position);
            int at = offset;
            int end = offset + n;
            while (at < end && position % Long.BYTES != 0) {
                buffer[at++] = next();
            }
            long index = position / Long.BYTES;
            while (end - at >= Long.BYTES) {
                WORDS.set(buffer, at, word(index++));
                at += Long.BYTES;
                position += Long.BYTES;
            }
            while (at < end) {
                buffer[at++] = next();
            }
            return n;
        }

        @Override
        public long skip(long n) {
            long skipped = Math.max(0, Math.min(n, size - position));
            position += skipped;
            return skipped;
        }

        private byte next() {
            byte b = (byte) (word(position / Long.BYTES) >>> (position % Long.BYTES * Byte.SIZE));
            position++;
            return b;
        }
    }
}
