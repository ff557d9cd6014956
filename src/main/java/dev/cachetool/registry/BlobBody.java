package dev.cachetool.registry;

import dev.cachetool.content.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * A blob, or the rest of it, as the body of a request. It is written once: whether it is sent again is for the upload to
 * say, which asks the registry first how much has arrived.
 */
final class BlobBody extends RequestBody {
    private static final MediaType TYPE = MediaType.get("application/octet-stream");
    private static final int BUFFER = 1 << 17;
    /** Small enough that a slow connection moves one before it counts as stalled. */
    private static final long CHUNK = 1L << 18;

    private final Blob blob;
    private final long offset;
    private final boolean checked;
    private final SentBytes sent;
    private StallWatch.@Nullable Watched watched;
    private @Nullable IOException sourceFailure;

    /** Is told how many bytes went out. */
    @FunctionalInterface
    interface SentBytes {
        void sent(long bytes);
    }

    /**
     * @param checked whether the bytes are checked on the way out, where they need not be
     */
    BlobBody(Blob blob, long offset, boolean checked, SentBytes sent) {
        this.blob = blob;
        this.offset = offset;
        this.checked = checked;
        this.sent = sent;
    }

    void watchedBy(StallWatch.Watched by) {
        this.watched = by;
    }

    /** Why the blob could not be read; empty where it could. */
    Optional<IOException> sourceFailure() {
        return Optional.ofNullable(sourceFailure);
    }

    /** The plain file with the blob's bytes, if there is one that may be sent as it is. */
    Optional<Path> file() {
        return checked ? Optional.empty() : blob.file();
    }

    @Override
    public MediaType contentType() {
        return TYPE;
    }

    @Override
    public long contentLength() {
        return blob.descriptor().size() - offset;
    }

    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = open()) {
            for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                sink.write(buffer, 0, n);
                moved(n);
            }
        }
    }

    private InputStream open() throws IOException {
        try {
            return offset == 0 ? blob.open() : blob.openAt(offset);
        } catch (IOException e) {
            sourceFailure = e;
            throw e;
        }
    }

    private int read(InputStream in, byte[] buffer) throws IOException {
        StallWatch.Watched by = watched;
        try {
            if (by != null) {
                by.idle();
            }
            int n = in.read(buffer, 0, buffer.length);
            if (by != null) {
                by.progressed();
            }
            return n;
        } catch (IOException e) {
            sourceFailure = e;
            throw e;
        }
    }

    /**
     * Writes the file's bytes without taking them through this process (sendfile). They are not checked here: the registry
     * digests what arrives, and refuses what is not the blob.
     */
    void transferTo(Path file, WritableByteChannel to) throws IOException {
        long size = blob.descriptor().size();
        try (FileChannel from = openFile(file)) {
            for (long at = offset; at < size; ) {
                long n = from.transferTo(at, Math.min(CHUNK, size - at), to);
                if (n <= 0) {
                    sourceFailure = new IOException(file + " became shorter while it was read");
                    throw sourceFailure;
                }
                at += n;
                moved(n);
            }
        }
    }

    private FileChannel openFile(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            sourceFailure = e;
            throw e;
        }
    }

    private void moved(long bytes) {
        if (watched != null) {
            watched.progressed();
        }
        sent.sent(bytes);
    }
}
