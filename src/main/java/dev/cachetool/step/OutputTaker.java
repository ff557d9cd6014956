package dev.cachetool.step;

import dev.cachetool.cachemap.ContentReader;
import dev.cachetool.cachemap.FileLook;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileChangedException;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.SymlinkMaker;
import dev.cachetool.content.TreeEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Takes what a step made into a folder, where nobody looks for it any more; the store reads it there. */
final class OutputTaker {

    private static final int OWNER_READ = 0400;

    private final Path root;
    private final Path target;
    private final Set<String> folders = new HashSet<>();
    /** Where files went that have several names. */
    private final Map<Object, Path> copied = new HashMap<>();

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
        Map<Path, Path> links = new LinkedHashMap<>();
        try (ContentReader copies = new ContentReader(threads)) {
            for (TreeEntry entry : made.entries()) {
                TreeEntry taken = entry;
                Path from = FileNames.resolve(root, entry.path());
                Path to = FileNames.resolve(target, entry.path());
                makeFolders(entry.type() == EntryType.DIRECTORY ? entry.path() : entry.parent());
                switch (entry.type()) {
                    case DIRECTORY -> {}
                    case SYMLINK ->
                        taken = TreeEntry.symlink(entry.path(), SymlinkMaker.JDK.make(to, entry.linkTarget()));
                    case FILE -> {
                        Path first = firstOf(from, to);
                        if (first.equals(to)) {
                            copies.add((buffer, unused) -> copy(entry, from, to, buffer));
                        } else {
                            links.put(to, first);
                        }
                    }
                }
                entries.add(taken);
            }
            copies.finish();
        }
        for (Map.Entry<Path, Path> link : links.entrySet()) {
            Files.createLink(link.getKey(), link.getValue());
        }
        return FileTree.of(entries);
    }

    /** Where the first of several names of a file goes to, which may be this one. */
    private Path firstOf(Path from, Path to) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(from, "unix:nlink,ino,dev", LinkOption.NOFOLLOW_LINKS);
        if (!(attributes.get("nlink") instanceof Integer names) || names == 1) {
            return to;
        }
        Path first =
                copied.putIfAbsent(List.of(attributes.getOrDefault("dev", 0L), attributes.getOrDefault("ino", 0L)), to);
        return first == null ? to : first;
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
        FileLook before = FileLook.at(from);
        if (!FileCopy.share(from, to, before.stamp().size())) {
            FileCopy.copy(from, to, buffer, bytes -> {});
        }
        FileLook after = FileLook.at(from);
        if (!before.equals(after) || before.stamp().size() != entry.size()) {
            throw new FileChangedException(entry.path(), shown(before), shown(after));
        }
        Files.setLastModifiedTime(to, FileTime.from(before.stamp().modified(), TimeUnit.NANOSECONDS));
    }

    private static String shown(FileLook seen) {
        return seen.stamp().size() + " bytes, modified at "
                + FileTime.from(seen.stamp().modified(), TimeUnit.NANOSECONDS);
    }

    private void makeFolders(String path) throws IOException {
        if (!path.isEmpty() && folders.add(path)) {
            Files.createDirectories(FileNames.resolve(target, path));
        }
    }
}
