package dev.cachetool.remotecache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.golden.OfferedResults;
import dev.cachetool.golden.SameCache;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.Notes.RecordNotes;
import dev.cachetool.remotecache.Notes.ResultNotes;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.OpaqueOps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The laws of unions, on caches of random records that are read from their bytes. {@code -Dcachetool.seed=N} runs others. */
final class CacheUnionPropertyTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20261126);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    /** Caches that were read, with what their records were made of. */
    private record Caches(List<List<RandomRecords.Add>> adds, List<NotedChains> read) {
        NotedChains get(int index) {
            return read.get(index);
        }
    }

    private static Caches caches(Random random, Function<Random, List<RandomRecords.Add>> generator)
            throws IOException {
        List<List<RandomRecords.Add>> all = new ArrayList<>();
        List<NotedChains> read = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            List<RandomRecords.Add> adds = generator.apply(random);
            NormalizedChains chains =
                    RandomRecords.chains(adds, RandomRecords.asGiven(adds), random, random.nextBoolean());
            all.add(adds);
            read.add(reread(chains, notes(chains, random)));
        }
        return new Caches(all, read);
    }

    private static NotedChains reread(NormalizedChains chains, Notes notes) throws IOException {
        CacheChains read = new CacheChains();
        CacheConfig config = CacheConfig.parse(chains.config().toBytes(), "config");
        read.addAll(config, "config", RandomRecords.descriptors(), OpaqueOps.NO_BLOBS);
        return new NotedChains(read.normalize(), Notes.parse(notes.toBytes(), "notes"));
    }

    /** Notes of some records, some of them on results that are not, or not any more, in the cache. */
    private static Notes notes(NormalizedChains chains, Random random) {
        TreeMap<Digest, RecordNotes> notes = new TreeMap<>();
        for (ChainRecord record : chains.records()) {
            if (random.nextInt(3) == 0) {
                continue;
            }
            TreeMap<Digest, ResultNotes> results = new TreeMap<>();
            for (CacheExportResult result : record.results()) {
                results.put(
                        Notes.resultKey(result.remote().descriptors()),
                        new ResultNotes(
                                new TreeMap<>(Map.of("out", Digest.sha256("tree " + random.nextInt(2)))),
                                random.nextBoolean() ? OptionalLong.of(random.nextInt(3)) : OptionalLong.empty()));
            }
            if (random.nextInt(4) == 0) {
                results.put(Digest.sha256("gone"), new ResultNotes(new TreeMap<>(), OptionalLong.of(1)));
            }
            TreeMap<String, String> parts = new TreeMap<>();
            for (int n = random.nextInt(3); n > 0; n--) {
                parts.put("arg[" + n + "]", "word " + random.nextInt(2));
            }
            notes.put(
                    record.identity(),
                    new RecordNotes(new TreeSet<>(List.of("name " + random.nextInt(2))), parts, results));
        }
        return new Notes(notes);
    }

    private interface Law {
        void check(Caches caches, Random random) throws IOException;
    }

    private static void check(Function<Random, List<RandomRecords.Add>> generator, Law law) throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            Caches caches = caches(random, generator);
            try {
                law.check(caches, random);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("case " + i + ": " + caches.adds(), e);
            }
        }
    }

    private static NotedChains union(NotedChains... caches) {
        return CacheUnion.of(List.of(caches));
    }

    private static void assertSame(NotedChains expected, NotedChains actual) {
        assertArrayEquals(
                expected.chains().config().toBytes(), actual.chains().config().toBytes());
        assertEquals(expected.chains().layers(), actual.chains().layers());
        assertEquals(expected.notes(), actual.notes());
    }

    @BeforeAll
    static void printSeed() {
        System.out.println("CacheUnionPropertyTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    @Test
    void union_ofACacheWithItself_isThatCacheByteForByte() throws IOException {
        check(RandomRecords::adds, (caches, random) -> {
            NotedChains cache = caches.get(0);
            NotedChains once = union(cache);
            assertArrayEquals(
                    cache.chains().config().toBytes(), once.chains().config().toBytes());
            assertSame(once, union(cache, cache));
            assertSame(once, union(once));
            assertSame(once, reread(once.chains(), once.notes()));
            assertSame(once, union(cache, once));
        });
    }

    @Test
    void union_inAnyOrder_isTheSameByteForByte() throws IOException {
        check(RandomRecords::adds, (caches, random) -> {
            NotedChains union = CacheUnion.of(caches.read());
            List<NotedChains> others = new ArrayList<>(caches.read());
            others.add(others.get(random.nextInt(3)));
            Collections.shuffle(others, random);
            assertSame(union, CacheUnion.of(others));
        });
    }

    @Test
    void union_ofUnions_isTheSameByteForByteWhereNothingLoops() throws IOException {
        check(RandomRecords::layeredAdds, (caches, random) -> {
            NotedChains all = CacheUnion.of(caches.read());
            NotedChains left = union(caches.get(0), caches.get(1));
            NotedChains right = union(caches.get(1), caches.get(2));
            assertSame(all, union(left, caches.get(2)));
            assertSame(all, union(caches.get(0), right));
            assertSame(all, union(reread(left.chains(), left.notes()), right));
        });
    }

    @Test
    void union_ofUnions_isTheSameCacheButForTheLinksThatWouldLoop() throws IOException {
        int[] differ = new int[1];
        check(RandomRecords::adds, (caches, random) -> {
            byte[] all = CacheUnion.of(caches.read()).chains().config().toBytes();
            byte[] left = union(union(caches.get(0), caches.get(1)), caches.get(2))
                    .chains()
                    .config()
                    .toBytes();
            differ[0] += Digest.sha256(all).equals(Digest.sha256(left)) ? 0 : 1;
            assertEquals(Optional.empty(), SameCache.difference(all, left, rules(caches)));
        });
        assertTrue(differ[0] < CASES / 100, "loops are rare: " + differ[0]);
    }

    private static SameCache.Options rules(Caches caches) {
        return SameCache.Options.withRules(OfferedResults.ofAdds(
                RandomRecords.json(caches.adds().stream().flatMap(List::stream).toList())));
    }

    /** By the rule that the golden caches are compared with: BuildKit would have made this of all records one after another. */
    @Test
    void union_isTheCacheOfAllRecordsAddedToOne() throws IOException {
        int[] shared = new int[1];
        check(RandomRecords::adds, (caches, random) -> {
            List<RandomRecords.Add> all = new ArrayList<>();
            int sum = 0;
            for (int n = 0; n < 3; n++) {
                int offset = all.size();
                for (RandomRecords.Add add : caches.adds().get(n)) {
                    List<List<RandomRecords.Way>> inputs = add.inputs().stream()
                            .map(ways -> ways.stream()
                                    .map(way -> new RandomRecords.Way(way.add() + offset, way.selector()))
                                    .toList())
                            .toList();
                    all.add(new RandomRecords.Add(add.digest(), inputs, add.results()));
                }
                sum += caches.get(n).chains().records().size();
            }
            NormalizedChains union = CacheUnion.of(caches.read()).chains();
            shared[0] += union.records().size() < sum ? 1 : 0;
            assertEquals(
                    Optional.empty(),
                    SameCache.difference(
                            RandomRecords.asAdded(all), union.config().toBytes(), rules(caches)));
        });
        assertTrue(shared[0] > CASES / 2, "caches had records in common in so many cases: " + shared[0]);
    }

    @Test
    void union_hasEveryRecordOfEachWithItsLinksNotesAndAResultAsNew() throws IOException {
        check(RandomRecords::layeredAdds, (caches, random) -> {
            NotedChains union = CacheUnion.of(caches.read());
            Set<Digest> taken = new HashSet<>();
            for (NotedChains cache : caches.read()) {
                List<ChainRecord> records = cache.chains().records();
                int[] image = new int[records.size()];
                for (int index : cache.chains().sourcesFirst()) {
                    image[index] =
                            image(records.get(index), image, union.chains().records());
                    ChainRecord there = union.chains().records().get(image[index]);
                    taken.add(there.identity());
                    assertHasResult(records.get(index), there);
                    Optional<RecordNotes> own =
                            cache.notes().record(records.get(index).identity());
                    if (own.isPresent()) {
                        RecordNotes now = union.notes().record(there.identity()).orElseThrow();
                        assertTrue(now.names().containsAll(own.get().names()), now::toString);
                    }
                }
            }
            for (ChainRecord record : union.chains().records()) {
                assertTrue(taken.contains(record.identity()), () -> "of no cache: " + record);
            }
            assertTrue(taken.containsAll(union.notes().records().keySet()));
            for (NotedChains cache : caches.read()) {
                assertTrue(union.isSame(union(union, cache)));
            }
        });
    }

    /** The record of the union that everything leads to that leads to the record. */
    private static int image(ChainRecord record, int[] image, List<ChainRecord> union) {
        List<Integer> found = new ArrayList<>();
        for (int u = 0; u < union.size(); u++) {
            ChainRecord there = union.get(u);
            boolean same = there.digest().equals(record.digest())
                    && there.inputs().size() == record.inputs().size();
            for (int i = 0; same && i < record.inputs().size(); i++) {
                Set<ChainRecord.ChainLink> ways = new HashSet<>(there.inputs().get(i));
                for (ChainRecord.ChainLink link : record.inputs().get(i)) {
                    same &= ways.contains(new ChainRecord.ChainLink(link.selector(), image[link.index()]));
                }
            }
            if (same) {
                found.add(u);
            }
        }
        assertEquals(1, found.size(), () -> "records of the union that are " + record + ": " + found);
        return found.get(0);
    }

    private static void assertHasResult(ChainRecord record, ChainRecord there) {
        Optional<CacheExportResult> own = record.results().stream()
                .filter(result -> !result.remote().descriptors().isEmpty())
                .findFirst();
        if (own.isPresent()) {
            CacheExportResult written = there.results().get(0);
            List<Descriptor> layers = written.remote().descriptors();
            assertFalse(layers.isEmpty(), record::toString);
            assertTrue(written.createdAt().compareTo(own.get().createdAt()) >= 0, record::toString);
        }
    }
}
