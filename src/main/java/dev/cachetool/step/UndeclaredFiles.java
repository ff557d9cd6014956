package dev.cachetool.step;

import dev.cachetool.cachemap.ContentReader;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.SymlinkMaker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Copies of what stands in the workspace and is no input of a step, which tell afterwards which of them the step read: their
 * time of last access is set far back, and a file system that keeps such times moves it when a file is read.
 */
final class UndeclaredFiles {
    private static final FileTime LONG_AGO = FileTime.from(Instant.EPOCH);
    private static final Set<String> NEVER = Set.of(StateFile.FOLDER, ".git");

    private final Path root;
    private final Set<String> paths = new TreeSet<>();
    private final List<String> files = new ArrayList<>();

    private UndeclaredFiles(Path root) {
        this.root = root;
    }

    private record Visit(Path folder, String path) {}

    /**
     * Copies them.
     *
     * @param root the folder of the step, with its inputs in it
     * @param declared what the step makes, which it would not find there either
     * @param hidden a folder that is left out, as the store is
     */
    static UndeclaredFiles bring(Path workspace, Path root, DeclaredPaths declared, Path hidden, int threads)
            throws IOException {
        UndeclaredFiles undeclared = new UndeclaredFiles(root);
        Deque<Visit> open = new ArrayDeque<>(List.of(new Visit(workspace, "")));
        try (ContentReader copies = new ContentReader(threads)) {
            while (!open.isEmpty()) {
                Visit visit = open.pop();
                try (DirectoryStream<Path> children = Files.newDirectoryStream(visit.folder())) {
                    for (Path child : children) {
                        String name = FileNames.nameOf(child);
                        String path = visit.path().isEmpty() ? name : visit.path() + "/" + name;
                        if (!NEVER.contains(name) && !child.equals(hidden) && !declared.has(path)) {
                            undeclared.add(child, path, open, copies);
                        }
                    }
                } catch (DirectoryIteratorException e) {
                    throw e.getCause();
                }
            }
            copies.finish();
        }
        return undeclared;
    }

    private void add(Path from, String path, Deque<Visit> open, ContentReader copies) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(from, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Path to = FileNames.resolve(root, path);
        boolean stands = Files.exists(to, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory()) {
            if (!stands) {
                Files.createDirectory(to);
                paths.add(path);
            }
            if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
                open.push(new Visit(from, path));
            }
        } else if (!stands && attributes.isSymbolicLink()) {
            SymlinkMaker.JDK.make(to, FileNames.textOf(Files.readSymbolicLink(from)));
            paths.add(path);
        } else if (!stands && attributes.isRegularFile() && Files.isReadable(from)) {
            paths.add(path);
            files.add(path);
            copies.add((buffer, unused) -> copy(from, to, attributes, buffer));
        }
    }

    private static void copy(Path from, Path to, PosixFileAttributes attributes, ByteBuffer buffer) throws IOException {
        FileCopy.copy(from, to, buffer, bytes -> {});
        Modes.set(to, WorkspaceOutputs.mode(attributes));
        Files.getFileAttributeView(to, BasicFileAttributeView.class)
                .setTimes(attributes.lastModifiedTime(), LONG_AGO, null);
    }

    /** Whether the file system of a folder tells when files were read. */
    static boolean canTell(Path folder) throws IOException {
        Path file = Files.write(folder.resolve("access"), new byte[] {1});
        Files.getFileAttributeView(file, BasicFileAttributeView.class)
                .setTimes(FileTime.from(Instant.now()), LONG_AGO, null);
        Files.readAllBytes(file);
        boolean told = wasRead(file);
        Files.delete(file);
        return told;
    }

    private static boolean wasRead(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .lastAccessTime()
                        .compareTo(LONG_AGO)
                > 0;
    }

    /** Whether a path was brought here. */
    boolean has(String path) {
        return paths.contains(path);
    }

    /** The files that were read since, or are gone, by path. */
    List<String> read() throws IOException {
        List<String> read = new ArrayList<>();
        for (String path : files) {
            Path file = FileNames.resolve(root, path);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || wasRead(file)) {
                read.add(path);
            }
        }
        read.sort(FileNames.ORDER);
        return read;
    }
}
