package dev.cachetool.content;

import java.io.IOException;

/**
 * A place that caches are written to. Write blobs first and the tag last. Closing it without a tag written leaves the
 * place as a reader saw it before.
 */
public interface Target extends Source, Ingester, Tagger {
    /**
     * Makes a manifest available by its digest, as the child of one that will have a tag.
     *
     * @throws IOException if it cannot be written
     */
    default void publish(Manifest manifest) throws IOException {
        ingest(Blob.of(manifest.mediaType(), manifest.bytes()));
    }
}
