package dev.cachetool.remotecache;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTransfer;
import dev.cachetool.content.IncompleteTransferException;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Target;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes a place let go of what of a cache is damaged there, so that publishing the cache brings it again: every blob and
 * manifest of it that is there is read.
 */
public final class CacheRepair {
    private final Target target;

    public CacheRepair(Target target) {
        this.target = target;
    }

    /** Whether a blob is there, and has other bytes than its digest says. */
    public boolean isDamaged(Descriptor blob) throws IOException {
        return target.contains(blob) && !target.isWhole(blob);
    }

    /**
     * Reads what of the cache is there.
     *
     * @param damaged is told of every blob and manifest that the place has let go of, from any thread
     * @throws IOException if something cannot be read, or the place replaces nothing that it has
     */
    public void run(CacheContents contents, Consumer<Descriptor> damaged) throws IOException, InterruptedException {
        List<Blob> blobs = new ArrayList<>(contents.layers());
        blobs.addAll(contents.documents());
        try {
            new BlobTransfer(Delivery.THREADS)
                    .run(
                            blobs,
                            blob -> {
                                discardIfDamaged(blob.descriptor(), damaged);
                                return Ingested.EXISTS;
                            },
                            (blob, ingested) -> {});
        } catch (IncompleteTransferException e) {
            // Nothing was transferred: how far that came is of no use.
            throw e.failure();
        }
        for (Manifest child : contents.children()) {
            discardIfDamaged(child, damaged);
        }
        discardIfDamaged(contents.manifest(), damaged);
    }

    private void discardIfDamaged(Descriptor blob, Consumer<Descriptor> damaged) throws IOException {
        if (isDamaged(blob)) {
            discard(blob, damaged);
        }
    }

    private void discardIfDamaged(Manifest manifest, Consumer<Descriptor> damaged) throws IOException {
        try {
            target.resolve(manifest.digest());
        } catch (DigestMismatchException | JsonException e) {
            discard(manifest.descriptor(), damaged);
        } catch (BlobNotFoundException e) {
            // It is written where it is not there.
        }
    }

    private void discard(Descriptor blob, Consumer<Descriptor> damaged) throws IOException {
        target.discard(blob);
        damaged.accept(blob);
    }
}
