package dev.cachetool.content;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file that appears whole or not at all: it is written under a temporary name beside its destination, synced, and then
 * renamed over whatever stands there. A kill at any moment leaves what was there, and at most the temporary file. Closing
 * it without {@link #commit} removes that. Not for several threads.
 */
public final class AtomicFile implements Closeable {
    /** How temporary names end; they begin with a dot. */
    public static final String SUFFIX = ".cachetool-tmp";

    private static final int LONGEST_PART = 100;

    private final Path destination;
    private final Path temporary;
    private final FileChannel channel;
    private final OutputStream stream;
    private boolean done;

    private AtomicFile(Path destination, Path temporary, FileChannel channel) {
        this.destination = destination;
        this.temporary = temporary;
        this.channel = channel;
        this.stream = Channels.newOutputStream(channel);
    }

    /**
     * Begins a file; its folder must be there. Where the destination is a symbolic link, the file that it leads to is
     * replaced, not the link.
     *
     * @throws IOException if the temporary file cannot be made
     */
    public static AtomicFile create(Path destination) throws IOException {
        Path real =
                Files.isSymbolicLink(destination) && Files.exists(destination) ? destination.toRealPath() : destination;
        Path temporary = temporaryBeside(real);
        FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
        return new AtomicFile(real, temporary, channel);
    }

    /** Writes a whole file at once. */
    public static void write(Path destination, byte[] bytes) throws IOException {
        try (AtomicFile file = create(destination)) {
            file.stream().write(bytes);
            file.commit();
        }
        syncDirectory(destination.toAbsolutePath().getParent());
    }

    /** A name that is not taken, in the same folder. */
    static Path temporaryBeside(Path destination) {
        Path last = destination.getFileName();
        String name = last == null ? "" : last.toString();
        if (name.length() > LONGEST_PART || !FileNames.isAscii(name)) {
            name = "file";
        }
        String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
        return destination.resolveSibling("." + name + "." + random + SUFFIX);
    }

    /** Where to write to; not buffered. */
    public OutputStream stream() {
        return stream;
    }

    /** The open temporary file, to be read and written. */
    public FileChannel channel() {
        return channel;
    }

    /**
     * Syncs what was written and makes it the destination. {@link #syncDirectory} of its folder makes that outlast a
     * power failure.
     *
     * @throws IOException if that fails; the destination is then what it was
     */
    public void commit() throws IOException {
        channel.force(true);
        channel.close();
        try {
            Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("could not rename " + temporary + " to " + destination, e);
        }
        done = true;
    }

    /** Makes renames in the folder outlast a power failure, where the file system can do that. */
    public static void syncDirectory(@Nullable Path directory) throws IOException {
        if (directory == null || directory.getFileSystem() != FileSystems.getDefault()) {
            return;
        }
        try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
            open.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        if (!done) {
            done = true;
            try {
                channel.close();
            } finally {
                Files.deleteIfExists(temporary);
            }
        }
    }
}
