package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;

/**
 * A manifest or index as it lies in a place: its descriptor (with the media type that the place says, or that it says
 * itself) and its very bytes.
 */
public record Manifest(Descriptor descriptor, byte[] bytes) {
    /** The most bytes that any manifest may have here: 4 MiB, what registries take. */
    public static final long LIMIT = 4L << 20;

    public Manifest {
        if (descriptor.size() != bytes.length) {
            throw new IllegalArgumentException("the manifest has " + bytes.length + " bytes, not " + descriptor.size());
        }
    }

    /** The manifest of these very bytes. */
    public static Manifest of(String mediaType, byte[] bytes) {
        return new Manifest(Descriptor.of(mediaType, bytes), bytes);
    }

    /** The digest of its bytes. */
    public Digest digest() {
        return descriptor.digest();
    }

    /** Its media type. */
    public String mediaType() {
        return descriptor.mediaType();
    }
}
