package dev.cachetool.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.InMemoryContentStore;
import dev.cachetool.content.Provider;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.CacheChains;
import dev.cachetool.remotecache.NormalizedChains;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.CacheExporterRecord;
import dev.cachetool.solver.CacheLink;
import dev.cachetool.solver.Remote;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random pairs of caches that have much in common. {@code -Dcachetool.seed=N} runs others. */
final class CacheDiffPropertyTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20261126);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    private static final Provider NO_BLOBS = new InMemoryContentStore();

    private interface Property {
        void check(CacheView a, CacheView b) throws IOException;
    }

    @BeforeAll
    static void printSeed() {
        System.out.println("CacheDiffPropertyTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    private static void check(Property property) throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            long graph = random.nextLong();
            CacheView a = cache(graph, random);
            CacheView b = cache(graph, random);
            try {
                property.check(a, b);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("case " + i + ":\n" + a + "\n" + b, e);
            }
        }
    }

    /** A part of a graph: some records, some of their links, some results. */
    private static CacheView cache(long graph, Random random) throws IOException {
        Random shape = new Random(graph);
        CacheChains chains = new CacheChains();
        List<Optional<CacheExporterRecord>> added = new ArrayList<>();
        int size = 1 + shape.nextInt(12);
        for (int i = 0; i < size; i++) {
            List<List<CacheLink>> inputs = new ArrayList<>();
            boolean complete = random.nextInt(6) > 0;
            for (int input = shape.nextInt(3); input > 0 && i > 0; input--) {
                List<CacheLink> links = new ArrayList<>();
                for (int way = 1 + shape.nextInt(2); way > 0; way--) {
                    Optional<CacheExporterRecord> source = added.get(shape.nextInt(i));
                    String selector = shape.nextInt(4) == 0
                            ? Digest.sha256("selector " + shape.nextInt(2)).toString()
                            : "";
                    if (source.isPresent() && random.nextInt(4) > 0) {
                        links.add(new CacheLink(source.get(), selector));
                    }
                }
                complete &= !links.isEmpty();
                inputs.add(links);
            }
            Digest digest = Digest.sha256("operation " + shape.nextInt(8));
            List<CacheExportResult> results = random.nextInt(3) == 0 ? List.of() : List.of(result(i, random));
            added.add(complete ? chains.add(digest, inputs, results) : Optional.empty());
        }
        NormalizedChains normalized = chains.normalize();
        CacheArtifact artifact = CacheArtifact.ofBareConfig(normalized.config().toBytes(), "test", NO_BLOBS);
        return CacheView.of(artifact, artifact.chains("test").normalize());
    }

    private static CacheExportResult result(int record, Random random) {
        Descriptor layer =
                Descriptor.of(MediaTypes.OCI_LAYER, Digest.sha256("layer " + record + " " + random.nextInt(2)), 10);
        return new CacheExportResult(
                Timestamp.of(Instant.ofEpochSecond(1_700_000_000L + random.nextInt(2))),
                new Remote(List.of(layer), NO_BLOBS));
    }

    private static Set<Digest> identities(CacheView cache, List<Integer> records) {
        Set<Digest> identities = new HashSet<>();
        records.forEach(index -> identities.add(cache.records().get(index).identity()));
        return identities;
    }

    @Test
    void diff_ofACacheAndItself_isEmpty() throws IOException {
        check((a, b) -> {
            CacheDiff diff = CacheDiff.of(a, a);
            assertFalse(diff.isDifferent());
            assertEquals(a.records().size(), diff.both().size());
            assertEquals(List.of(), diff.partings());
            assertTrue(diff.both().stream().allMatch(pair -> pair.a() == pair.b()));
        });
    }

    @Test
    void diff_hasEachRecordInItsPlace() throws IOException {
        check((a, b) -> {
            CacheDiff diff = CacheDiff.of(a, b);
            Set<Integer> inA = new HashSet<>(diff.onlyA());
            Set<Integer> inB = new HashSet<>(diff.onlyB());
            for (CacheDiff.Pair pair : diff.both()) {
                assertFalse(diff.onlyA().contains(pair.a()));
                assertFalse(diff.onlyB().contains(pair.b()));
                inA.add(pair.a());
                inB.add(pair.b());
                boolean same = diff.recordA(pair.a())
                        .identity()
                        .equals(diff.recordB(pair.b()).identity());
                assertEquals(!same, pair.relinked());
                assertEquals(
                        diff.recordA(pair.a()).digest(), diff.recordB(pair.b()).digest());
            }
            assertEquals(a.records().size(), inA.size());
            assertEquals(b.records().size(), inB.size());
            Set<Digest> ofB = new HashSet<>();
            b.records().forEach(record -> ofB.add(record.identity()));
            assertTrue(identities(a, diff.onlyA()).stream().noneMatch(ofB::contains));
            assertEquals(
                    diff.onlyA().size() + diff.onlyB().size(),
                    diff.partings().stream()
                            .mapToInt(CacheDiff.Parting::records)
                            .sum());
        });
    }

    @Test
    void diff_theOtherWayRound_saysTheSame() throws IOException {
        int[] different = new int[2];
        check((a, b) -> {
            CacheDiff diff = CacheDiff.of(a, b);
            CacheDiff turned = CacheDiff.of(b, a);
            assertEquals(identities(a, diff.onlyA()), identities(a, turned.onlyB()));
            assertEquals(identities(b, diff.onlyB()), identities(b, turned.onlyA()));
            assertEquals(diff.isDifferent(), turned.isDifferent());
            assertEquals(diff.sameOperations(), turned.sameOperations());
            different[diff.isDifferent() ? 1 : 0]++;
            assertEquals(ArtifactForm.CONFIG, a.form());
        });
        assertTrue(different[0] > CASES / 100 && different[1] > CASES / 10, different[0] + " " + different[1]);
    }
}
