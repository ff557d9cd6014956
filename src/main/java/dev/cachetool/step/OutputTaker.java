package dev.cachetool.step;

import dev.cachetool.cachemap.ContentReader;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileChangedException;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.SymlinkMaker;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Takes what a step made into a folder, and then its digests: files are hashed where nobody looks for them any more. Bits
 * for set-uid and set-gid are taken away, with a warning.
 */
final class OutputTaker {
    private static final int SPECIAL = 06000;
    private static final int OWNER_READ = 0400;
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> WRITE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path root;
    private final Path target;
    private final int threads;
    private final BiConsumer<String, String> warnings;
    private final Set<String> folders = new HashSet<>();

    /**
     * @param root where the step ran
     * @param target an empty folder
     * @param warnings takes a path and what is the matter with it, as half a sentence
     */
    OutputTaker(Path root, Path target, int threads, BiConsumer<String, String> warnings) {
        this.root = root;
        this.target = target;
        this.threads = threads;
        this.warnings = warnings;
    }

    /**
     * Moves what was made; the target has to be in the same file system.
     *
     * @return the entries, with digests
     * @throws FileChangedException if somebody still writes to a file
     * @throws IOException if something cannot be moved or read
     */
    FileTree move(Made made) throws IOException {
        for (String path : made.moves()) {
            makeFolders(PlacedInputs.parentOf(path));
            Moves.move(FileNames.resolve(root, path), FileNames.resolve(target, path));
        }
        return finish(made.entries());
    }

    /**
     * Copies what was made.
     *
     * @return the entries, with digests
     * @throws FileChangedException if somebody still writes to a file
     * @throws IOException if something cannot be copied
     */
    FileTree copy(Made made) throws IOException {
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
        return finish(entries);
    }

    private static void copy(TreeEntry entry, Path from, Path to, ByteBuffer buffer) throws IOException {
        FileStamps.Seen before = FileStamps.look(from);
        try (SeekableByteChannel in = Files.newByteChannel(from, READ);
                SeekableByteChannel out = Files.newByteChannel(to, WRITE)) {
            buffer.clear();
            while (in.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                buffer.clear();
            }
        }
        requireSame(entry, before, FileStamps.look(from));
        Modes.set(to, entry.mode());
        Files.setLastModifiedTime(to, FileTime.from(before.stamp().modified(), TimeUnit.NANOSECONDS));
    }

    private static void requireSame(TreeEntry entry, FileStamps.Seen before, FileStamps.Seen after)
            throws FileChangedException {
        if (!before.equals(after) || before.stamp().size() != entry.size()) {
            throw new FileChangedException(
                    entry.path(),
                    entry.size() + " bytes, modified at " + instant(before),
                    after.stamp().size() + ", modified at " + instant(after));
        }
    }

    private static String instant(FileStamps.Seen seen) {
        return FileTime.from(seen.stamp().modified(), TimeUnit.NANOSECONDS).toString();
    }

    private void makeFolders(String path) throws IOException {
        if (path.isEmpty() || !folders.add(path)) {
            return;
        }
        Files.createDirectories(FileNames.resolve(target, path));
    }

    /** Makes the folders that were not moved as a whole, and reads the files. */
    private FileTree finish(List<TreeEntry> entries) throws IOException {
        Map<String, Digest> digests = new ConcurrentHashMap<>();
        try (ContentReader reader = new ContentReader(threads)) {
            for (TreeEntry entry : entries) {
                if (entry.type() == EntryType.FILE) {
                    Path file = FileNames.resolve(target, entry.path());
                    reader.add((buffer, messageDigest) ->
                            digests.put(entry.path(), digest(entry, file, buffer, messageDigest)));
                }
            }
            reader.finish();
        }
        List<TreeEntry> done = new ArrayList<>(entries.size());
        for (int i = entries.size() - 1; i >= 0; i--) {
            TreeEntry entry = entries.get(i);
            Digest digest = digests.get(entry.path());
            done.add(digest == null ? entry : entry.withDigest(digest));
            if (entry.type() == EntryType.DIRECTORY) {
                makeFolders(entry.path());
                Path folder = FileNames.resolve(target, entry.path());
                if (Modes.of(Files.getPosixFilePermissions(folder)) != entry.mode()) {
                    Modes.set(folder, entry.mode());
                }
            }
        }
        return FileTree.of(done);
    }

    private Digest digest(TreeEntry entry, Path file, ByteBuffer buffer, MessageDigest messageDigest)
            throws IOException {
        FileStamps.Seen before = FileStamps.look(file);
        if ((before.mode() & SPECIAL) != 0) {
            Modes.set(file, entry.mode());
            warnings.accept(entry.path(), "is set-uid or set-gid, which is not kept");
            before = FileStamps.look(file);
        }
        messageDigest.reset();
        try (SeekableByteChannel in = open(file, entry.mode())) {
            buffer.clear();
            while (in.read(buffer) >= 0) {
                buffer.flip();
                messageDigest.update(buffer);
                buffer.clear();
            }
        }
        if ((entry.mode() & OWNER_READ) != 0) {
            requireSame(entry, before, FileStamps.look(file));
        }
        return Digest.ofSha256(messageDigest.digest());
    }

    /** Opens a file, which its owner may do even where its mode says no. */
    private static SeekableByteChannel open(Path file, int mode) throws IOException {
        if ((mode & OWNER_READ) != 0) {
            return Files.newByteChannel(file, READ);
        }
        Modes.set(file, mode | OWNER_READ);
        try {
            return Files.newByteChannel(file, READ);
        } finally {
            Modes.set(file, mode);
        }
    }
}
