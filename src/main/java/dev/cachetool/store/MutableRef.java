package dev.cachetool.store;

import dev.cachetool.content.FileTree;
import dev.cachetool.content.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A folder that is being filled, in the file system of the store. Used by one thread at a time. */
public final class MutableRef implements Ref {
    private static final int WRITE_BITS = 0222;
    private static final int MODE_BITS = 07777;

    private final Refs refs;
    private final String id = UniqueNames.next();
    private final String description;
    private final Path scratch;
    private final Instant created = Instant.now();
    private boolean done;

    MutableRef(Refs refs, String description, Path scratch) throws IOException {
        this.refs = refs;
        this.description = description;
        this.scratch = scratch;
        Files.createDirectory(folder());
    }

    @Override
    public String id() {
        return id;
    }

    /** Where to put files, paths being those of the workspace. */
    public Path folder() {
        return scratch.resolve(Snapshot.FILES);
    }

    /** Nothing is known before it is committed. */
    @Override
    public long size() {
        return 0;
    }

    @Override
    public RefMetadata metadata() {
        return RefMetadata.of(description, created);
    }

    /**
     * Makes what is in the folder a result of its own; the folder is the store's then, and this ref released. Nothing that
     * was committed can be seen half: after a crash it is there with all its files, or not at all. Set-uid and set-gid bits
     * are taken away, and what is neither file, folder nor link is removed.
     *
     * @param tree what is in the folder; entries without digest are read
     * @param metadata what is known about it
     * @return the result, held by the caller
     * @throws IOException if it cannot be kept, or is not what the tree says; this ref is released all the same
     */
    public LocalImmutableRef commit(FileTree tree, RefMetadata metadata) throws IOException {
        requireOpen();
        boolean held = false;
        try {
            Inventory.Taken taken = Inventory.take(folder(), tree);
            Snapshot.write(
                    scratch,
                    taken.tree(),
                    new RefNotes(
                            metadata.description(),
                            metadata.createdAt(),
                            metadata.milliseconds(),
                            taken.bytes(),
                            List.of()));
            refs.hold(id);
            held = true;
            Snapshot snapshot = refs.publish(scratch, id);
            done = true;
            return new LocalImmutableRef(refs, snapshot);
        } finally {
            if (!done) {
                if (held) {
                    refs.release(id);
                }
                release();
            }
        }
    }

    /**
     * Takes away the owner's right to write into the folder and everything in it, so that nobody does by mistake, until it
     * is committed, which gives everything the mode of its tree.
     *
     * @throws IOException if a mode cannot be changed
     */
    public void freeze() throws IOException {
        requireOpen();
        Deque<Path> open = new ArrayDeque<>(List.of(folder()));
        List<Path> folders = new ArrayList<>();
        while (!open.isEmpty()) {
            Path path = open.pop();
            folders.add(path);
            try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
                for (Path child : children) {
                    if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                        open.push(child);
                    } else if (Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
                        takeWriting(child);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        for (Path path : folders) {
            takeWriting(path);
        }
    }

    private static void takeWriting(Path path) throws IOException {
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & MODE_BITS;
        if ((mode & WRITE_BITS) != 0) {
            Files.setAttribute(path, "unix:mode", mode & ~WRITE_BITS);
        }
    }

    private void requireOpen() {
        if (done) {
            throw new IllegalStateException("ref " + id + " was released");
        }
    }

    @Override
    public void release() {
        if (!done) {
            done = true;
            try {
                TemporaryDirectory.deleteTree(scratch);
            } catch (IOException e) {
                throw new UncheckedIOException("could not remove " + scratch, e);
            }
        }
    }
}
