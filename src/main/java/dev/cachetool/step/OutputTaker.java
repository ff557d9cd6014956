package dev.cachetool.step;

import dev.cachetool.cachemap.ContentReader;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileChangedException;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.SymlinkMaker;
import dev.cachetool.content.TreeEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Takes what a step made into a folder, where nobody looks for it any more; the store reads it there. */
final class OutputTaker {

    private static final int OWNER_READ = 0400;

    private final Path root;
    private final Path target;
    private final Set<String> folders = new HashSet<>();

    /**
     * @param root where the step ran
     * @param target an empty folder
     */
    OutputTaker(Path root, Path target) {
        this.root = root;
        this.target = target;
    }

    /**
     * Moves what was made; the target has to be in the same file system.
     *
     * @return the entries, files without digests
     * @throws IOException if something cannot be moved
     */
    FileTree move(Made made) throws IOException {
        for (String path : made.moves()) {
            makeFolders(PlacedInputs.parentOf(path));
            Moves.move(FileNames.resolve(root, path), FileNames.resolve(target, path));
        }
        for (TreeEntry entry : made.entries()) {
            if (entry.type() == EntryType.DIRECTORY) {
                makeFolders(entry.path());
            }
        }
        return FileTree.of(made.entries());
    }

    /**
     * Copies what was made.
     *
     * @param threads how many files are copied at once
     * @return the entries, files without digests
     * @throws FileChangedException if somebody still writes to a file
     * @throws IOException if something cannot be copied
     */
    FileTree copy(Made made, int threads) throws IOException {
        List<TreeEntry> entries = new ArrayList<>(made.entries().size());
        try (ContentReader copies = new ContentReader(threads)) {
            for (TreeEntry entry : made.entries()) {
                TreeEntry copied = entry;
                Path from = FileNames.resolve(root, entry.path());
                Path to = FileNames.resolve(target, entry.path());
                makeFolders(entry.type() == EntryType.DIRECTORY ? entry.path() : entry.parent());
                switch (entry.type()) {
                    case DIRECTORY -> {}
                    case SYMLINK ->
                        copied = TreeEntry.symlink(entry.path(), SymlinkMaker.JDK.make(to, entry.linkTarget()));
                    case FILE -> copies.add((buffer, unused) -> copy(entry, from, to, buffer));
                }
                entries.add(copied);
            }
            copies.finish();
        }
        return FileTree.of(entries);
    }

    private static void copy(TreeEntry entry, Path from, Path to, ByteBuffer buffer) throws IOException {
        if ((entry.mode() & OWNER_READ) != 0) {
            copyReadable(entry, from, to, buffer);
            return;
        }
        Modes.set(from, entry.mode() | OWNER_READ);
        try {
            copyReadable(entry, from, to, buffer);
        } finally {
            Modes.set(from, entry.mode());
        }
    }

    private static void copyReadable(TreeEntry entry, Path from, Path to, ByteBuffer buffer) throws IOException {
        FileStamps.Seen before = FileStamps.look(from);
        if (!FileCopy.share(from, to, before.stamp().size())) {
            FileCopy.copy(from, to, buffer, bytes -> {});
        }
        FileStamps.Seen after = FileStamps.look(from);
        if (!before.equals(after) || before.stamp().size() != entry.size()) {
            throw new FileChangedException(entry.path(), shown(before), shown(after));
        }
        Files.setLastModifiedTime(to, FileTime.from(before.stamp().modified(), TimeUnit.NANOSECONDS));
    }

    private static String shown(FileStamps.Seen seen) {
        return seen.stamp().size() + " bytes, modified at "
                + FileTime.from(seen.stamp().modified(), TimeUnit.NANOSECONDS);
    }

    private void makeFolders(String path) throws IOException {
        if (!path.isEmpty() && folders.add(path)) {
            Files.createDirectories(FileNames.resolve(target, path));
        }
    }
}
