package dev.cachetool.content;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Gives failures of files the name of the file: of a full disk, the JDK says neither where nor what was written. */
public final class FileFailure {
    private FileFailure() {}

    /**
     * What went wrong while the open file was read or written: the exception itself where it names a file or is of a type
     * of its own, else one that names this file.
     */
    public static IOException of(Path file, IOException e) {
        if (e.getClass() != IOException.class) {
            return e;
        }
        FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
        named.initCause(e);
        return named;
    }

    /** What kept a file or folder from being made, told of the one that people know and not of one beside or in it. */
    public static IOException creating(Path file, FileSystemException e) {
        FileSystemException named = e instanceof AccessDeniedException
                ? new AccessDeniedException(file.toString())
                : new FileSystemException(
                        file.toString(), null, e instanceof NoSuchFileException ? whyNotThere(file) : e.getReason());
        named.initCause(e);
        return named;
    }

    private static String whyNotThere(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.isDirectory(folder) ? "nothing can be made there" : "its folder does not exist";
    }
}
