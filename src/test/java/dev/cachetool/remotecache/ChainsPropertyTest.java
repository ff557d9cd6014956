package dev.cachetool.remotecache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.golden.OfferedResults;
import dev.cachetool.golden.SameCache;
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
import java.io.IOException;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random records, of few digests so that many are equal or become it, in random orders. {@code -Dcachetool.seed=N} runs others. */
final class ChainsPropertyTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20260104);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    private static final List<String> SELECTORS = List.of(
            "", "", "", Digest.sha256("/src").toString(), Digest.sha256("/lib").toString());
    private static final List<String> TIMES = List.of(
            "0001-01-01T00:00:00Z",
            "2026-01-02T03:04:05Z",
            "2026-01-02T03:04:05.5Z",
            "2026-01-02T05:04:05+02:00",
            "2026-03-01T00:00:00.000000001Z");

    /** A way into an input: an earlier add, with a selector. */
    private record Way(int add, String selector) {}

    private record Made(String createdAt, List<String> blobs) {
        CacheExportResult result() {
            return new CacheExportResult(Timestamp.parse(createdAt), new Remote(layers(), OpaqueOps.NO_BLOBS));
        }

        List<Descriptor> layers() {
            return blobs.stream().map(ChainsPropertyTest::layer).toList();
        }
    }

    /** One record as it is added: its digest, the ways into each input, its results. */
    private record Add(String digest, List<List<Way>> inputs, List<Made> results) {}

    private static Descriptor layer(String name) {
        return Descriptor.of(MediaTypes.OCI_LAYER_ZSTD, Digest.sha256(name), name.length())
                .withAnnotation(
                        Annotations.UNCOMPRESSED, Digest.sha256("diff " + name).toString());
    }

    private static List<Add> adds(Random random) {
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

    /** Adds the records in the order, and one more time each where {@code twice}; the order has sources first. */
    private static NormalizedChains chains(List<Add> adds, List<Integer> order, Random random, boolean twice) {
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
    private static List<Integer> order(List<Add> adds, Random random) {
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

    private static List<Integer> asGiven(List<Add> adds) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < adds.size(); i++) {
            order.add(i);
        }
        return order;
    }

    /** A config that says the same without any normalisation: a record for every add, and for every result of one. */
    private static byte[] asAdded(List<Add> adds) {
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
    private static byte[] json(List<Add> adds) {
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

    private interface Property {
        void check(List<Add> adds, NormalizedChains chains, Random random) throws IOException;
    }

    private static void check(Property property) throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            List<Add> adds = adds(random);
            try {
                property.check(adds, chains(adds, asGiven(adds), random, false), random);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("case " + i + ": " + new String(json(adds), UTF_8) + "\n" + adds, e);
            }
        }
    }

    @BeforeAll
    static void printSeed() {
        System.out.println("ChainsPropertyTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    @Test
    void normalize_whenAddedInAnotherOrder_givesTheSameBytes() throws IOException {
        check((adds, chains, random) -> {
            byte[] config = chains.config().toBytes();
            for (int n = 0; n < 3; n++) {
                NormalizedChains others = chains(adds, order(adds, random), random, false);
                assertArrayEquals(config, others.config().toBytes());
                assertEquals(chains.layers(), others.layers());
            }
        });
    }

    @Test
    void normalize_whenEverythingIsAddedTwice_givesTheSameBytes() throws IOException {
        check((adds, chains, random) -> {
            NormalizedChains twice = chains(adds, order(adds, random), random, true);
            assertArrayEquals(chains.config().toBytes(), twice.config().toBytes());
        });
    }

    @Test
    void normalize_givesTheSameCacheAsWhatWasAdded() throws IOException {
        int[] united = new int[1];
        check((adds, chains, random) -> {
            byte[] added = asAdded(adds);
            united[0] += CacheConfig.parse(added, "added").records().size()
                            > chains.records().size()
                    ? 1
                    : 0;
            assertEquals(
                    Optional.empty(),
                    SameCache.difference(
                            added,
                            chains.config().toBytes(),
                            SameCache.Options.withRules(OfferedResults.ofAdds(json(adds)))));
        });
        assertTrue(united[0] > CASES / 4, "records were united in so many cases: " + united[0]);
    }

    @Test
    void config_whenParsed_isWrittenWithTheSameBytes() throws IOException {
        check((adds, chains, random) -> {
            byte[] config = chains.config().toBytes();
            assertArrayEquals(config, CacheConfig.parse(config, "config").toBytes());

            CacheChains read = new CacheChains();
            read.addAll(CacheConfig.parse(config, "config"), "config", descriptors(), OpaqueOps.NO_BLOBS);
            assertArrayEquals(config, read.normalize().config().toBytes());
        });
    }

    private static Map<String, Descriptor> descriptors() {
        Map<String, Descriptor> descriptors = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            Descriptor layer = layer("blob " + i);
            descriptors.put(layer.digest().toString(), layer);
        }
        return descriptors;
    }

    @Test
    void config_ofAnyRecords_isWhatEveryImporterTakes() throws IOException {
        check((adds, chains, random) -> {
            CacheConfig config = chains.config();
            // Throws where a link or a layer loops or leads nowhere, and where an input is empty.
            assertEquals(
                    Optional.empty(),
                    SameCache.difference(config.toBytes(), config.toBytes(), SameCache.Options.exact()));
            Set<Digest> identities = new HashSet<>();
            for (int i = 0; i < chains.records().size(); i++) {
                ChainRecord record = chains.records().get(i);
                assertTrue(identities.add(record.identity()), "twice: " + record);
                assertTrue(!record.digest().startsWith("random:"), record::toString);
                for (List<ChainRecord.ChainLink> input : record.inputs()) {
                    assertTrue(!input.isEmpty() && new HashSet<>(input).size() == input.size(), record::toString);
                }
                assertTrue(config.records().get(i).results().size() <= 1, record::toString);
            }
            assertEquals(
                    config.layers().size(), new HashSet<>(config.layers()).size(), "layers stand once on each parent");
            assertEquals(config.layers().size(), chains.layers().size());
            for (CacheConfig.Layer layer : config.layers()) {
                assertTrue(
                        config.records().stream()
                                .flatMap(record -> record.results().stream())
                                .anyMatch(result -> {
                                    int at = result.layer();
                                    while (at >= 0 && !config.layers().get(at).equals(layer)) {
                                        at = config.layers().get(at).parent();
                                    }
                                    return at >= 0;
                                }),
                        () -> "nothing uses " + layer);
            }
        });
    }
}
