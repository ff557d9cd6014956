package dev.cachetool.inspect;

import dev.cachetool.digest.Digest;
import java.util.HashSet;
import java.util.Set;

/**
 * The blobs of layers that two caches both have: each is stored once where both lie in one repository.
 *
 * @param layers how many
 * @param bytes their size
 */
public record SharedLayers(int layers, long bytes) {
    /** Counts them. */
    public static SharedLayers of(CacheView cache, CacheView other) {
        Set<Digest> others = new HashSet<>();
        for (LayerView layer : other.layers()) {
            others.add(layer.blob().digest());
        }
        int layers = 0;
        long bytes = 0;
        for (LayerView layer : cache.layers()) {
            if (others.contains(layer.blob().digest())) {
                layers++;
                bytes += layer.blob().size();
            }
        }
        return new SharedLayers(layers, bytes);
    }
}
