package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import java.util.HashMap;
import java.util.Map;

/** How many results that stay have each layer, and what all these layers take. */
final class LayerUse {
    private final Map<Digest, Integer> users = new HashMap<>();
    private long bytes;

    static LayerUse of(Iterable<CacheResults.Row> rows) {
        LayerUse use = new LayerUse();
        rows.forEach(use::add);
        return use;
    }

    /** Counts a result in, and gives back what its layers take that no other has. */
    long add(CacheResults.Row row) {
        long before = bytes;
        for (Descriptor layer : row.layers()) {
            if (users.merge(layer.digest(), 1, Integer::sum) == 1) {
                bytes += layer.size();
            }
        }
        return bytes - before;
    }

    /** Counts a result out, and gives back what its layers take that no other has. */
    long remove(CacheResults.Row row) {
        long before = bytes;
        for (Descriptor layer : row.layers()) {
            if (users.merge(layer.digest(), -1, Integer::sum) == 0) {
                bytes -= layer.size();
            }
        }
        return before - bytes;
    }

    /** Whether all of its layers are those of others too. */
    boolean has(CacheResults.Row row) {
        for (Descriptor layer : row.layers()) {
            if (users.getOrDefault(layer.digest(), 0) == 0) {
                return false;
            }
        }
        return true;
    }

    /** What the layers take, each once. */
    long bytes() {
        return bytes;
    }
}
