package dev.cachetool.remotecache;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobTransfer;
import dev.cachetool.content.IncompleteTransferException;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.content.Target;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Makes a place let go of those layers of a cache that are damaged there, so that publishing the cache brings them again:
 * every layer that is there is read.
 */
public final class CacheRepair {
    private final Target target;

    public CacheRepair(Target target) {
        this.target = target;
    }

    /** Whether a layer is there, and has other bytes than its digest says. */
    public boolean isDamaged(Descriptor layer) throws IOException {
        return target.contains(layer) && !target.isWhole(layer);
    }

    /**
     * Reads the layers of the cache that are there.
     *
     * @param damaged is told of every layer that the place has let go of, from any thread
     * @throws IOException if a layer cannot be read, or the place replaces nothing that it has
     */
    public void run(CacheContents contents, Consumer<Descriptor> damaged) throws IOException, InterruptedException {
        try {
            new BlobTransfer(Delivery.THREADS)
                    .run(
                            contents.layers(),
                            layer -> {
                                discardIfDamaged(layer, damaged);
                                return Ingested.EXISTS;
                            },
                            (layer, ingested) -> {});
        } catch (IncompleteTransferException e) {
            // Nothing was transferred: how far that came is of no use.
            throw e.failure();
        }
    }

    private void discardIfDamaged(Blob layer, Consumer<Descriptor> damaged) throws IOException {
        if (isDamaged(layer.descriptor())) {
            target.discard(layer.descriptor());
            damaged.accept(layer.descriptor());
        }
    }
}
