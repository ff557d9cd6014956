package dev.cachetool.content;

import com.github.luben.zstd.NoPool;
import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.cachetool.oci.MediaTypes;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * How the tar of a layer, or of a layout, is compressed (OCI image-spec, layer.md; gzip is RFC 1952, zstd RFC 8878).
 *
 * <p>What {@link #compress} writes depends on the bytes and the level only: not on how they are cut into writes, nor on
 * the number of threads. The bytes of gzip also depend on the zlib behind the JDK, those of zstd on the version of
 * zstd-jni.
 */
public enum Compression {
    NONE("uncompressed", 0, 0, 0),
    /**
     * Level 4 by default: on two cores it takes little more than half the time of level 6 and gives 2 % more bytes
     * (benchmarks/README.md).
     */
    GZIP("gzip", 0, 9, 4),
    /** Level 3 by default, which is zstd's own default. */
    ZSTD("zstd", 1, 22, 3);

    private static final int BUFFER = 64 * 1024;
    private static final int HEAD = 4;

    private final String word;
    private final int lowest;
    private final int highest;
    private final int standard;

    Compression(String word, int lowest, int highest, int standard) {
        this.word = word;
        this.lowest = lowest;
        this.highest = highest;
        this.standard = standard;
    }

    /** The compression that a layer's media type names, of OCI or Docker; empty for what is no layer's type. */
    public static Optional<Compression> ofMediaType(String mediaType) {
        if (!MediaTypes.isLayer(mediaType)) {
            return Optional.empty();
        }
        if (mediaType.endsWith("gzip")) {
            return Optional.of(GZIP);
        }
        if (mediaType.endsWith("zstd")) {
            return Optional.of(ZSTD);
        }
        return mediaType.endsWith("tar") ? Optional.of(NONE) : Optional.empty();
    }

    /** The compression of what begins with these bytes; {@link #NONE} where it is no other. */
    static Compression ofMagic(byte[] head, int length) {
        if (length >= 3 && head[0] == 0x1f && head[1] == (byte) 0x8b && head[2] == 8) {
            return GZIP;
        }
        boolean zstdMagic =
                length >= 4 && head[1] == (byte) 0xb5 && head[2] == 0x2f && head[3] == (byte) 0xfd && head[0] == 0x28;
        // RFC 8878, 3.1.2: a skippable frame may come first.
        boolean skippable =
                length >= 4 && (head[0] & 0xf0) == 0x50 && head[1] == 0x2a && head[2] == 0x4d && head[3] == 0x18;
        return zstdMagic || skippable ? ZSTD : NONE;
    }

    /** What BuildKit calls it. */
    public String word() {
        return word;
    }

    /** The OCI media type of a layer with this compression. */
    public String layerMediaType() {
        return switch (this) {
            case NONE -> MediaTypes.OCI_LAYER;
            case GZIP -> MediaTypes.OCI_LAYER_GZIP;
            case ZSTD -> MediaTypes.OCI_LAYER_ZSTD;
        };
    }

    /** The level where none is named. */
    public int defaultLevel() {
        return standard;
    }

    /** The lowest level: the fastest one. */
    public int lowestLevel() {
        return lowest;
    }

    /** The highest level. */
    public int highestLevel() {
        return highest;
    }

    /**
     * Compresses what is written, as one gzip member or one zstd frame. Closing it ends that, and closes the stream below.
     * Not for several threads.
     *
     * @param level from {@link #lowestLevel} to {@link #highestLevel}
     * @param threads how many threads may compress at once, at least 1
     */
    public OutputStream compress(OutputStream out, int level, int threads) throws IOException {
        if (level < lowest || level > highest) {
            throw new IllegalArgumentException(
                    name() + " has the levels " + lowest + " to " + highest + ", not " + level);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("compressing takes at least one thread");
        }
        return switch (this) {
            case NONE -> out;
            case GZIP -> new ParallelGzipOutputStream(out, level, threads);
            // Without workers zstd gives other bytes than with any number of them: so there is always one.
            case ZSTD ->
                new ZstdOutputStreamNoFinalizer(out, NoPool.INSTANCE, level)
                        .setChecksum(true)
                        .setWorkers(threads);
        };
    }

    /**
     * Reads what the stream holds compressed in this way. Its end is seen only where the compressed data is whole; then
     * the stream below has been read to its own end, so that a {@link dev.cachetool.digest.VerifyingInputStream} there
     * has checked everything. Reading throws a {@link DamagedDataException} where the data is not of this kind. Closing it
     * closes the stream below.
     */
    public InputStream decompress(InputStream in) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new GunzipInputStream(in);
            case ZSTD -> new ZstdInput(in);
        };
    }

    /** The compression of what the stream holds, as its first bytes tell, which are read of it. */
    public static Compression ofHead(InputStream in) throws IOException {
        byte[] head = new byte[HEAD];
        return ofMagic(head, in.readNBytes(head, 0, HEAD));
    }

    /** Reads what the stream holds, compressed in whatever way its first bytes tell. As {@link #decompress}. */
    public static InputStream decompressAny(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(HEAD);
        Compression compression = ofHead(buffered);
        buffered.reset();
        return compression.decompress(buffered);
    }

    /** zstd-jni's reader, which names no damage in a way a person understands. */
    private static final class ZstdInput extends FilterInputStream {
        ZstdInput(InputStream in) throws IOException {
            super(new ZstdInputStreamNoFinalizer(in, RecyclingBufferPool.INSTANCE));
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (ZstdIOException e) {
                throw new DamagedDataException("the zstd data is damaged or cut off: " + e.getMessage(), e);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }
}
