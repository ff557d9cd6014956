package dev.cachetool.store;

import dev.cachetool.content.AtomicFile;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import java.io.File;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folder of a ref: its file tree, and what is noted of it. What is noted is read when it is asked for. */
final class Snapshot {
    /** The file tree. */
    static final String FILES = "fs";
    /** The noted tree. */
    static final String TREE = "tree";
    /** What the step printed. */
    static final String PRINTED = "printed";

    private static final byte[] NOTHING = {};
    /** In milliseconds. */
    private static final long GRAIN = 60_000;

    private final String id;
    private final File folder;
    private final long used;
    private @Nullable RefNotes notes;
    private SoftReference<FileTree> tree = new SoftReference<>(null);

    private Snapshot(String id, File folder, long used) {
        this.id = id;
        this.folder = folder;
        this.used = used;
    }

    /**
     * The snapshot of a ref that the caller holds, and which is used now; empty where there is none.
     *
     * @param refs the folder of all refs
     */
    static Optional<Snapshot> find(File refs, String id) {
        // A file of java.io costs a third of one of java.nio, and this is asked for every ref that is used.
        File file = new File(refs, id);
        long used = file.lastModified();
        if (used == 0) {
            return Optional.empty();
        }
        long now = System.currentTimeMillis();
        // Where that fails, as on a file system that is read-only, the ref only looks older than it is.
        boolean noted = Math.abs(now - used) < GRAIN || file.setLastModified(now);
        return Optional.of(new Snapshot(id, file, noted ? now : used));
    }

    /** Writes what is noted of a tree beside its files, in the folder that is to become the ref. */
    static void write(Path scratch, FileTree tree, RefNotes notes) throws IOException {
        Files.write(scratch.resolve(TREE), TreeFile.bytes(tree));
        Files.write(scratch.resolve(RefNotes.FILE), notes.toBytes());
    }

    /** The id of its ref. */
    String id() {
        return id;
    }

    private Path folder() {
        return folder.toPath();
    }

    /** The folder that holds the tree. */
    Path files() {
        return folder().resolve(FILES);
    }

    /** What stands beside its files. */
    synchronized RefNotes notes() throws IOException {
        RefNotes known = notes;
        if (known == null) {
            known = RefNotes.read(folder());
            notes = known;
        }
        return known;
    }

    /** The same, as another process may have changed it. */
    synchronized RefNotes reread() throws IOException {
        notes = null;
        return notes();
    }

    /** The noted tree. */
    synchronized FileTree tree() throws IOException {
        FileTree known = tree.get();
        if (known == null) {
            known = TreeFile.read(folder().resolve(TREE));
            tree = new SoftReference<>(known);
        }
        return known;
    }

    /** When it was last held, to the minute. */
    Instant lastUsed() {
        return Instant.ofEpochMilli(used);
    }

    /** Writes its files, and what is noted, through to the disk. */
    void sync() throws IOException {
        for (TreeEntry entry : tree().entries()) {
            if (entry.type() != EntryType.SYMLINK) {
                sync(FileNames.resolve(files(), entry.path()));
            }
        }
        for (String name : new String[] {FILES, TREE, RefNotes.FILE, ""}) {
            sync(folder().resolve(name));
        }
        AtomicFile.syncDirectory(folder().getParent());
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
            open.force(true);
        }
    }

    /** What the step printed; empty where nothing was kept. */
    byte[] printed() throws IOException {
        try {
            return Files.readAllBytes(folder().resolve(PRINTED));
        } catch (NoSuchFileException e) {
            return NOTHING;
        }
    }

    void keepPrinted(byte[] printed) throws IOException {
        replace(PRINTED, printed);
    }

    /** Notes one more stack of layers; the caller sees to it that no other process does so at the same time. */
    synchronized void keepNotes(RefNotes changed) throws IOException {
        replace(RefNotes.FILE, changed.toBytes());
        notes = changed;
    }

    private void replace(String name, byte[] bytes) throws IOException {
        Path begun = folder().resolve(name + "." + UniqueNames.next());
        try {
            Files.write(begun, bytes);
            Files.move(begun, folder().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(begun);
        }
    }
}
