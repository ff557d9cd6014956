package dev.cachetool.content;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.digest.DigestingInputStream;
import dev.cachetool.oci.Descriptor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Reads the blob of a layer from its beginning to its end: checked, decompressed, as the tar that it is. */
final class LayerArchive {
    /** Blobs up to this size are read without threads of their own. */
    private static final int SMALL = 256 * 1024;

    private LayerArchive() {}

    /** Takes the entries of a layer. */
    @FunctionalInterface
    interface Reading {
        void of(LayerEntries entries) throws IOException;
    }

    /**
     * Reads the layer.
     *
     * @return the digest of its tar, whatever the descriptor says
     * @throws BadLayerException if its bytes are no layer
     * @throws DigestMismatchException if its bytes are not those of its descriptor
     * @throws BlobNotFoundException if it is not there
     * @throws IOException if it cannot be read, or what the reading throws
     */
    static DiffId read(Provider provider, Descriptor layer, Reading reading) throws IOException {
        try (InputStream blob = provider.open(layer);
                InputStream ahead = layer.size() <= SMALL
                        ? new BufferedInputStream(blob, SMALL)
                        : new ReadAheadInputStream(blob, "layer blob");
                InputStream archive = Compression.decompressAny(ahead);
                InputStream decompressed =
                        layer.size() <= SMALL ? archive : new ReadAheadInputStream(archive, "layer decompression");
                DigestingInputStream digesting = new DigestingInputStream(decompressed, Algorithm.SHA256);
                InputStream buffered = layer.size() <= SMALL
                        ? new BufferedInputStream(digesting, SMALL)
                        : new ReadAheadInputStream(digesting, "layer digest")) {
            TarReader reader = new TarReader(buffered);
            reading.of(reader);
            reader.drain();
            return new DiffId(digesting.digest());
        } catch (BadTarException | DamagedDataException e) {
            throw because(provider, layer, e);
        }
    }

    /** What is wrong with a blob that cannot be unpacked: other bytes than its digest says, or else what was found. */
    private static IOException because(Provider provider, Descriptor layer, IOException found) throws IOException {
        try (InputStream blob = provider.open(layer)) {
            blob.transferTo(OutputStream.nullOutputStream());
        } catch (DigestMismatchException e) {
            e.addSuppressed(found);
            return e;
        }
        return new BadLayerException(layer.digest(), found);
    }
}
