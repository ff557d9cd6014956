package dev.cachetool.inspect;

import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.Digest;
import dev.cachetool.inspect.CacheDiff.Pair;
import dev.cachetool.inspect.CacheDiff.ResultChange;
import dev.cachetool.oci.Descriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares two caches. */
final class CacheComparison {
    private final CacheView a;
    private final CacheView b;

    CacheComparison(CacheView a, CacheView b) {
        this.a = a;
        this.b = b;
    }

    CacheDiff diff() {
        SameKeys keys = SameKeys.of(a, b);
        Map<Integer, Integer> recordOfKey = new HashMap<>();
        for (int i = 0; i < b.records().size(); i++) {
            recordOfKey.putIfAbsent(keys.ofB(i), i);
        }
        Map<Digest, Integer> recordOfIdentity = new HashMap<>();
        for (int i = 0; i < b.records().size(); i++) {
            recordOfIdentity.put(b.records().get(i).identity(), i);
        }
        List<Pair> both = new ArrayList<>();
        List<Integer> onlyA = new ArrayList<>();
        Map<Integer, Integer> firstInA = new HashMap<>();
        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < a.records().size(); i++) {
            Integer same = recordOfIdentity.get(a.records().get(i).identity());
            Integer other = same != null ? same : recordOfKey.get(keys.ofA(i));
            firstInA.putIfAbsent(keys.ofA(i), i);
            if (other == null) {
                onlyA.add(i);
            } else {
                found.add(other);
                both.add(new Pair(i, other, same == null, resultChange(i, other)));
            }
        }
        List<Integer> onlyB = new ArrayList<>();
        for (int i = 0; i < b.records().size(); i++) {
            Integer same = firstInA.get(keys.ofB(i));
            if (same == null) {
                onlyB.add(i);
            } else if (!found.contains(i)) {
                both.add(new Pair(same, i, true, resultChange(same, i)));
            }
        }
        Set<Digest> inA = new HashSet<>();
        a.layers().forEach(layer -> inA.add(layer.blob().digest()));
        Set<Digest> inB = new HashSet<>();
        b.layers().forEach(layer -> inB.add(layer.blob().digest()));
        return new CacheDiff(
                a,
                b,
                both,
                onlyA,
                onlyB,
                layers(a, inB, true),
                layers(a, inB, false),
                layers(b, inA, false),
                new Partings(a, b, keys, onlyA, onlyB).all());
    }

    private static List<Integer> layers(CacheView cache, Set<Digest> others, boolean among) {
        List<Integer> layers = new ArrayList<>();
        for (int i = 0; i < cache.layers().size(); i++) {
            if (others.contains(cache.layers().get(i).blob().digest()) == among) {
                layers.add(i);
            }
        }
        return layers;
    }

    private ResultChange resultChange(int inA, int inB) {
        Optional<ResultView> ofA = a.records().get(inA).result();
        Optional<ResultView> ofB = b.records().get(inB).result();
        if (ofA.isEmpty() || ofB.isEmpty()) {
            return ofA.isPresent() ? ResultChange.ONLY_A : ofB.isPresent() ? ResultChange.ONLY_B : ResultChange.NONE;
        }
        List<Descriptor> layersA = blobs(a, ofA.get());
        List<Descriptor> layersB = blobs(b, ofB.get());
        if (digests(layersA).equals(digests(layersB))) {
            return ofA.get().createdAt().compareTo(ofB.get().createdAt()) == 0 ? ResultChange.SAME : ResultChange.TIME;
        }
        return sameContent(layersA, layersB) ? ResultChange.PACKING : ResultChange.CONTENT;
    }

    private static List<Descriptor> blobs(CacheView cache, ResultView result) {
        return result.layers().stream()
                .map(index -> cache.layers().get(index).blob())
                .toList();
    }

    private static List<Digest> digests(List<Descriptor> layers) {
        return layers.stream().map(Descriptor::digest).toList();
    }

    /** Whether the layers are known to hold the same bytes. */
    private static boolean sameContent(List<Descriptor> some, List<Descriptor> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; i < some.size() && same; i++) {
            Optional<DiffId> content = some.get(i).diffId();
            same = content.isPresent() && content.equals(others.get(i).diffId());
        }
        return same;
    }
}
