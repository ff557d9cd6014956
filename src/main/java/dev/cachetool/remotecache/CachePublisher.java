package dev.cachetool.remotecache;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.content.BlobTransfer;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.json.JsonException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings a cache to a place: layers first, several at once, then documents, then the manifest at its tag, so that a reader
 * never sees half a cache. Nothing is written twice, and where all is there already nothing is written at all.
 */
public final class CachePublisher {
    /** How many layers are on their way at once. */
    private static final int THREADS = 4;

    private final boolean failOnConflict;

    /**
     * @param failOnConflict whether it is an error that the tag is not what it was in the beginning; else it is told
     */
    public CachePublisher(boolean failOnConflict) {
        this.failOnConflict = failOnConflict;
    }

    /** What became of the tag. */
    public enum Outcome {
        /** The tag names the cache now. */
        WRITTEN,
        /** The tag named this very cache already. */
        UNCHANGED,
        /** The cache has no layer, so that nothing was published and the tag is what it was. */
        NOTHING
    }

    /**
     * What was published.
     *
     * @param manifest the digest of the manifest; empty where nothing was published
     * @param bytesWritten how many bytes of blobs were written or sent
     * @param other another client's manifest that the tag named afterwards
     */
    public record Published(Outcome outcome, Optional<Digest> manifest, long bytesWritten, Optional<Digest> other) {
        /** Of a cache that has no layer. */
        public static final Published NOTHING = new Published(Outcome.NOTHING, Optional.empty(), 0, Optional.empty());
    }

    /**
     * Publishes the cache.
     *
     * @param listener is told of every layer that is there, from any thread
     * @throws TagConflictException if another client wrote the tag in the meantime, and that is an error
     * @throws IOException if a blob cannot be read or the target cannot be written; the tag is then what it was
     */
    public Published publish(CacheContents contents, Target target, String tag, BlobTransfer.Listener listener)
            throws IOException, InterruptedException {
        if (contents.layers().isEmpty()) {
            return Published.NOTHING;
        }
        Manifest manifest = contents.manifest();
        Optional<Digest> before = standing(target, tag);
        AtomicLong bytes = new AtomicLong();
        AtomicBoolean anyWritten = new AtomicBoolean();
        BlobTransfer.Listener counting = (blob, ingested) -> {
            if (ingested == Ingested.WRITTEN) {
                bytes.addAndGet(blob.size());
            }
            if (ingested != Ingested.EXISTS) {
                anyWritten.set(true);
            }
        };
        new BlobTransfer(THREADS).run(contents.layers(), target, (blob, ingested) -> {
            counting.done(blob, ingested);
            listener.done(blob, ingested);
        });
        for (Blob document : contents.documents()) {
            counting.done(document.descriptor(), target.ingest(document));
        }
        if (before.equals(Optional.of(manifest.digest())) && !anyWritten.get()) {
            return new Published(Outcome.UNCHANGED, Optional.of(manifest.digest()), 0, Optional.empty());
        }
        for (Manifest child : contents.children()) {
            target.publish(child);
        }
        if (failOnConflict) {
            Optional<Digest> now = standing(target, tag);
            if (!now.equals(before)) {
                throw new TagConflictException(target.name(), tag, now);
            }
        }
        target.tag(tag, manifest);
        Optional<Digest> other = standing(target, tag).filter(now -> !now.equals(manifest.digest()));
        if (failOnConflict && other.isPresent()) {
            throw new TagConflictException(target.name(), tag, other);
        }
        return new Published(Outcome.WRITTEN, Optional.of(manifest.digest()), bytes.get(), other);
    }

    /** What the tag names; empty as well where that is damaged, since it is to be replaced. */
    private static Optional<Digest> standing(Target target, String tag) throws IOException {
        try {
            return target.digestOf(tag);
        } catch (BlobNotFoundException | BlobTooLargeException | DigestMismatchException | JsonException e) {
            return Optional.empty();
        }
    }
}
