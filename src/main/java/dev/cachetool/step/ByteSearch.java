package dev.cachetool.step;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Looks for bytes in a file, whatever its size. */
final class ByteSearch {
    private static final int BUFFER = 1 << 16;

    private ByteSearch() {}

    /** Whether the file has these bytes, one after the other. */
    static boolean has(Path file, byte[] wanted) throws IOException {
        byte[] buffer = new byte[BUFFER + wanted.length];
        int kept = 0;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (int n = in.read(buffer, kept, BUFFER); n >= 0; n = in.read(buffer, kept, BUFFER)) {
                int length = kept + n;
                for (int i = 0; i + wanted.length <= length; i++) {
                    if (startsAt(buffer, i, wanted)) {
                        return true;
                    }
                }
                kept = Math.min(length, wanted.length - 1);
                System.arraycopy(buffer, length - kept, buffer, 0, kept);
            }
            return false;
        }
    }

    private static boolean startsAt(byte[] buffer, int at, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (buffer[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
