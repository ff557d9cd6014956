package dev.cachetool.remotecache;

import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageConfig;
import dev.cachetool.oci.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A cache inside an image, its parts put together as a cache of its own has them: the records as bytes, and the image's
 * layers as a config would list them, each on the one before.
 *
 * @param records JSON, an array of records
 * @param layers one for each descriptor
 * @param descriptors the image's layers, with diffIDs and times from the image's config
 * @param diffIds how many diffIDs that config has; BuildKit reads nothing where they are not as many as layers
 */
public record InlineCache(byte[] records, List<CacheConfig.Layer> layers, List<Descriptor> descriptors, int diffIds) {
    public InlineCache {
        layers = List.copyOf(layers);
        descriptors = List.copyOf(descriptors);
    }

    /**
     * The cache in the image's config; empty where it has none.
     *
     * @param config the bytes of that config
     * @param place where it is, for errors
     * @throws JsonException if it is malformed
     */
    public static Optional<InlineCache> of(CacheListing.Image image, byte[] config, String place) throws JsonException {
        ImageConfig parsed = ImageConfig.parse(config, place);
        if (parsed.inlineCacheRecords().isEmpty()) {
            return Optional.empty();
        }
        List<CacheConfig.Layer> layers = new ArrayList<>();
        List<Descriptor> descriptors = new ArrayList<>();
        for (int i = 0; i < image.image().layers().size(); i++) {
            Descriptor described = image.image().layers().get(i);
            if (i < parsed.diffIds().size()) {
                described = described.withAnnotation(
                        Annotations.UNCOMPRESSED, parsed.diffIds().get(i).toString());
            }
            if (i < parsed.layerTimes().size()
                    && Timestamp.tryParse(parsed.layerTimes().get(i)).isPresent()) {
                described = described.withAnnotation(
                        Annotations.CREATED_AT, parsed.layerTimes().get(i));
            }
            descriptors.add(described);
            layers.add(new CacheConfig.Layer(described.digest().toString(), i - 1));
        }
        return Optional.of(new InlineCache(
                parsed.inlineCacheRecords().get(),
                layers,
                descriptors,
                parsed.diffIds().size()));
    }
}
