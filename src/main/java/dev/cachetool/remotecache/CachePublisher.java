package dev.cachetool.remotecache;

import dev.cachetool.content.BlobTransfer;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.util.Optional;

/**
 * Brings a cache to a place: layers first, several at once, then documents, then the manifest at its tag, so that a reader
 * never sees half a cache. Nothing is written twice, and where all is there already nothing is written at all. What stands at
 * the tag is replaced; {@link MergingPublisher} keeps it.
 */
public final class CachePublisher {
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
     * @param contents what was published; empty where nothing was
     * @param bytesWritten how many bytes of blobs were written or sent
     * @param other another client's manifest that the tag named afterwards
     * @param union of what the tag names now, where that was made with what stood there
     */
    public record Published(
            Outcome outcome,
            Optional<Digest> manifest,
            Optional<CacheContents> contents,
            long bytesWritten,
            Optional<Digest> other,
            Optional<Union> union) {
        /** Of a cache that has no layer. */
        public static final Published NOTHING = new Published(
                Outcome.NOTHING, Optional.empty(), Optional.empty(), 0, Optional.empty(), Optional.empty());
    }

    /**
     * What came of merging.
     *
     * @param with what stood there
     * @param chains the records of both
     */
    public record Union(Digest with, NormalizedChains chains) {}

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
        Optional<Digest> before = target.standing(tag);
        Delivery delivery = new Delivery(target, listener);
        delivery.bring(contents);
        if (before.equals(Optional.of(manifest.digest())) && !delivery.anyWritten() && delivery.hasChildren(contents)) {
            return published(Outcome.UNCHANGED, contents, delivery, Optional.empty());
        }
        delivery.publishChildren(contents);
        if (failOnConflict) {
            Optional<Digest> now = target.standing(tag);
            if (!now.equals(before)) {
                throw TagConflictException.meanwhile(target.name(), tag, now);
            }
        }
        target.tag(tag, manifest);
        Optional<Digest> other = target.standing(tag).filter(now -> !now.equals(manifest.digest()));
        if (failOnConflict && other.isPresent()) {
            throw TagConflictException.meanwhile(target.name(), tag, other);
        }
        return published(Outcome.WRITTEN, contents, delivery, other);
    }

    /**
     * Publishes the cache in place of one manifest.
     *
     * @param before the digest of the manifest that the tag has to name
     * @param listener is told of every layer that is there, from any thread
     * @return empty where the tag names another one: then it stays what it is
     * @throws IOException if a blob cannot be read or the target cannot be written; the tag is then what it was
     */
    public static Optional<Published> replace(
            Digest before, CacheContents contents, Target target, String tag, BlobTransfer.Listener listener)
            throws IOException, InterruptedException {
        Delivery delivery = new Delivery(target, listener);
        delivery.bring(contents);
        delivery.publishChildren(contents);
        return target.tagIf(tag, contents.manifest(), Optional.of(before))
                ? Optional.of(published(Outcome.WRITTEN, contents, delivery, Optional.empty()))
                : Optional.empty();
    }

    private static Published published(
            Outcome outcome, CacheContents contents, Delivery delivery, Optional<Digest> other) {
        return new Published(
                outcome,
                Optional.of(contents.manifest().digest()),
                Optional.of(contents),
                delivery.bytes(),
                other,
                Optional.empty());
    }
}
