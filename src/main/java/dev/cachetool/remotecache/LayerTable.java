package dev.cachetool.remotecache;

import dev.cachetool.content.Provider;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.solver.CacheExportResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The layers of results, each once on each parent, and then sorted by content. */
final class LayerTable {
    private record Key(int parent, Digest blob) {}

    private final Map<Key, Integer> numbers = new HashMap<>();
    private final List<Key> keys = new ArrayList<>();
    private final Map<Digest, Descriptor> descriptors = new HashMap<>();
    final Map<Digest, Provider> providers = new HashMap<>();
    private int[] places = new int[0];
    private int[] sorted = {};

    /** The number of the result's topmost layer; -1 where it has none. */
    int add(CacheExportResult result) {
        int below = -1;
        for (Descriptor layer : result.remote().descriptors()) {
            Key key = new Key(below, layer.digest());
            Integer number = numbers.get(key);
            if (number == null) {
                number = keys.size();
                keys.add(key);
                numbers.put(key, number);
            }
            below = number;
            descriptors.merge(layer.digest(), published(layer), LayerTable::better);
            providers.putIfAbsent(layer.digest(), result.remote().provider());
        }
        return below;
    }

    /** The descriptor as it may be published: OCI type, and nothing about where it was pulled from. */
    private static Descriptor published(Descriptor layer) {
        Descriptor oci = layer.withMediaType(MediaTypes.toOci(layer.mediaType()));
        boolean tells = false;
        for (String key : layer.annotations().keySet()) {
            tells |= key.startsWith(Annotations.DISTRIBUTION_SOURCE);
        }
        if (!tells) {
            return oci;
        }
        Map<String, String> kept = new TreeMap<>(layer.annotations());
        kept.keySet().removeIf(key -> key.startsWith(Annotations.DISTRIBUTION_SOURCE));
        return oci.withAnnotations(kept);
    }

    /** Of two descriptors of one blob, the one that says more; then by content. */
    private static Descriptor better(Descriptor a, Descriptor b) {
        if (a.equals(b)) {
            return a;
        }
        if (a.diffId().isPresent() != b.diffId().isPresent()) {
            return a.diffId().isPresent() ? a : b;
        }
        return a.toString().compareTo(b.toString()) <= 0 ? a : b;
    }

    void sort() {
        int[] all = new int[keys.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        sorted = DigestSort.sorted(all, number -> keys.get(number).blob().toString(), this::compare);
        places = new int[all.length];
        for (int p = 0; p < places.length; p++) {
            places[sorted[p]] = p;
        }
    }

    /** By blob, then by the blobs below, from the top. */
    private int compare(int a, int b) {
        int x = a;
        int y = b;
        while (x >= 0 && y >= 0) {
            if (x == y) {
                return 0;
            }
            int byBlob = keys.get(x).blob().compareTo(keys.get(y).blob());
            if (byBlob != 0) {
                return byBlob;
            }
            x = keys.get(x).parent();
            y = keys.get(y).parent();
        }
        return Boolean.compare(x >= 0, y >= 0);
    }

    int place(int number) {
        return places[number];
    }

    List<CacheConfig.Layer> layers() {
        List<CacheConfig.Layer> out = new ArrayList<>(sorted.length);
        for (int number : sorted) {
            Key key = keys.get(number);
            out.add(new CacheConfig.Layer(key.blob().toString(), key.parent() < 0 ? -1 : places[key.parent()]));
        }
        return out;
    }

    List<Descriptor> descriptors() {
        List<Descriptor> out = new ArrayList<>(sorted.length);
        for (int number : sorted) {
            out.add(descriptors.get(keys.get(number).blob()));
        }
        return out;
    }
}
