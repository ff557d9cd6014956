package dev.cachetool.store;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerExtractor;
import dev.cachetool.content.LayerTimes;
import dev.cachetool.content.Provider;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings the files of a remote ref into the store, once, however many threads and processes ask for them. A failure leaves
 * nothing but what arrived of the blobs, and the next one tries again.
 */
final class Pull {
    private final Refs refs;
    private final String id;
    private final List<Descriptor> layers;
    private final ReentrantLock turn = new ReentrantLock();

    Pull(Refs refs, String id, List<Descriptor> layers) {
        this.refs = refs;
        this.id = id;
        this.layers = List.copyOf(layers);
    }

    String id() {
        return id;
    }

    List<Descriptor> layers() {
        return layers;
    }

    /**
     * The snapshot, pulled if it is not there.
     *
     * @param provider opens the layers
     * @param metadata what is known about the ref
     * @throws InterruptedIOException if the thread was interrupted while somebody else pulled
     * @throws IOException if a layer cannot be read, or is not what it should be, or the files cannot be written
     */
    Snapshot snapshot(Provider provider, RefMetadata metadata) throws IOException {
        Optional<Snapshot> there = refs.snapshot(id);
        if (there.isPresent()) {
            return there.get();
        }
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while layers were pulled");
        }
        LockFile.Held held = refs.locks().exclusive(LockFile.slot(id));
        try (held) {
            there = refs.snapshot(id);
            return there.isPresent() ? there.get() : pull(provider, metadata);
        } finally {
            turn.unlock();
        }
    }

    private Snapshot pull(Provider provider, RefMetadata metadata) throws IOException {
        Path scratch = refs.newScratch();
        try {
            for (Descriptor layer : layers) {
                refs.blobs().keepIfRemote(provider.blob(layer));
            }
            Path files = Files.createDirectory(scratch.resolve(Snapshot.FILES));
            FileTree tree = new LayerExtractor(
                            refs.blobs().over(provider),
                            LayerExtractor.Options.of(LayerTimes.keep()).withDigests(),
                            refs.warnings())
                    .extract(layers, files);
            long bytes = 0;
            for (TreeEntry entry : tree.entries()) {
                bytes += entry.type() == EntryType.DIRECTORY ? Inventory.BLOCK : Inventory.onDisk(entry.size());
            }
            Snapshot.write(
                    scratch,
                    tree,
                    new RefNotes(
                            metadata.description(),
                            metadata.createdAt(),
                            metadata.milliseconds(),
                            bytes,
                            List.of(layers)));
            return refs.publish(scratch, id);
        } finally {
            TemporaryDirectory.deleteTree(scratch);
        }
    }
}
