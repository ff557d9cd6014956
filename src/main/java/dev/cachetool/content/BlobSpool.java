package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keeps blobs that cost a transfer in a folder once they were read, so that each is transferred once whatever the number of
 * its readers. What was cut off goes on there, in a later run as well, if the folder is the same. The folder belongs to
 * whoever made it. For several threads.
 */
public final class BlobSpool {
    private final Path folder;
    private final Map<Digest, Spooled> blobs = new HashMap<>();

    public BlobSpool(Path folder) {
        this.folder = folder;
    }

    /** The blob, kept here from its first reading on; the blob itself where it costs no transfer. */
    public synchronized Blob of(Blob blob) {
        if (!blob.isRemote()) {
            return blob;
        }
        return blobs.computeIfAbsent(blob.descriptor().digest(), digest -> new Spooled(blob));
    }

    /** The provider, whose blobs are kept here from their first reading on. */
    public Provider over(Provider provider) {
        return new Provider() {
            @Override
            public InputStream open(Descriptor blob) throws IOException {
                return blob(blob).open();
            }

            @Override
            public boolean contains(Descriptor blob) throws IOException {
                return provider.contains(blob);
            }

            @Override
            public Blob blob(Descriptor blob) {
                return of(provider.blob(blob));
            }
        };
    }

    /**
     * The source, whose blobs are kept here from their first reading on. Closing it closes the source.
     *
     * @param kept which of them
     */
    public Source over(Source source, Predicate<Descriptor> kept) {
        return new SpooledSource(this, source, kept);
    }

    /**
     * Reads a blob that costs a transfer, so that it is here when it is opened; nothing else is done.
     *
     * @throws IOException if it cannot be read or written
     */
    public void fetch(Blob blob) throws IOException {
        Blob kept = blob instanceof Kept ? blob : of(blob);
        if (kept instanceof Spooled spooled) {
            spooled.fetched();
        }
    }

    /** Removes the files of all blobs that were kept, and the folder if it is empty then. */
    public synchronized void clear() throws IOException {
        for (Spooled spooled : blobs.values()) {
            spooled.remove();
        }
        blobs.clear();
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // Somebody else's parts are there.
        }
    }

    /** A blob that is kept once it was read. */
    public sealed interface Kept extends Blob permits Spooled {}

    private final class Spooled implements Kept {
        private final Blob remote;
        private final Path path;
        private boolean there;

        Spooled(Blob remote) {
            this.remote = remote;
            this.path = PartialFile.pathOf(folder, remote.descriptor());
        }

        @Override
        public Descriptor descriptor() {
            return remote.descriptor();
        }

        @Override
        public Blob origin() {
            return remote;
        }

        @Override
        public InputStream open() throws IOException {
            if (!fetched()) {
                return remote.open();
            }
            InputStream kept;
            try {
                kept = Files.newInputStream(path);
            } catch (NoSuchFileException e) {
                // Another process was done with it, and removed it.
                return remote.open();
            }
            return new VerifyingInputStream(
                    kept, descriptor().digest(), descriptor().size());
        }

        /** Brings the file there; not where another process is doing the same. */
        private synchronized boolean fetched() throws IOException {
            if (!there) {
                Optional<PartialFile> part = PartialFile.open(folder, descriptor());
                if (part.isEmpty()) {
                    return false;
                }
                try (PartialFile file = part.get()) {
                    file.fill(remote);
                }
                there = true;
            }
            return true;
        }

        @Override
        public synchronized Optional<Path> file() {
            return there && Files.exists(path) ? Optional.of(path) : Optional.empty();
        }

        synchronized void remove() throws IOException {
            there = false;
            Files.deleteIfExists(path);
        }
    }
}
