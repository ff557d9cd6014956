package dev.cachetool.content;

import java.io.IOException;

/** Takes blobs. Safe for several threads. */
public interface Ingester {
    /** What became of a blob that was handed over. */
    enum Ingested {
        /** It was there already. */
        EXISTS,
        /** Its bytes were written or sent. */
        WRITTEN,
        /** The place took it over from another of its parts; no byte was sent. */
        MOUNTED
    }

    /**
     * Takes a blob: afterwards it is there whole, or, after an exception, not at all. Bytes are checked on the way.
     *
     * @throws dev.cachetool.digest.DigestMismatchException if the bytes are not those of the descriptor
     * @throws IOException if it cannot be read or written
     */
    Ingested ingest(Blob blob) throws IOException;
}
