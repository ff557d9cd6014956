package dev.cachetool.content;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * The header of one entry of a tar archive, as it stands there: nothing is checked but that it can be read (POSIX.1-2017,
 * pax, "ustar Interchange Format" and "pax Header Block"; GNU tar's long names).
 *
 * @param name names and link names are text as {@link FileNames} writes bytes
 * @param type of the entry
 * @param mode permission bits, 07777
 * @param size bytes of content that follow; 0 for all but files
 * @param time of the last change
 * @param linkName of links, "" for all else
 * @param attributes extended attributes: names, without a tool's prefix, and values, a character for each byte
 */
public record TarEntry(
        String name, TarType type, int mode, long size, Instant time, String linkName, Map<String, String> attributes) {
    public TarEntry {
        attributes = attributes.isEmpty() ? Map.of() : Map.copyOf(new TreeMap<>(attributes));
        if (size < 0 || (size > 0 && type != TarType.FILE)) {
            throw new IllegalArgumentException(type + " cannot have " + size + " bytes");
        }
        if ((mode & ~07777) != 0) {
            throw new IllegalArgumentException("mode " + Integer.toOctalString(mode) + " has more than 07777");
        }
    }

    /** A file of so many bytes, with time zero. */
    public static TarEntry file(String name, int mode, long size) {
        return new TarEntry(name, TarType.FILE, mode, size, Instant.EPOCH, "", Map.of());
    }

    /** A directory, with time zero. Its name has no {@code /} at the end here. */
    public static TarEntry directory(String name, int mode) {
        return new TarEntry(name, TarType.DIRECTORY, mode, 0, Instant.EPOCH, "", Map.of());
    }

    /** This one as a link to something else. */
    TarEntry withLinkName(String other) {
        return new TarEntry(name, type, mode, size, time, other, attributes);
    }
}
