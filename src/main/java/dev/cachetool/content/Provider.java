package dev.cachetool.content;

import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;

/** Opens blobs. Safe for several threads. */
public interface Provider {
    /**
     * Opens the blob for one reading, from its beginning. The stream checks digest and size while it is read: its end is
     * only seen when both were right, else it throws a {@link dev.cachetool.digest.DigestMismatchException}. The caller
     * closes it.
     *
     * @throws BlobNotFoundException if the blob is not there
     * @throws IOException if it cannot be read
     */
    InputStream open(Descriptor blob) throws IOException;

    /**
     * Whether the blob is there, as far as can be told without reading it.
     *
     * @throws IOException if that cannot be found out
     */
    boolean contains(Descriptor blob) throws IOException;

    /**
     * How many bytes the blob has where it lies, as far as that can be told without reading it; empty where it is not there.
     *
     * @throws IOException if that cannot be found out
     */
    default OptionalLong sizeOf(Descriptor blob) throws IOException {
        return contains(blob) ? OptionalLong.of(blob.size()) : OptionalLong.empty();
    }

    /**
     * Whether the blob is there with the bytes of its digest: reads all of it.
     *
     * @throws IOException if it cannot be read
     */
    default boolean isWhole(Descriptor blob) throws IOException {
        if (!contains(blob)) {
            return false;
        }
        try (InputStream in = open(blob)) {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (BlobNotFoundException | DigestMismatchException e) {
            return false;
        }
    }

    /**
     * Reads the whole blob into memory, checked.
     *
     * @param limit the most bytes that it may have
     * @throws BlobTooLargeException if its descriptor says more than the limit
     * @throws BlobNotFoundException if the blob is not there
     * @throws IOException if it cannot be read
     */
    default byte[] readAll(Descriptor blob, long limit) throws IOException {
        if (blob.size() > limit) {
            throw new BlobTooLargeException(blob.digest(), blob.size(), limit);
        }
        try (InputStream in = open(blob)) {
            return in.readAllBytes();
        }
    }

    /** The blob of the descriptor here, to be opened as often as it is needed. */
    default Blob blob(Descriptor blob) {
        return Blob.in(this, blob);
    }
}
