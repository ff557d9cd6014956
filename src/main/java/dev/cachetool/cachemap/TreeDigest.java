package dev.cachetool.cachemap;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.FieldWriter;
import java.security.MessageDigest;
import java.util.List;

/** Content digests of file trees (docs/formats.md, "Content digests"). */
public final class TreeDigest {
    private static final int FILE = 1;
    private static final int EXECUTABLE = 2;
    private static final int FOLDER = 3;
    private static final int LINK = 4;

    private TreeDigest() {}

    /**
     * The digest of paths, types, contents, link targets and executable bits. A folder counts where nothing stands in it,
     * since else the paths below say that it is there.
     *
     * @throws IllegalArgumentException if a file has no digest
     */
    public static Digest of(FileTree tree) {
        return of(tree.entries());
    }

    /**
     * The digest of paths, types, contents, link targets and all permission bits; every folder that is an entry counts.
     *
     * @throws IllegalArgumentException if a file has no digest
     */
    public static Digest withModes(FileTree tree) {
        return withModes(tree.entries());
    }

    static Digest of(List<TreeEntry> sorted) {
        Hash hash = new Hash("cachetool.content.v1");
        for (int i = 0; i < sorted.size(); i++) {
            TreeEntry entry = sorted.get(i);
            switch (entry.type()) {
                case FILE -> hash.fields.octet(entry.isExecutable() ? EXECUTABLE : FILE);
                case DIRECTORY -> {
                    if (hasEntriesBelow(sorted, i)) {
                        continue;
                    }
                    hash.fields.octet(FOLDER);
                }
                case SYMLINK -> hash.fields.octet(LINK);
            }
            hash.pathAndContent(entry);
        }
        return hash.finish();
    }

    static Digest withModes(List<TreeEntry> sorted) {
        Hash hash = new Hash("cachetool.content-modes.v1");
        for (TreeEntry entry : sorted) {
            switch (entry.type()) {
                case FILE -> hash.fields.octet(FILE).number(entry.mode());
                case DIRECTORY -> hash.fields.octet(FOLDER).number(entry.mode());
                case SYMLINK -> hash.fields.octet(LINK);
            }
            hash.pathAndContent(entry);
        }
        return hash.finish();
    }

    /** In the order of bytes, {@code a-b} stands between {@code a} and {@code a/b}. */
    private static boolean hasEntriesBelow(List<TreeEntry> sorted, int folder) {
        String prefix = sorted.get(folder).path() + "/";
        for (int i = folder + 1; i < sorted.size(); i++) {
            String path = sorted.get(i).path();
            if (path.startsWith(prefix)) {
                return true;
            }
            if (FileNames.ORDER.compare(path, prefix) > 0) {
                return false;
            }
        }
        return false;
    }

    private static final class Hash {
        private static final int FLUSH = 1 << 14;

        private final MessageDigest messageDigest = Algorithm.SHA256.newMessageDigest();
        final FieldWriter fields;

        Hash(String format) {
            fields = FieldWriter.of(format);
        }

        void pathAndContent(TreeEntry entry) {
            path(fields, entry.path());
            if (entry.type() == EntryType.FILE) {
                fields.digest(entry.digest()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "the digest of " + FileNames.shown(entry.path()) + " is not known")));
            } else if (entry.type() == EntryType.SYMLINK) {
                path(fields, entry.linkTarget());
            }
            if (fields.size() > FLUSH) {
                fields.update(messageDigest);
                fields.clear();
            }
        }

        Digest finish() {
            fields.update(messageDigest);
            return Digest.ofSha256(messageDigest.digest());
        }
    }

    /** Writes the bytes of a file name. */
    static void path(FieldWriter to, String path) {
        for (int i = 0; i < path.length(); i++) {
            if (Character.isSurrogate(path.charAt(i))) {
                to.bytes(FileNames.encode(path));
                return;
            }
        }
        to.text(path);
    }
}
