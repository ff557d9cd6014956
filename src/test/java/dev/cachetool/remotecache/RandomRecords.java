package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonWriter;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.CacheExporterRecord;
import dev.cachetool.solver.CacheLink;
import dev.cachetool.solver.OpaqueOps;
import dev.cachetool.solver.Remote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Random records, of few digests so that many are equal or become it, to be added in random orders. */
final class RandomRecords {
    private static final List<String> SELECTORS = List.of(
            "", "", "", Digest.sha256("/src").toString(), Digest.sha256("/lib").toString());
    private static final List<String> TIMES = List.of(
            "0001-01-01T00:00:00Z",
            "2026-01-02T03:04:05Z",
            "2026-01-02T03:04:05.5Z",
            "2026-01-02T05:04:05+02:00",
            "2026-03-01T00:00:00.000000001Z");

    private RandomRecords() {}

    /** A way into an input: an earlier add, with a selector. */
    record Way(int add, String selector) {}

    record Made(String createdAt, List<String> blobs) {
        CacheExportResult result() {
            return new CacheExportResult(Timestamp.parse(createdAt), new Remote(layers(), OpaqueOps.NO_BLOBS));
        }

        List<Descriptor> layers() {
            return blobs.stream().map(RandomRecords::layer).toList();
        }
    }

    /** One record as it is added: its digest, the ways into each input, its results. */
    record Add(String digest, List<List<Way>> inputs, List<Made> results) {}

    static Descriptor layer(String name) {
        return Descriptor.of(MediaTypes.OCI_LAYER_ZSTD, Digest.sha256(name), name.length())
                .withAnnotation(
                        Annotations.UNCOMPRESSED, Digest.sha256("diff " + name).toString());
    }

