package dev.cachetool.content;

import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A blob on its way into a file, from where reading costs a transfer: what has arrived stays in a part file beside others,
 * under a name that its digest gives, so that a later run, of another process too, checks it and goes on behind it. The part
 * is locked while it is written. Not for several threads.
 */
public final class PartialFile implements Closeable {
    /** How the names of part files end. */
    public static final String SUFFIX = ".part";

    private static final int BUFFER = 1 << 17;

    private final Path part;
    private final FileChannel channel;
    private boolean done;

    private PartialFile(Path part, FileChannel channel) {
        this.part = part;
        this.channel = channel;
    }

    /**
     * Opens the part of a blob; empty where somebody else is writing it.
     *
     * @param folder holds the parts; made if need be
     * @throws IOException if it cannot be opened
     */
    public static Optional<PartialFile> open(Path folder, Descriptor blob) throws IOException {
        Files.createDirectories(folder);
        Path part = pathOf(folder, blob);
        FileChannel channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean own = false;
        try {
            FileLock lock = tryLock(channel);
            // Who held the lock before may have moved the file away in the meantime.
            own = lock != null && isSame(part, channel);
        } finally {
            if (!own) {
                channel.close();
            }
        }
        return own ? Optional.of(new PartialFile(part, channel)) : Optional.empty();
    }

    /** Where the part of a blob lies. */
    static Path pathOf(Path folder, Descriptor blob) {
        return folder.resolve(blob.digest().toString().replace(':', '-') + SUFFIX);
    }

    private static boolean isSame(Path part, FileChannel channel) throws IOException {
        try {
            return Files.size(part) == channel.size();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /**
     * Reads what is missing of the blob. What was there and turns out wrong is thrown away, and all of it read.
     *
     * @throws DigestMismatchException if the bytes are not those of the descriptor; nothing of them is kept
     * @throws IOException if it cannot be read or written; what has arrived is kept
     */
    public void fill(Blob blob) throws IOException {
        long had = Math.min(channel.size(), blob.descriptor().size());
        try {
            fill(blob, had);
        } catch (DigestMismatchException e) {
            channel.truncate(0);
            if (had == 0) {
                throw e;
            }
            fillFromStart(blob);
        }
    }

    private void fillFromStart(Blob blob) throws IOException {
        try {
            fill(blob, 0);
        } catch (DigestMismatchException e) {
            channel.truncate(0);
            throw e;
        }
    }

    private void fill(Blob blob, long had) throws IOException {
        channel.truncate(had);
        channel.position(0);
        Descriptor descriptor = blob.descriptor();
        byte[] buffer = new byte[BUFFER];
        long at = 0;
        try (InputStream all = new VerifyingInputStream(
                new Joined(Channels.newInputStream(channel), had, blob), descriptor.digest(), descriptor.size())) {
            for (int n = all.read(buffer); n >= 0; n = all.read(buffer)) {
                if (at >= had) {
                    write(buffer, n, at);
                }
                at += n;
            }
        }
    }

    private void write(byte[] buffer, int length, long at) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
        while (bytes.hasRemaining()) {
            channel.write(bytes, at + bytes.position());
        }
    }

    /** What is in the part, and then the rest of the blob, which is opened only when there is one; no reading has both. */
    private static final class Joined extends InputStream {
        private final InputStream part;
        private final Blob blob;
        private final long had;
        private long left;
        private InputStream rest = InputStream.nullInputStream();
        private boolean opened;

        Joined(InputStream part, long had, Blob blob) {
            this.part = part;
            this.had = had;
            this.left = had;
            this.blob = blob;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left > 0) {
                int n = part.read(buffer, offset, (int) Math.min(length, left));
                left -= Math.max(n, 0);
                return n;
            }
            if (!opened) {
                if (had > 0 && had == blob.descriptor().size()) {
                    return -1;
                }
                // All of it is checked together, once.
                rest = blob.openAt(had);
                opened = true;
            }
            return rest.read(buffer, offset, length);
        }

        @Override
        public void close() throws IOException {
            rest.close();
        }
    }

    /**
     * Syncs what has arrived and makes it the destination, which must be on the same file system.
     *
     * @throws IOException if that fails; the destination is then what it was
     */
    public void commit(Path destination) throws IOException {
        channel.force(true);
        Files.move(part, destination, StandardCopyOption.ATOMIC_MOVE);
        done = true;
    }

    /** Lets go of the part, which stays for a later run, unless nothing has arrived. */
    @Override
    public void close() throws IOException {
        try {
            if (!done && channel.size() == 0) {
                Files.deleteIfExists(part);
            }
        } finally {
            channel.close();
        }
    }
}
