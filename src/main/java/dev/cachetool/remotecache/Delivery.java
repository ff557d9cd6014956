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
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Brings to a place all that a manifest there will name, and keeps account of it; several times, where caches grow. */
final class Delivery {
    /** How many layers are on their way at once. */
    static final int THREADS = 4;

    private final Target target;
    private final BlobTransfer.Listener listener;
    private final Set<Digest> told = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean anyWritten = new AtomicBoolean();

    /**
     * @param listener is told once of every layer that is there, from any thread
     */
    Delivery(Target target, BlobTransfer.Listener listener) {
        this.target = target;
        this.listener = listener;
    }

    /** Brings there what is not: layers first, then documents. */
    void bring(CacheContents contents) throws IOException, InterruptedException {
        new BlobTransfer(THREADS).run(contents.layers(), target, (blob, ingested) -> {
            count(blob, ingested);
            if (told.add(blob.digest())) {
                listener.done(blob, ingested);
            }
        });
        for (Blob document : contents.documents()) {
            count(document.descriptor(), target.ingest(document));
        }
    }

    /** Whether the manifests that the manifest lists are there, and whole. */
    boolean hasChildren(CacheContents contents) throws IOException {
        for (Manifest child : contents.children()) {
            if (!isThere(child, target)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a manifest is there, and whole. */
    private static boolean isThere(Manifest manifest, Target target) throws IOException {
        try {
            return target.resolve(manifest.digest()).isPresent();
        } catch (DigestMismatchException | BlobNotFoundException | BlobTooLargeException | JsonException e) {
            return false;
        }
    }

    /** Publishes the manifests that the manifest lists. */
    void publishChildren(CacheContents contents) throws IOException {
        for (Manifest child : contents.children()) {
            target.publish(child);
        }
    }

    private void count(Descriptor blob, Ingested ingested) {
        if (ingested == Ingested.WRITTEN) {
            bytes.addAndGet(blob.size());
        }
        if (ingested != Ingested.EXISTS) {
            anyWritten.set(true);
        }
    }

    /** How many bytes of blobs were written or sent. */
    long bytes() {
        return bytes.get();
    }

    /** Whether anything was not there. */
    boolean anyWritten() {
        return anyWritten.get();
    }
}