    static List<Add> adds(Random random) {
        List<Add> adds = new ArrayList<>();
        int size = 1 + random.nextInt(14);
        int digests = 2 + random.nextInt(6);
        for (int i = 0; i < size; i++) {
            int inputs = i == 0 ? 0 : Math.min(random.nextInt(4), 2 + random.nextInt(2));
            List<List<Way>> ways = new ArrayList<>();
            for (int input = 0; input < inputs; input++) {
                List<Way> alternatives = new ArrayList<>();
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    alternatives.add(new Way(random.nextInt(i), SELECTORS.get(random.nextInt(SELECTORS.size()))));
                }
                ways.add(alternatives);
            }
            List<Made> results = new ArrayList<>();
            for (int n = random.nextInt(5) - 2; n > 0; n--) {
                List<String> blobs = new ArrayList<>();
                for (int layers = random.nextInt(4); layers > 0; layers--) {
                    blobs.add("blob " + random.nextInt(4));
                }
                results.add(new Made(TIMES.get(random.nextInt(TIMES.size())), blobs));
            }
            boolean never = random.nextInt(20) == 0;
            // Roots share their digests with nobody: their number of inputs tells them apart.
            Digest digest = Digest.sha256((inputs == 0 ? "root " : "step ") + random.nextInt(digests));
            adds.add(new Add(never ? "random:" + digest.encoded() : digest.toString(), ways, results));
        }
        return adds;
    }

    /** The same with digests that say how far from roots a record is, so that no union of such records can loop. */
    static List<Add> layeredAdds(Random random) {
        List<Add> layered = new ArrayList<>();
        List<Integer> depths = new ArrayList<>();
        for (Add add : adds(random)) {
            int depth = 0;
            for (List<Way> ways : add.inputs()) {
                for (Way way : ways) {
                    depth = Math.max(depth, depths.get(way.add()) + 1);
                }
            }
            depths.add(depth);
            Digest digest = Digest.sha256(depth + " " + add.digest());
            layered.add(new Add(
                    add.digest().startsWith("random:") ? add.digest() : digest.toString(),
                    add.inputs(),
                    add.results()));
        }
        return layered;
    }

    /** Adds the records in the order, and one more time each where {@code twice}; the order has sources first. */
    static NormalizedChains chains(List<Add> adds, List<Integer> order, Random random, boolean twice) {
        CacheChains chains = new CacheChains();
        List<Optional<CacheExporterRecord>> first = new ArrayList<>(Collections.nCopies(adds.size(), Optional.empty()));
        List<Optional<CacheExporterRecord>> last = new ArrayList<>(first);
        for (int i : order) {
            Optional<CacheExporterRecord> added = add(chains, adds.get(i), first::get, random);
            first.set(i, added);
            last.set(i, added);
            if (twice && random.nextBoolean()) {
                last.set(i, add(chains, adds.get(i), last::get, random));
            }
        }
        if (twice) {
            for (int i : order) {
                add(chains, adds.get(i), random.nextBoolean() ? first::get : last::get, random);
            }
        }
        return chains.normalize();
    }

    private static Optional<CacheExporterRecord> add(
            CacheChains chains, Add add, Function<Integer, Optional<CacheExporterRecord>> source, Random random) {
        List<List<CacheLink>> links = new ArrayList<>();
        for (List<Way> ways : add.inputs()) {
            List<CacheLink> alternatives = new ArrayList<>();
            for (Way way : ways) {
                source.apply(way.add()).ifPresent(from -> alternatives.add(new CacheLink(from, way.selector())));
            }
            Collections.shuffle(alternatives, random);
            links.add(alternatives);
        }
        List<CacheExportResult> results =
                new ArrayList<>(add.results().stream().map(Made::result).toList());
        Collections.shuffle(results, random);
        return chains.add(Digest.parseCacheDigest(add.digest()), links, results);
    }

    /** A random order in which sources come first. */
    static List<Integer> order(List<Add> adds, Random random) {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < adds.size(); i++) {
            left.add(i);
        }
        Collections.shuffle(left, random);
        List<Integer> order = new ArrayList<>();
        Set<Integer> done = new HashSet<>();
        while (!left.isEmpty()) {
            int next = left.stream()
                    .filter(i -> adds.get(i).inputs().stream()
                            .flatMap(List::stream)
                            .allMatch(way -> done.contains(way.add())))
                    .findFirst()
                    .orElseThrow();
            left.remove((Integer) next);
            done.add(next);
            order.add(next);
        }
        return order;
    }

    static List<Integer> asGiven(List<Add> adds) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < adds.size(); i++) {
            order.add(i);
        }
        return order;
    }

    /** A config that says the same without any normalisation: a record for every add, and for every result of one. */
    static byte[] asAdded(List<Add> adds) {
        List<CacheConfig.Layer> layers = new ArrayList<>();
        List<CacheConfig.ConfigRecord> records = new ArrayList<>();
        Map<Integer, Integer> places = new TreeMap<>();
        for (int i = 0; i < adds.size(); i++) {
            Add add = adds.get(i);
            List<List<ChainRecord.ChainLink>> inputs = new ArrayList<>();
            for (List<Way> ways : add.inputs()) {
                inputs.add(ways.stream()
                        .filter(way -> places.containsKey(way.add()))
                        .map(way -> new ChainRecord.ChainLink(way.selector(), places.get(way.add())))
                        .toList());
            }
            if (add.digest().startsWith("random:") || inputs.stream().anyMatch(List::isEmpty)) {
                continue;
            }
            places.put(i, records.size());
            records.add(new CacheConfig.ConfigRecord(add.digest(), List.of(), List.of(), inputs));
            for (Made made : add.results()) {
                int below = -1;
                for (Descriptor layer : made.layers()) {
                    layers.add(new CacheConfig.Layer(layer.digest().toString(), below));
                    below = layers.size() - 1;
                }
                if (below >= 0) {
                    CacheConfig.LayerResult result =
                            new CacheConfig.LayerResult(below, Timestamp.parse(made.createdAt()));
                    records.add(new CacheConfig.ConfigRecord(add.digest(), List.of(result), List.of(), inputs));
                }
            }
        }
        return new CacheConfig(layers, records).toBytes();
    }

    /** The adds as the golden cases have them, for the rules on results. */
    static byte[] json(List<Add> adds) {
        return JsonWriter.bytes(w -> {
            w.beginObject().name("adds").beginArray();
            for (Add add : adds) {
                w.beginObject().field("digest", add.digest()).name("results").beginArray();
                for (Made made : add.results()) {
                    w.beginObject()
                            .field("createdAt", made.createdAt())
                            .name("layers")
                            .beginArray();
                    for (Descriptor layer : made.layers()) {
                        w.beginObject()
                                .field("digest", layer.digest().toString())
                                .endObject();
                    }
                    w.endArray().endObject();
                }
                w.endArray().endObject();
            }
            w.endArray().endObject();
        });
    }

    /** The layers that results are made of, by digest. */
    static Map<String, Descriptor> descriptors() {
        Map<String, Descriptor> descriptors = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            Descriptor layer = layer("blob " + i);
            descriptors.put(layer.digest().toString(), layer);
        }
        return descriptors;
    }
}
