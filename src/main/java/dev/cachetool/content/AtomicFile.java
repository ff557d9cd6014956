package dev.cachetool.content;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file that appears whole or not at all: it is written under a temporary name beside its destination, synced, and then
 * renamed over whatever stands there. A kill at any moment leaves what was there, and at most the temporary file. Closing
 * it without {@link #commit} removes that; {@link #removeAbandoned} removes what a kill left. Not for several threads, but
 * that any may close it.
 */
public final class AtomicFile implements Closeable {
    /** How temporary names end; they begin with a dot. */
    public static final String SUFFIX = ".cachetool-tmp";

    private static final int LONGEST_PART = 100;
    /** What nobody has written to for so long was left by a process that is no more. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path destination;
    private final Path temporary;
    private final FileChannel channel;
    private final OutputStream stream;
    private volatile boolean done;

    private AtomicFile(Path destination, Path temporary, FileChannel channel) {
        this.destination = destination;
        this.temporary = temporary;
        this.channel = channel;
        this.stream = new NamedOutputStream(destination, Channels.newOutputStream(channel));
    }

    /**
     * Begins a file; its folder must be there. Where the destination is a symbolic link, the file that it leads to is
     * replaced, not the link.
     *
     * @throws IOException if the temporary file cannot be made, or the destination is there and {@link #isSpecial}; names
     *     the destination
     */
    public static AtomicFile create(Path destination) throws IOException {
        if (isSpecial(destination)) {
            throw new FileSystemException(destination.toString(), null, "it is no regular file, and stays what it is");
        }
        Path real =
                Files.isSymbolicLink(destination) && Files.exists(destination) ? destination.toRealPath() : destination;
        Path temporary = temporaryBeside(real);
        try {
            FileChannel channel = FileChannel.open(
                    temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
            return new AtomicFile(real, temporary, channel);
        } catch (FileSystemException e) {
            throw FileFailure.creating(destination, e);
        }
    }

    /** Whether a device, a pipe or a socket is there, which nothing may be put in place of. */
    public static boolean isSpecial(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
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

    /**
     * Copies the first bytes of another file to the end of this one, by the system's fastest way.
     *
     * @throws IOException if there are fewer bytes, or this file cannot be written
     */
    public void transferFrom(FileChannel from, long size) throws IOException {
        try {
            for (long at = 0; at < size; ) {
                long moved = from.transferTo(at, size - at, channel);
                if (moved <= 0) {
                    throw new EOFException("a file became shorter while it was copied to " + destination);
                }
                at += moved;
            }
        } catch (IOException e) {
            throw FileFailure.of(destination, e);
        }
    }

    /**
     * Syncs what was written and makes it the destination. {@link #syncDirectory} of its folder makes that outlast a
     * power failure.
     *
     * @throws IOException if that fails; the destination is then what it was
     */
    public void commit() throws IOException {
        try {
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            throw FileFailure.of(destination, e);
        }
        try {
            Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("could not rename " + temporary + " to " + destination, e);
        } catch (FileSystemException e) {
            throw FileFailure.creating(destination, e);
        }
        done = true;
    }

    /**
     * Removes temporary files that processes left which were killed: what nobody has written to for a day.
     *
     * @param folder where they lie; nothing is done where it is not there
     * @param destination the name of the file that they were to become; empty for any
     * @throws IOException if the folder cannot be read, or one not be removed
     */
    public static void removeAbandoned(Path folder, String destination) throws IOException {
        String prefix = destination.isEmpty() ? "." : "." + destination + ".";
        Instant abandoned = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                String name = Objects.requireNonNull(child.getFileName()).toString();
                if (name.startsWith(prefix)
                        && name.endsWith(SUFFIX)
                        && Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(child, LinkOption.NOFOLLOW_LINKS)
                                .toInstant()
                                .isBefore(abandoned)) {
                    Files.deleteIfExists(child);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // No folder, or a file that another process removed first.
            return;
        }
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
