package dev.cachetool.inspect;

import dev.cachetool.content.Manifest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheConfig;
import java.util.List;
import java.util.Optional;

/**
 * A cache as it lies in a place, as far as it could be read; nothing that it says is taken to be right.
 *
 * @param manifest its manifest; empty for a bare config
 * @param form how it is wrapped
 * @param ociMediaTypes whether its manifest has OCI's media types
 * @param parts its configs that could be read: one, or one for each image
 * @param notes the bytes of what is noted beside it
 * @param damage what was wrong with documents that could not be read
 */
public record RawCache(
        Optional<Manifest> manifest,
        ArtifactForm form,
        boolean ociMediaTypes,
        List<Part> parts,
        Optional<byte[]> notes,
        List<Finding> damage) {
    public RawCache {
        parts = List.copyOf(parts);
        damage = List.copyOf(damage);
    }

    /**
     * A config with the layers that it may name.
     *
     * @param name what people call it
     * @param bytes of the config, or the records of an inline cache; empty where they could not be read
     * @param layers that its manifest lists, with their diffIDs
     * @param inline of an inline cache, the image's layers as a config lists them
     */
    public record Part(
            String name, Optional<byte[]> bytes, List<Descriptor> layers, Optional<List<CacheConfig.Layer>> inline) {
        public Part {
            layers = List.copyOf(layers);
            inline = inline.map(List::copyOf);
        }
    }

    /** Whether it is a bare config, whose layers are somewhere. */
    boolean isBare() {
        return form == ArtifactForm.CONFIG;
    }
}
