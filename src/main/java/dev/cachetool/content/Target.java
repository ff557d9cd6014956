package dev.cachetool.content;

import java.io.IOException;

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
     * Makes a manifest available by its digest, as the child of one that will have a tag.
     *
     * @throws IOException if it cannot be written
     */
    default void publish(Manifest manifest) throws IOException {
        ingest(Blob.of(manifest.mediaType(), manifest.bytes()));
    }
}
