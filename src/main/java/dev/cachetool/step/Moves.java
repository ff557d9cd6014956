package dev.cachetool.step;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Renames what may be read-only. */
final class Moves {
    private static final int OWNER = 0300;

    private Moves() {}

    /**
     * Renames a file, link or folder within its file system, also one that its owner has no right to move: out of or into a
     * folder that is read-only, or such a folder itself. Modes are the same after it.
     */
    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AccessDeniedException e) {
            moveLocked(from, to);
        }
    }

    private static void moveLocked(Path from, Path to) throws IOException {
        Path fromParent = Objects.requireNonNull(from.getParent());
        Path toParent = Objects.requireNonNull(to.getParent());
        int fromMode = unlock(fromParent);
        int toMode = unlock(toParent);
        try {
            if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
                int mode = unlock(from);
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
                Modes.set(to, mode);
            } else {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            Modes.set(toParent, toMode);
            Modes.set(fromParent, fromMode);
        }
    }

    /** Lets its owner change what is in a folder; gives back its mode before. */
    private static int unlock(Path folder) throws IOException {
        int mode = Modes.of(Files.getPosixFilePermissions(folder));
        if ((mode & OWNER) != OWNER) {
            Modes.set(folder, mode | OWNER);
        }
        return mode;
    }
}
