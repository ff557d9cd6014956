package dev.cachetool.store;

import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.pattern.PatternMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Copies files of a snapshot out of the store. Files that are one file there become one file. */
final class TreeCopy {
    private TreeCopy() {}

    /**
     * Copies what the patterns match, with the folders on the way to it; all for no patterns.
     *
     * @param to a folder in which none of what is copied stands
     * @return what was copied
     */
    static FileTree copy(Path from, FileTree tree, Path to, List<String> patterns) throws IOException {
        FileTree selected = patterns.isEmpty() ? tree.withParents() : tree.select(PatternMatcher.of(patterns));
        List<TreeEntry> folders = new ArrayList<>();
        Map<Object, Path> linked = new HashMap<>();
        for (TreeEntry entry : selected.entries()) {
            Path source = FileNames.resolve(from, entry.path());
            Path target = FileNames.resolve(to, entry.path());
            switch (entry.type()) {
                case DIRECTORY -> {
                    Files.createDirectory(target);
                    folders.add(entry);
                }
                case SYMLINK -> Files.copy(source, target, LinkOption.NOFOLLOW_LINKS);
                case FILE -> file(source, target, linked);
            }
        }
        for (int i = folders.size() - 1; i >= 0; i--) {
            TreeEntry folder = folders.get(i);
            Path target = FileNames.resolve(to, folder.path());
            Files.setLastModifiedTime(target, Files.getLastModifiedTime(FileNames.resolve(from, folder.path())));
            Files.setAttribute(target, "unix:mode", folder.mode());
        }
        return selected;
    }

    private static void file(Path source, Path target, Map<Object, Path> linked) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(source, "unix:nlink,ino", LinkOption.NOFOLLOW_LINKS);
        if ((int) attributes.getOrDefault("nlink", 1) > 1) {
            Path first = linked.putIfAbsent(attributes.getOrDefault("ino", 0L), target);
            if (first != null) {
                Files.createLink(target, first);
                return;
            }
        }
        Files.copy(source, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
