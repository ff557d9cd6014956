package dev.cachetool.remotecache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.golden.OfferedResults;
import dev.cachetool.golden.SameCache;
import dev.cachetool.solver.OpaqueOps;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random records, in random orders. {@code -Dcachetool.seed=N} runs others. */
final class ChainsPropertyTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20260104);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    private interface Property {
        void check(List<RandomRecords.Add> adds, NormalizedChains chains, Random random) throws IOException;
    }

    private static void check(Property property) throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            List<RandomRecords.Add> adds = RandomRecords.adds(random);
            try {
                property.check(adds, RandomRecords.chains(adds, RandomRecords.asGiven(adds), random, false), random);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "case " + i + ": " + new String(RandomRecords.json(adds), UTF_8) + "\n" + adds, e);
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
                NormalizedChains others = RandomRecords.chains(adds, RandomRecords.order(adds, random), random, false);
                assertArrayEquals(config, others.config().toBytes());
                assertEquals(chains.layers(), others.layers());
            }
        });
    }

    @Test
    void normalize_whenEverythingIsAddedTwice_givesTheSameBytes() throws IOException {
        check((adds, chains, random) -> {
            NormalizedChains twice = RandomRecords.chains(adds, RandomRecords.order(adds, random), random, true);
            assertArrayEquals(chains.config().toBytes(), twice.config().toBytes());
        });
    }

    @Test
    void normalize_givesTheSameCacheAsWhatWasAdded() throws IOException {
        int[] united = new int[1];
        check((adds, chains, random) -> {
            byte[] added = RandomRecords.asAdded(adds);
            united[0] += CacheConfig.parse(added, "added").records().size()
                            > chains.records().size()
                    ? 1
                    : 0;
            assertEquals(
                    Optional.empty(),
                    SameCache.difference(
                            added,
                            chains.config().toBytes(),
                            SameCache.Options.withRules(OfferedResults.ofAdds(RandomRecords.json(adds)))));
        });
        assertTrue(united[0] > CASES / 4, "records were united in so many cases: " + united[0]);
    }

    @Test
    void config_whenParsed_isWrittenWithTheSameBytes() throws IOException {
        check((adds, chains, random) -> {
            byte[] config = chains.config().toBytes();
            assertArrayEquals(config, CacheConfig.parse(config, "config").toBytes());

            CacheChains read = new CacheChains();
            read.addAll(CacheConfig.parse(config, "config"), "config", RandomRecords.descriptors(), OpaqueOps.NO_BLOBS);
            assertArrayEquals(config, read.normalize().config().toBytes());
        });
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
