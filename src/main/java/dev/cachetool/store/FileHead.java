package dev.cachetool.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** The first bytes of the binary files of a store: what the file is, in ASCII, and the version of its format, an int. */
final class FileHead {
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
}
