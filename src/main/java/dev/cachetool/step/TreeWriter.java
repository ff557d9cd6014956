package dev.cachetool.step;

import dev.cachetool.content.FileChangedException;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.SymlinkMaker;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** Writes planned trees into an empty folder. For one thread. */
final class TreeWriter {
    private static final int BUFFER = 1 << 16;
    private static final String MODE = "unix:mode";

    private final Path folder;
    private final byte[] buffer = new byte[BUFFER];
    private final MessageDigest messageDigest = Algorithm.SHA256.newMessageDigest();

    TreeWriter(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes it.
     *
     * @return what was written
     * @throws FileChangedException if a file that is copied is not what its entry says
     * @throws IOException if something cannot be read or written
     */
    FileTree write(PlannedTree tree) throws IOException {
        List<TreeEntry> entries = new ArrayList<>();
        List<TreeEntry> folders = new ArrayList<>();
        for (PlannedTree.Item item : tree.items()) {
            TreeEntry entry = item.entry();
            Path path = FileNames.resolve(folder, entry.path());
            switch (entry.type()) {
                case DIRECTORY -> {
                    Files.createDirectory(path);
                    folders.add(entry);
                }
                case SYMLINK ->
                    entry = TreeEntry.symlink(entry.path(), SymlinkMaker.JDK.make(path, entry.linkTarget()));
                case FILE -> {
                    writeFile(item, path);
                    Files.setAttribute(path, MODE, entry.mode());
                }
            }
            entries.add(entry);
        }
        // The deepest first: what is read-only takes no more files.
        for (int i = folders.size() - 1; i >= 0; i--) {
            TreeEntry entry = folders.get(i);
            Files.setAttribute(FileNames.resolve(folder, entry.path()), MODE, entry.mode());
        }
        return FileTree.of(entries);
    }

    private void writeFile(PlannedTree.Item item, Path path) throws IOException {
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            if (item.source() == null) {
                out.write(item.data());
            } else {
                copy(item.entry(), item.source(), out);
            }
        }
    }

    /** Copies a file, which may be one of the workspace: what somebody has changed meanwhile is no part of any result. */
    private void copy(TreeEntry entry, Path source, OutputStream out) throws IOException {
        messageDigest.reset();
        long copied = 0;
        try (InputStream in = Files.newInputStream(source, LinkOption.NOFOLLOW_LINKS)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                messageDigest.update(buffer, 0, n);
                out.write(buffer, 0, n);
                copied += n;
            }
        }
        Digest is = Digest.ofSha256(messageDigest.digest());
        Digest was = entry.digest().orElse(is);
        if (!is.equals(was)) {
            throw new FileChangedException(
                    entry.path(), was + ", " + entry.size() + " bytes", is + ", " + copied + " bytes");
        }
    }
}
