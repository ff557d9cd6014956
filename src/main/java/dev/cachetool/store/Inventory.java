package dev.cachetool.store;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Compares a folder with the tree that it should hold, in one pass over it; gives files without digest theirs, and
 * everything the mode of the tree, set-uid and set-gid bits left out. What is neither file, folder nor link is removed.
 */
final class Inventory {
    private static final String ATTRIBUTES = "unix:mode,size,nlink,ino,dev";
    private static final int SPECIAL_BITS = 06000;
    private static final int MODE_BITS = 07777;
    /** What a block of the disk has, in which it is given out, on nearly all file systems. */
    static final int BLOCK = 4096;
    /** How many files a thread is given at once. */
    private static final int BATCH = 256;

    private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

    private final Path root;
    private final FileTree expected;
    private final Map<String, TreeEntry> taken = new HashMap<>();
    private final Set<Object> counted = new HashSet<>();
    private final List<TreeEntry> unread = new ArrayList<>();
    private long bytes;

    private Inventory(Path root, FileTree expected) {
        this.root = root;
        this.expected = expected;
    }

    /**
     * What a folder holds.
     *
     * @param tree what was asked for, with the digests of all files
     * @param bytes that it takes of the disk, hard links counted once, in whole blocks
     */
    record Taken(FileTree tree, long bytes) {}

    /**
     * Goes over the folder.
     *
     * @throws IOException if it cannot be read, or is not what the tree says
     */
    static Taken take(Path root, FileTree tree) throws IOException {
        Inventory inventory = new Inventory(root, tree.withParents());
        inventory.walk();
        inventory.requireAll();
        inventory.readAll();
        List<TreeEntry> entries = new ArrayList<>(tree.size());
        for (TreeEntry entry : tree.entries()) {
            entries.add(inventory.taken.getOrDefault(entry.path(), entry));
        }
        return new Taken(FileTree.of(entries), inventory.bytes);
    }

    private record Visit(Path folder, String prefix) {}

    private void walk() throws IOException {
        record Folder(Path path, int mode) {}
        Deque<Visit> open = new ArrayDeque<>(List.of(new Visit(root, "")));
        List<Folder> folders = new ArrayList<>();
        while (!open.isEmpty()) {
            Visit visit = open.pop();
            try (DirectoryStream<Path> children = Files.newDirectoryStream(visit.folder())) {
                for (Path child : children) {
                    String path = visit.prefix() + FileNames.nameOf(child);
                    Map<String, Object> attributes = Files.readAttributes(child, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                    int mode = (int) attributes.getOrDefault("mode", 0);
                    EntryType type = typeOf(mode);
                    if (type == null) {
                        Files.delete(child);
                        continue;
                    }
                    TreeEntry entry =
                            expected.find(path).orElseThrow(() -> wrong(path, "is there, and not in the tree"));
                    if (entry.type() != type) {
                        throw wrong(path, "is no " + entry.type());
                    }
                    TreeEntry plain = withoutSpecial(entry);
                    switch (type) {
                        case DIRECTORY -> {
                            bytes += BLOCK;
                            if ((mode & 0700) != 0700) {
                                // Its owner, if not root, could not look into it.
                                Files.setAttribute(child, "unix:mode", plain.mode() | 0700);
                            }
                            if ((mode & MODE_BITS) != plain.mode()) {
                                folders.add(new Folder(child, plain.mode()));
                            }
                            open.push(new Visit(child, path + "/"));
                        }
                        case FILE -> {
                            file(child, plain, attributes, mode & MODE_BITS);
                        }
                        case SYMLINK -> {
                            bytes += entry.linkTarget().length() < 60 ? 0 : BLOCK;
                            if (!FileNames.textOf(Files.readSymbolicLink(child)).equals(entry.linkTarget())) {
                                throw wrong(path, "links elsewhere");
                            }
                        }
                    }
                    taken.put(path, plain);
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        for (Folder folder : folders) {
            Files.setAttribute(folder.path(), "unix:mode", folder.mode());
        }
    }

    private void file(Path file, TreeEntry entry, Map<String, Object> attributes, int mode) throws IOException {
        long size = (long) attributes.getOrDefault("size", 0L);
        if (size != entry.size()) {
            throw wrong(entry.path(), "has " + size + " bytes, not " + entry.size());
        }
        if ((int) attributes.getOrDefault("nlink", 1) == 1
                || counted.add(List.of(attributes.getOrDefault("dev", 0L), attributes.getOrDefault("ino", 0L)))) {
            bytes += onDisk(size);
        }
        if (mode != entry.mode()) {
            Files.setAttribute(file, "unix:mode", entry.mode());
        }
        if (entry.digest().isEmpty()) {
            unread.add(entry);
        }
    }

    /** How many bytes of the disk a file of that size takes. */
    static long onDisk(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static @Nullable EntryType typeOf(int mode) {
        return switch (mode >> 12 & 017) {
            case 010 -> EntryType.FILE;
            case 004 -> EntryType.DIRECTORY;
            case 012 -> EntryType.SYMLINK;
            default -> null;
        };
    }

    private static TreeEntry withoutSpecial(TreeEntry entry) {
        return (entry.mode() & SPECIAL_BITS) == 0
                ? entry
                : new TreeEntry(
                        entry.path(),
                        entry.type(),
                        entry.mode() & ~SPECIAL_BITS,
                        entry.size(),
                        entry.linkTarget(),
                        entry.digest());
    }

    private void requireAll() throws IOException {
        if (taken.size() < expected.size()) {
            for (TreeEntry entry : expected.entries()) {
                if (!taken.containsKey(entry.path())) {
                    throw wrong(entry.path(), "is not there");
                }
            }
        }
    }

    private void readAll() throws IOException {
        if (unread.isEmpty()) {
            return;
        }
        if (unread.size() <= BATCH) {
            read(unread).forEach(entry -> taken.put(entry.path(), entry));
            return;
        }
        ExecutorService readers = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "digest");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<List<TreeEntry>>> reading = new ArrayList<>();
            for (int i = 0; i < unread.size(); i += BATCH) {
                List<TreeEntry> batch = unread.subList(i, Math.min(unread.size(), i + BATCH));
                reading.add(readers.submit(() -> read(batch)));
            }
            for (Future<List<TreeEntry>> read : reading) {
                read.get().forEach(entry -> taken.put(entry.path(), entry));
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading what a step made");
        } finally {
            readers.shutdownNow();
        }
    }

    private List<TreeEntry> read(List<TreeEntry> files) throws IOException {
        MessageDigest digest = Algorithm.SHA256.newMessageDigest();
        byte[] buffer = new byte[64 * 1024];
        List<TreeEntry> read = new ArrayList<>(files.size());
        for (TreeEntry entry : files) {
            Path file = FileNames.resolve(root, entry.path());
            boolean closed = (entry.mode() & 0400) == 0;
            if (closed) {
                Files.setAttribute(file, "unix:mode", entry.mode() | 0400);
            }
            long size = 0;
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    digest.update(buffer, 0, n);
                    size += n;
                }
            }
            if (closed) {
                Files.setAttribute(file, "unix:mode", entry.mode());
            }
            if (size != entry.size()) {
                throw wrong(entry.path(), "changed while it was read");
            }
            read.add(entry.withDigest(Digest.ofSha256(digest.digest())));
        }
        return read;
    }

    private IOException wrong(String path, String what) {
        return new IOException("could not keep " + root + ": \"" + FileNames.shown(path) + "\" " + what);
    }
}
