package dev.cachetool.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** How much of the disk a folder takes. */
final class DiskUse {
    private static final String ATTRIBUTES = "unix:mode,size,nlink,ino";

    private DiskUse() {}

    /**
     * The bytes that removing the file or folder would free, in whole blocks: of files with several names, those all of
     * whose names are in it. What vanishes meanwhile counts for nothing.
     *
     * @throws IOException if a folder cannot be read
     */
    static long of(Path root) throws IOException {
        long bytes = 0;
        Map<Object, Integer> names = new HashMap<>();
        Deque<Path> open = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            Path path = open.pop();
            try {
                Map<String, Object> attributes = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                int type = (int) attributes.getOrDefault("mode", 0) >> 12 & 017;
                if (type == 004) {
                    bytes += Inventory.BLOCK;
                    try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
                        children.forEach(open::push);
                    }
                } else if (type == 010) {
                    int links = (int) attributes.getOrDefault("nlink", 1);
                    if (links == 1 || names.merge(attributes.getOrDefault("ino", 0L), 1, Integer::sum) == links) {
                        bytes += Inventory.onDisk((long) attributes.getOrDefault("size", 0L));
                    }
                }
            } catch (NoSuchFileException | NotDirectoryException e) {
                // Somebody else removed it.
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return bytes;
    }
}
