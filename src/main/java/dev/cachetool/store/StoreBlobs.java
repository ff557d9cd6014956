package dev.cachetool.store;

import dev.cachetool.content.AtomicFile;
import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Ingester;
import dev.cachetool.content.PackedLayer;
import dev.cachetool.content.PartialFile;
import dev.cachetool.content.Provider;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The blobs of a store: layers that were pulled or packed. A blob stays as long as a ref knows it as a layer of its own; one
 * that this process took is held until the store is closed. Safe for several threads.
 */
public final class StoreBlobs implements Provider, Ingester {
    private final StoreFolder folder;
    private final Holds holds;
    private final Set<Digest> held = ConcurrentHashMap.newKeySet();

    StoreBlobs(StoreFolder folder, Holds holds) {
        this.folder = folder;
        this.holds = holds;
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        try {
            return new VerifyingInputStream(
                    Files.newInputStream(folder.blob(blob.digest())), blob.digest(), blob.size());
        } catch (NoSuchFileException e) {
            throw new BlobNotFoundException(blob.digest(), folder.root().toString());
        }
    }

    @Override
    public boolean contains(Descriptor blob) throws IOException {
        try {
            return Files.size(folder.blob(blob.digest())) == blob.size();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public Blob blob(Descriptor blob) {
        return new Stored(blob);
    }

    boolean containsAll(List<Descriptor> blobs) throws IOException {
        for (Descriptor blob : blobs) {
            if (!contains(blob)) {
                return false;
            }
        }
        return true;
    }

    /** These blobs, and those of the provider that are not here. */
    Provider over(Provider provider) {
        return new Provider() {
            @Override
            public InputStream open(Descriptor blob) throws IOException {
                return blob(blob).open();
            }

            @Override
            public boolean contains(Descriptor blob) throws IOException {
                return StoreBlobs.this.contains(blob) || provider.contains(blob);
            }

            @Override
            public Blob blob(Descriptor blob) {
                return Files.exists(folder.blob(blob.digest())) ? new Stored(blob) : provider.blob(blob);
            }
        };
    }

    @Override
    public Ingested ingest(Blob blob) throws IOException {
        Path file = hold(blob.descriptor());
        if (contains(blob.descriptor())) {
            return Ingested.EXISTS;
        }
        if (blob.isRemote()) {
            Optional<PartialFile> part = PartialFile.open(folder.ingest(), blob.descriptor());
            if (part.isPresent()) {
                try (PartialFile partial = part.get()) {
                    partial.fill(blob);
                    partial.commit(file);
                }
                return Ingested.WRITTEN;
            }
        }
        try (AtomicFile atomic = AtomicFile.create(file);
                InputStream in = new VerifyingInputStream(
                        blob.open(),
                        blob.descriptor().digest(),
                        blob.descriptor().size())) {
            in.transferTo(atomic.stream());
            atomic.commit();
        }
        return Ingested.WRITTEN;
    }

    /** Takes the blob where reading it again would cost a transfer. */
    void keepIfRemote(Blob blob) throws IOException {
        if (blob.isRemote()) {
            ingest(blob);
        }
    }

    /**
     * A file that is not there yet, in the file system of the store, to pack a layer into that {@link #take} then takes.
     *
     * @throws IOException if its folder cannot be made
     */
    public Path newFile() throws IOException {
        return folder.scratch().resolve(holds.lease() + "." + UniqueNames.next());
    }

    /**
     * Takes a layer with its file, which was written to {@link #newFile} and is gone from there.
     *
     * @throws IOException if it cannot be moved
     */
    public PackedLayer take(PackedLayer layer) throws IOException {
        Path file = hold(layer.descriptor());
        Files.move(layer.path(), file, StandardCopyOption.ATOMIC_MOVE);
        return new PackedLayer(layer.descriptor(), layer.diffId(), file, layer.tree());
    }

    /** Holds the blob, and gives where it lies. */
    private Path hold(Descriptor blob) throws IOException {
        if (held.add(blob.digest())) {
            holds.hold(blob.digest().toString());
        }
        Path file = folder.blob(blob.digest());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return file;
    }

    private final class Stored implements Blob {
        private final Descriptor descriptor;

        Stored(Descriptor descriptor) {
            this.descriptor = descriptor;
        }

        @Override
        public Descriptor descriptor() {
            return descriptor;
        }

        @Override
        public InputStream open() throws IOException {
            return StoreBlobs.this.open(descriptor);
        }

        @Override
        public InputStream openAt(long offset) throws IOException {
            try {
                return Channels.newInputStream(
                        FileChannel.open(folder.blob(descriptor.digest()), StandardOpenOption.READ)
                                .position(offset));
            } catch (NoSuchFileException e) {
                throw new BlobNotFoundException(
                        descriptor.digest(), folder.root().toString());
            }
        }
    }
}
