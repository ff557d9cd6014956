package dev.cachetool.content;

import dev.cachetool.oci.Descriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** A blob that can be opened as often as it is needed, with its descriptor. */
public interface Blob {
    /** Media type, digest and size of it. */
    Descriptor descriptor();

    /** Opens it from its beginning, checked as {@link Provider#open} says; the caller closes the stream. */
    InputStream open() throws IOException;

    /**
     * Opens it from that byte on, to go on where a reading was cut off. Nothing is checked: whoever has the bytes before
     * checks them all together. The caller closes the stream.
     *
     * @param offset how many bytes are left out, from 0 to its size
     * @throws IOException if it cannot be read
     */
    default InputStream openAt(long offset) throws IOException {
        InputStream in = open();
        try {
            in.skipNBytes(offset);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
        return in;
    }

    /**
     * Opens a part of it. Nothing is checked: whoever reads a part knows what it should be. The caller closes the stream,
     * which ends with the part, or earlier where the blob does.
     *
     * @param offset where the part begins, from 0 to its size
     * @param length how many bytes it has
     * @throws IOException if it cannot be read
     */
    default InputStream openPart(long offset, long length) throws IOException {
        return new PartInputStream(openAt(offset), length);
    }

    /** Whether reading it costs a transfer over a network, so that a part of it is worth keeping. */
    default boolean isRemote() {
        return false;
    }

    /** The blob that this one was read from, where it stands for one that lies elsewhere; else itself. */
    default Blob origin() {
        return this;
    }

    /** The plain file that holds exactly its bytes, if there is one, for targets that can copy or link files faster. */
    default Optional<Path> file() {
        return Optional.empty();
    }

    /** The blob of these very bytes. */
    static Blob of(String mediaType, byte[] bytes) {
        Descriptor descriptor = Descriptor.of(mediaType, bytes);
        return new Blob() {
            @Override
            public Descriptor descriptor() {
                return descriptor;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }

    /** The blob of the descriptor in the provider. */
    static Blob in(Provider provider, Descriptor descriptor) {
        return new Blob() {
            @Override
            public Descriptor descriptor() {
                return descriptor;
            }

            @Override
            public InputStream open() throws IOException {
                return provider.open(descriptor);
            }
        };
    }
}
