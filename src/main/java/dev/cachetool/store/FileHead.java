package dev.cachetool.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The first bytes of the binary files of a store: what the file is, in ASCII, and the version of its format, an int. */
final class FileHead {
    /** What a CRC-32C takes. */
    static final int CHECK_BYTES = Integer.BYTES;

    private FileHead() {}

    /** Those bytes. */
    static byte[] of(byte[] magic, int version) {
        return ByteBuffer.allocate(magic.length + Integer.BYTES)
                .put(magic)
                .putInt(version)
                .array();
    }

    /**
     * Checks that a file begins with them.
     *
     * @param bytes what the file begins with, at least so many
     * @throws NotAStoreException if it has a newer version
     * @throws DamagedKeysException if it is something else
     */
    static void check(Path file, byte[] bytes, byte[] magic, int version) throws IOException {
        if (bytes.length < magic.length + Integer.BYTES
                || !Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length)) {
            throw new DamagedKeysException(file, "it begins with something else");
        }
        int found = ByteBuffer.wrap(bytes).getInt(magic.length);
        if (found > version) {
            throw new NotAStoreException(
                    file, "its file has the format " + found + ", this cachetool knows " + version);
        }
        if (found != version) {
            throw new DamagedKeysException(file, "it has the format " + found);
        }
    }

    /** Ends a header with the CRC-32C of what was put into it before. */
    static void check(ByteBuffer header) {
        header.putInt(crc(header, header.position()));
    }

    /**
     * Checks that a header ends with the CRC-32C of its other bytes.
     *
     * @throws DamagedKeysException if it does not
     */
    static void verify(Path file, byte[] header) throws DamagedKeysException {
        int end = header.length - CHECK_BYTES;
        if (crc(header, end) != ByteBuffer.wrap(header).getInt(end)) {
            throw new DamagedKeysException(file, "its header is not what was written");
        }
    }

    /** The CRC-32C of the first bytes of some. */
    static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /** The CRC-32C of the first bytes of some. */
    static int crc(ByteBuffer bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, length));
        return (int) crc.getValue();
    }
}
