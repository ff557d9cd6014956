package dev.cachetool.step;

import dev.cachetool.content.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Copies the content of files. Large ones share their bytes with the copy where the file system can do that, which the
 * JDK cannot: by {@code cp --reflink}, until it first says that it cannot.
 */
final class FileCopy {
    /** From so many bytes on, a process costs less than copying. */
    static final long LARGE = 4 << 20;

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> WRITE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /** Whether the file systems of two folders share bytes, as far as that was tried. */
    private static final Map<List<FileStore>, Boolean> SHARING = new HashMap<>();

    private FileCopy() {}

    /** Takes what is copied. */
    @FunctionalInterface
    interface Bytes {
        /** Takes what is between position and limit, and may move the position. */
        void take(ByteBuffer bytes);
    }

    /**
     * Copies a file to where none is.
     *
     * @param buffer for whatever is in it
     * @param bytes takes the content as it is copied
     * @throws IOException if it is a link, cannot be read, or the copy not be written
     */
    static void copy(Path from, Path to, ByteBuffer buffer, Bytes bytes) throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(from, READ);
                SeekableByteChannel out = Files.newByteChannel(to, WRITE)) {
            buffer.clear();
            while (in.read(buffer) >= 0) {
                buffer.flip();
                bytes.take(buffer);
                buffer.rewind();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                buffer.clear();
            }
        }
    }

    /**
     * Copies a file to where none is, by sharing its bytes.
     *
     * @param size of the file
     * @return whether that was done; if not, nothing was
     * @throws IOException if the file systems cannot be looked at
     */
    static boolean share(Path from, Path to, long size) throws IOException {
        if (size < LARGE || !isAscii(from) || !isAscii(to)) {
            return false;
        }
        List<FileStore> stores =
                List.of(Files.getFileStore(from), Files.getFileStore(Objects.requireNonNull(to.getParent())));
        synchronized (SHARING) {
            if (!SHARING.getOrDefault(stores, true)) {
                return false;
            }
        }
        Optional<String> cp = Wrappers.program("cp");
        boolean shared = cp.isPresent()
                && Wrappers.tries(List.of(
                                cp.get(), "--reflink=always", "--no-dereference", "--", from.toString(), to.toString()))
                        .isEmpty();
        if (!shared) {
            Files.deleteIfExists(to);
            synchronized (SHARING) {
                SHARING.put(stores, false);
            }
        }
        return shared;
    }

    /** Whether the arguments of a process can name the path in every locale. */
    private static boolean isAscii(Path path) {
        return FileNames.encode(path.toString()).length == path.toString().length();
    }
}
