package dev.cachetool.content;

import dev.cachetool.digest.DiffId;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What one layer has: the headers of its entries, without contents, read once and to the end. */
public final class LayerScan {
    private final Descriptor layer;
    private final DiffId diffId;
    private final List<TarEntry> entries;

    private LayerScan(Descriptor layer, DiffId diffId, List<TarEntry> entries) {
        this.layer = layer;
        this.diffId = diffId;
        this.entries = entries;
    }

    /**
     * Reads the layer.
     *
     * @throws BadLayerException if its bytes are no layer
     * @throws dev.cachetool.digest.DigestMismatchException if its bytes are not those of its descriptor; of the diffID
     *     that says nothing
     * @throws BlobNotFoundException if it is not there
     * @throws IOException if it cannot be read
     */
    public static LayerScan read(Provider provider, Descriptor layer) throws IOException {
        List<TarEntry> entries = new ArrayList<>();
        DiffId diffId = LayerArchive.read(provider, layer, all -> {
            for (Optional<TarEntry> entry = all.next(); entry.isPresent(); entry = all.next()) {
                entries.add(entry.get());
            }
        });
        return new LayerScan(layer, diffId, entries);
    }

    /** The digest of its tar. */
    public DiffId diffId() {
        return diffId;
    }

    /**
     * The entries of the stack that {@link LayerExtractor} would refuse, since they lead out, or cannot stand where they say.
     *
     * @param stack lowest first
     */
    public static List<UnsafeEntryException> refusals(Iterable<LayerScan> stack) {
        LayerApplier.Contents unread = (node, content) -> {};
        LayerApplier applier = new LayerApplier(unread, true, warning -> {});
        List<UnsafeEntryException> refusals = new ArrayList<>();
        int number = 0;
        for (LayerScan scan : stack) {
            applier.tree().beginLayer(number++);
            Iterator<TarEntry> rest = scan.entries.iterator();
            while (rest.hasNext()) {
                try {
                    applier.applyEntries(scan.layer, new Headers(rest));
                } catch (UnsafeEntryException e) {
                    refusals.add(e);
                } catch (IOException e) {
                    throw new IllegalStateException("nothing is read or written here", e);
                }
            }
        }
        return refusals;
    }

    /** Entries whose contents nobody reads. */
    private record Headers(Iterator<TarEntry> entries) implements LayerEntries {
        @Override
        public Optional<TarEntry> next() {
            return entries.hasNext() ? Optional.of(entries.next()) : Optional.empty();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            throw new IllegalStateException("a header has no content");
        }
    }
}
