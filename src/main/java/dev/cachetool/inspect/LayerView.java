package dev.cachetool.inspect;

import dev.cachetool.digest.DiffId;
import dev.cachetool.oci.Descriptor;
import java.util.Optional;

/**
 * A layer's blob in a cache.
 *
 * @param blob what it is stored as
 * @param users how many results have it; 0 where the manifest lists it and no result leads there
 * @param parents on how many different stacks of layers results have it; the config lists it once for each
 */
public record LayerView(Descriptor blob, int users, int parents) {
    /** Whether several results have it, or it lies on several stacks. */
    public boolean isRepeated() {
        return users > 1 || parents > 1;
    }

    /** The blob's digest as text. */
    public String digest() {
        return blob.digest().toString();
    }

    /** The blob's size in bytes. */
    public long size() {
        return blob.size();
    }

    /** The blob's media type; "" where it has none. */
    public String mediaType() {
        return blob.mediaType();
    }

    /** The digest of its uncompressed bytes as text, where it is known. */
    public Optional<String> diffId() {
        return blob.diffId().map(DiffId::toString);
    }
}
