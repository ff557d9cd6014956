package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import java.util.Optional;

/**
 * One entry of a file tree.
 *
 * @param path relative to the tree's root, segments parted by {@code /}, no {@code /} in front or at the end, no
 *     {@code .} or {@code ..}; bytes that are no UTF-8 are written as {@link FileNames} says
 * @param mode permission bits, set-uid, set-gid and sticky bits included (07777)
 * @param size bytes of a file's content; 0 for all else
 * @param linkTarget where a symbolic link points, as it stands in the link; empty for all else
 * @param digest of a file's content, where it is known
 */
public record TreeEntry(String path, EntryType type, int mode, long size, String linkTarget, Optional<Digest> digest) {
    public TreeEntry {
        String problem = FileNames.problemOf(path);
        if (problem != null) {
            throw new IllegalArgumentException("\"" + FileNames.shown(path) + "\" is no path of a tree: " + problem);
        }
        if ((mode & ~07777) != 0) {
            throw new IllegalArgumentException("mode " + Integer.toOctalString(mode) + " has more than 07777");
        }
        if (size < 0 || (type != EntryType.FILE && size != 0)) {
            throw new IllegalArgumentException("\"" + FileNames.shown(path) + "\" cannot have " + size + " bytes");
        }
        if (linkTarget.isEmpty() == (type == EntryType.SYMLINK)) {
            throw new IllegalArgumentException(
                    "\"" + FileNames.shown(path) + "\": a link target belongs to a symbolic link, and to that alone");
        }
        if (type != EntryType.FILE && digest.isPresent()) {
            throw new IllegalArgumentException(
                    "\"" + FileNames.shown(path) + "\" has no content that could have a digest");
        }
    }

    /** A file whose digest is not known. */
    public static TreeEntry file(String path, int mode, long size) {
        return new TreeEntry(path, EntryType.FILE, mode, size, "", Optional.empty());
    }

    /** A file. */
    public static TreeEntry file(String path, int mode, long size, Digest digest) {
        return new TreeEntry(path, EntryType.FILE, mode, size, "", Optional.of(digest));
    }

    /** A directory. */
    public static TreeEntry directory(String path, int mode) {
        return new TreeEntry(path, EntryType.DIRECTORY, mode, 0, "", Optional.empty());
    }

    /** A symbolic link; its mode is 0777, as Linux has it. */
    public static TreeEntry symlink(String path, String target) {
        return new TreeEntry(path, EntryType.SYMLINK, 0777, 0, target, Optional.empty());
    }

    /** Whether any execute bit is set. */
    public boolean isExecutable() {
        return (mode & 0111) != 0;
    }

    /** This one with the digest of its content. */
    public TreeEntry withDigest(Digest content) {
        return new TreeEntry(path, type, mode, size, linkTarget, Optional.of(content));
    }

    /** The path of the folder that it stands in; empty for what stands at the root. */
    public String parent() {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
