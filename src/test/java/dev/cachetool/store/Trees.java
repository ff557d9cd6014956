package dev.cachetool.store;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Small trees on disk. */
final class Trees {
    private Trees() {}

    /** Writes a file with its folders. */
    static void write(Path root, String path, String text) throws IOException {
        Path file = FileNames.resolve(root, path);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    /** The tree of a folder, without digests. */
    static FileTree of(Path root) throws IOException {
        List<TreeEntry> entries = new ArrayList<>();
        walk(root, "", entries);
        return FileTree.of(entries);
    }

    private static void walk(Path folder, String prefix, List<TreeEntry> entries) throws IOException {
        List<Path> children;
        try (Stream<Path> listed = Files.list(folder)) {
            children = listed.toList();
        }
        for (Path child : children) {
            String path = prefix + FileNames.nameOf(child);
            int mode = (int) Files.getAttribute(child, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
            if (Files.isSymbolicLink(child)) {
                entries.add(TreeEntry.symlink(path, FileNames.textOf(Files.readSymbolicLink(child))));
            } else if (Files.isDirectory(child)) {
                entries.add(TreeEntry.directory(path, mode));
                walk(child, path + "/", entries);
            } else if (Files.isRegularFile(child)) {
                entries.add(TreeEntry.file(path, mode, Files.size(child)));
            }
        }
    }

    /** What the entry at the path is. */
    static EntryType typeOf(FileTree tree, String path) {
        return tree.find(path).orElseThrow().type();
    }

    /** What stands in a folder. */
    static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }
}
