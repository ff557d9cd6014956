package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.Optional;

/**
 * A place that caches are written to. Write blobs first and the tag last. Closing it without a tag written leaves the
 * place as a reader saw it before.
 */
public interface Target extends Source, Ingester, Tagger {
    /**
     * What would become of a blob if it were handed over now: asks, and moves nothing. A place that would be asked to take
     * it over from another of its parts may still refuse when it comes to that.
     *
     * @throws IOException if the place does not say
     */
    default Ingested foresee(Blob blob) throws IOException {
        return contains(blob.descriptor()) ? Ingested.EXISTS : Ingested.WRITTEN;
    }

    /**
     * Lets go of a blob whose bytes are damaged, so that it can be brought again.
     *
     * @throws IOException if the place replaces nothing that it has, or it cannot be written
     */
    default void discard(Descriptor blob) throws IOException {
        throw new DamagedDataException(
                name() + " has other bytes than " + blob.digest()
                        + " says, and replaces nothing that it has\nremove the blob from its storage, then copy again",
                null);
    }

    /**
     * Makes a manifest available by its digest, as the child of one that will have a tag.
     *
     * @throws IOException if it cannot be written
     */
    default void publish(Manifest manifest) throws IOException {
        ingest(Blob.of(manifest.mediaType(), manifest.bytes()));
    }

    /**
     * The digest of the manifest that the tag names; empty where there is no such tag, and where the manifest is damaged and
     * so only good for being replaced.
     *
     * @throws IOException if the place cannot be asked
     */
    default Optional<Digest> standing(String tag) throws IOException {
        try {
            return digestOf(tag);
        } catch (BlobNotFoundException | BlobTooLargeException | DigestMismatchException | JsonException e) {
            return Optional.empty();
        }
    }

    /**
     * Waits, after the tag was written under a condition, until nobody who looked at it before can write it any more; ends
     * early when another manifest is there. A place that compares and writes at once does not wait.
     *
     * @param manifest the digest that the tag named last
     * @return what it names then, as {@link #standing}
     * @throws IOException if the place cannot be asked, or the thread was interrupted
     */
    default Optional<Digest> settled(String tag, Digest manifest) throws IOException {
        return standing(tag);
    }
}
