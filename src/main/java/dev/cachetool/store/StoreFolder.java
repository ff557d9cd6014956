package dev.cachetool.store;

import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the parts of a store lie in its folder (docs/formats.md). */
record StoreFolder(Path root) {
    private static final String FORMAT = "format";
    private static final String FORMAT_TEXT = "cachetool store ";
    private static final int VERSION = 1;

    /** What may stand in a folder in which a store was begun, but not finished. */
    private static final Set<String> OWN = Set.of(
            "lock", "pruning", "refs", "scratch", "leases", "blobs", "ingest", "caches", "steps", "trash", "keys");

    /** Whether there is a store, of whatever format. */
    boolean exists() {
        return Files.exists(root.resolve(FORMAT));
    }

    /**
     * Makes what is missing of a store.
     *
     * @throws NotAStoreException if the folder holds something else, or a store of a newer format
     * @throws IOException if it cannot be made or read
     */
    void open() throws IOException {
        if (version() == null) {
            create();
        }
    }

    /** The version of the format that the store has; null where there is none yet. */
    private @Nullable String version() throws IOException {
        String text;
        try {
            text = Files.readString(root.resolve(FORMAT), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (text.equals(FORMAT_TEXT + VERSION + "\n")) {
            return text;
        }
        if (text.startsWith(FORMAT_TEXT)) {
            throw new NotAStoreException(
                    root,
                    "it has the format " + text.substring(FORMAT_TEXT.length()).strip() + ", this cachetool knows "
                            + VERSION);
        }
        throw new NotAStoreException(root, "its file " + FORMAT + " says something else");
    }

    private void create() throws IOException {
        try {
            Files.createDirectories(Objects.requireNonNull(root.toAbsolutePath().getParent()));
            Files.createDirectory(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            requireNothingElse();
        }
        for (Path part : new Path[] {refs(), scratch(), leases(), blobs(), ingest(), caches(), steps(), trash()}) {
            Files.createDirectories(part);
        }
        Path begun = scratch().resolve(FORMAT + "." + UniqueNames.next());
        Files.writeString(begun, FORMAT_TEXT + VERSION + "\n", StandardCharsets.ISO_8859_1);
        Files.move(begun, root.resolve(FORMAT), StandardCopyOption.ATOMIC_MOVE);
    }

    private void requireNothingElse() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NotAStoreException(root, "it is no folder");
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(root)) {
            for (Path child : children) {
                String name = Objects.requireNonNull(child.getFileName()).toString();
                if (!OWN.contains(name) && !name.equals(FORMAT)) {
                    throw new NotAStoreException(root, "it holds " + name + " and no store");
                }
            }
        }
    }

    /** A folder for each ref. */
    Path refs() {
        return root.resolve("refs");
    }

    /** The folder of a ref, which is there if the ref is. */
    Path ref(String id) {
        return refs().resolve(id);
    }

    /** Folders that are being filled; their names begin with that of the lease of the process that fills them. */
    Path scratch() {
        return root.resolve("scratch");
    }

    /** A file for each process that holds something. */
    Path leases() {
        return root.resolve("leases");
    }

    /** Blobs by digest. */
    Path blobs() {
        return root.resolve("blobs").resolve("sha256");
    }

    /** Where a blob lies. */
    Path blob(Digest digest) {
        return root.resolve("blobs").resolve(digest.toString().replace(':', '/'));
    }

    /** Blobs that have arrived in part. */
    Path ingest() {
        return root.resolve("ingest");
    }

    /** The folders that steps keep. */
    Path caches() {
        return root.resolve("caches");
    }

    /** The folders where steps run. */
    Path steps() {
        return root.resolve("steps");
    }

    /** What was pruned and is still to be deleted. */
    Path trash() {
        return root.resolve("trash");
    }

    /** Keys, links and digests of files. */
    Path keys() {
        return root.resolve("keys");
    }

    /** The file of all locks. */
    Path lock() {
        return root.resolve("lock");
    }

    /** Stands there while somebody decides what is to go. */
    Path pruning() {
        return root.resolve("pruning");
    }
}
