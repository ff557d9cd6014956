package dev.cachetool.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Permission bits as a number and as the JDK has them. */
final class Modes {
    private Modes() {}

    /** The permission bits, 0777. */
    static int of(Set<PosixFilePermission> permissions) {
        int mode = 0;
        int bit = 0400;
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            mode |= permissions.contains(permission) ? bit : 0;
            bit >>= 1;
        }
        return mode;
    }

    /** Gives a file or folder, which is no link, these permission bits (of 0777). */
    static void set(Path file, int mode) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        int bit = 0400;
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((mode & bit) != 0) {
                permissions.add(permission);
            }
            bit >>= 1;
        }
        Files.setPosixFilePermissions(file, permissions);
    }

    /** Adds permission bits to those of a folder. */
    static void add(Path folder, int mode) throws IOException {
        set(folder, of(Files.getPosixFilePermissions(folder)) | mode);
    }
}
