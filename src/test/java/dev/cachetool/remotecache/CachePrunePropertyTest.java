package dev.cachetool.remotecache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.CachePrunePolicy.Dropped;
import dev.cachetool.remotecache.CachePrunePolicy.Reason;
import dev.cachetool.remotecache.CacheResults.Row;
import dev.cachetool.remotecache.Notes.RecordNotes;
import dev.cachetool.remotecache.Notes.ResultNotes;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds of every prune, on caches of random records. {@code -Dcachetool.seed=N} runs others. */
final class CachePrunePropertyTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20261127);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:01Z");
    private static final CacheArtifactWriter WRITER = new CacheArtifactWriter(ArtifactForm.IMAGE_MANIFEST, true);

    private interface Property {
        void check(NotedChains cache, Random random);
    }

    private static void check(Property property) {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            List<RandomRecords.Add> adds = RandomRecords.adds(random);
            NormalizedChains chains = RandomRecords.chains(adds, RandomRecords.asGiven(adds), random, false);
            try {
                property.check(new NotedChains(chains, notes(chains)), random);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("case " + i + ": " + adds, e);
            }
        }
    }

    private static Notes notes(NormalizedChains chains) {
        TreeMap<Digest, RecordNotes> notes = new TreeMap<>();
        for (ChainRecord each : chains.records()) {
            TreeMap<Digest, ResultNotes> results = new TreeMap<>();
            each.results()
                    .forEach(result -> results.put(
                            Notes.resultKey(result.remote().descriptors()),
                            new ResultNotes(new TreeMap<>(), OptionalLong.of(1))));
            notes.put(
                    each.identity(),
                    new RecordNotes(
                            new TreeSet<>(List.of("v" + notes.size())), new TreeMap<>(Map.of("arg", "a")), results));
        }
        return new Notes(notes);
    }

    private static CachePrunePolicy randomPolicy(CacheResults results, Random random) {
        Set<Integer> kept = new HashSet<>();
        Set<Integer> reached = new HashSet<>();
        for (Row row : results.rows()) {
            if (random.nextInt(5) == 0) {
                kept.add(row.record());
            }
            if (random.nextInt(4) > 0) {
                reached.add(row.record());
            }
        }
        return new CachePrunePolicy(
                random.nextBoolean() ? Optional.of(Duration.ofDays(random.nextInt(90))) : Optional.empty(),
                random.nextBoolean() ? OptionalLong.of(random.nextInt(5)) : OptionalLong.empty(),
                random.nextBoolean() ? OptionalLong.of(random.nextInt(30)) : OptionalLong.empty(),
                row -> kept.contains(row.record()),
                row -> reached.contains(row.record()));
    }

    private static CachePrunePolicy policy(OptionalLong maxResults, OptionalLong maxBytes, Predicate<Row> kept) {
        return new CachePrunePolicy(Optional.empty(), maxResults, maxBytes, kept, row -> true);
    }

    private static Set<Digest> identities(CacheResults results) {
        return results.rows().stream().map(Row::identity).collect(Collectors.toSet());
    }

    private static byte[] config(NotedChains cache) {
        return cache.chains().config().toBytes();
    }

    @BeforeAll
    static void printSeed() {
        System.out.println("CachePrunePropertyTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    @Test
    void prune_byAnyBounds_keepsExactlyWhatIsNotDropped() {
        check((cache, random) -> {
            CacheResults results = CacheResults.of(cache);
            CachePrunePolicy.Decision decision = randomPolicy(results, random).decide(results, NOW);
            NotedChains left = decision.left(cache);

            Set<Digest> expected = identities(results);
            decision.dropped().forEach(each -> expected.remove(each.row().identity()));
            assertEquals(expected, identities(CacheResults.of(left)));
            // Every record that stays leads to a result, and says what it said before.
            Map<Digest, ChainRecord> before =
                    cache.chains().records().stream().collect(Collectors.toMap(ChainRecord::identity, each -> each));
            Set<Integer> used = new HashSet<>();
            List<ChainRecord> records = left.chains().records();
            for (ChainRecord each : records) {
                each.inputs().forEach(links -> links.forEach(link -> used.add(link.index())));
                ChainRecord was = before.get(each.identity());
                assertEquals(was.digest(), each.digest());
                for (int i = 0; i < was.inputs().size(); i++) {
                    assertEquals(
                            was.inputs().get(i).stream()
                                    .map(link -> link.selector()
                                            + cache.chains()
                                                    .records()
                                                    .get(link.index())
                                                    .identity())
                                    .toList(),
                            each.inputs().get(i).stream()
                                    .map(link -> link.selector()
                                            + records.get(link.index()).identity())
                                    .toList());
                }
            }
            if (!decision.dropped().isEmpty()) {
                for (int i = 0; i < records.size(); i++) {
                    assertTrue(
                            used.contains(i) || expected.contains(records.get(i).identity()));
                }
            }
        });
    }

    @Test
    void prune_givesTheNormalFormOfWhatIsLeft() {
        check((cache, random) -> {
            BitSet some = new BitSet();
            for (int i = 0; i < cache.chains().records().size(); i++) {
                some.set(i, random.nextBoolean());
            }
            NotedChains left = cache.withResultsOf(some);
            CacheChains again = new CacheChains();
            again.addAll(left.chains(), result -> result);
            NormalizedChains normal = again.normalize();
            assertArrayEquals(normal.config().toBytes(), config(left));
            assertEquals(normal.layers(), left.chains().layers());
        });
    }

    @Test
    void prune_filtersNotesWithTheRecordsAndResults() {
        check((cache, random) -> {
            CacheResults results = CacheResults.of(cache);
            NotedChains left =
                    randomPolicy(results, random).decide(results, NOW).left(cache);
            if (left.chains().records().equals(cache.chains().records())) {
                return;
            }
            Set<Digest> records = new TreeSet<>();
            for (ChainRecord each : left.chains().records()) {
                records.add(each.identity());
                assertEquals(
                        cache.notes().record(each.identity()).orElseThrow().names(),
                        left.notes().record(each.identity()).orElseThrow().names());
                Set<Digest> keys = new TreeSet<>();
                each.results()
                        .forEach(result ->
                                keys.add(Notes.resultKey(result.remote().descriptors())));
                assertEquals(
                        keys,
                        left.notes()
                                .record(each.identity())
                                .orElseThrow()
                                .results()
                                .keySet());
            }
            assertEquals(records, left.notes().records().keySet());
        });
    }

    @Test
    void prune_twice_isTheSameAsOnce() {
        check((cache, random) -> {
            CacheResults results = CacheResults.of(cache);
            OptionalLong maxResults = random.nextBoolean() ? OptionalLong.of(random.nextInt(5)) : OptionalLong.empty();
            OptionalLong maxBytes = random.nextBoolean() ? OptionalLong.of(random.nextInt(30)) : OptionalLong.empty();
            String keptName = "v" + random.nextInt(8);
            CachePrunePolicy policy =
                    policy(maxResults, maxBytes, row -> row.names().contains(keptName));
            NotedChains once = policy.decide(results, NOW).left(cache);
            CachePrunePolicy.Decision again = policy.decide(CacheResults.of(once), NOW);
            assertEquals(List.of(), again.dropped());
            assertArrayEquals(config(once), config(again.left(once)));
        });
    }

    @Test
    void prune_bounds_holdAfterwardsAndNothingGoesInVain() {
        Map<Reason, Integer> dropped = new EnumMap<>(Reason.class);
        check((cache, random) -> {
            CacheResults results = CacheResults.of(cache);
            CachePrunePolicy policy = randomPolicy(results, random);
            CachePrunePolicy.Decision decision = policy.decide(results, NOW);
            Set<Row> left = new HashSet<>(results.rows());
            for (Dropped each : decision.dropped()) {
                assertFalse(policy.kept().test(each.row()));
                left.remove(each.row());
                dropped.merge(each.reason(), 1, Integer::sum);
            }
            CacheResults after = new CacheResults(List.copyOf(left));
            boolean few = policy.maxResults().isEmpty()
                    || left.size() <= policy.maxResults().getAsLong();
            boolean small = policy.maxBytes().isEmpty()
                    || after.bytes() <= policy.maxBytes().getAsLong();
            assertEquals(decision.isWithinBounds(), few && small);
            // What is kept by rules alone is beyond a bound; the rest takes nothing, or could go for the other bound.
            Set<Descriptor> ofKept = new HashSet<>();
            left.stream().filter(policy.kept()).forEach(row -> ofKept.addAll(row.layers()));
            assertTrue(few || left.stream().allMatch(policy.kept()));
            assertTrue(small
                    || left.stream().allMatch(row -> policy.kept().test(row) || ofKept.containsAll(row.layers())));
            for (Row row : left) {
                assertTrue(policy.kept().test(row) || policy.reachable().test(row));
                assertTrue(policy.kept().test(row)
                        || policy.keepLast().isEmpty()
                        || row.createdAt()
                                .instant()
                                .isAfter(NOW.minus(policy.keepLast().get())));
            }
            // What is freed in order is what all of them had and what is left has not.
            assertEquals(
                    results.bytes() - after.bytes(),
                    decision.dropped().stream().mapToLong(Dropped::freed).sum());
        });
        for (Reason bound : List.of(Reason.AGE, Reason.COUNT, Reason.SIZE, Reason.UNREACHABLE)) {
            assertTrue(dropped.getOrDefault(bound, 0) > 100, bound + " dropped " + dropped);
        }
    }

    @Test
    void prune_ofResultsThatShareLayers_keepsForSizeWhatTakesNothing() {
        List<RandomRecords.Add> adds = List.of(
                new RandomRecords.Add(Digest.sha256("root").toString(), List.of(), List.of()),
                step("old", "2026-01-01T00:00:00Z", "base"),
                step("middle", "2026-01-02T00:00:00Z", "other"),
                step("new", "2026-01-03T00:00:00Z", "base", "top"));
        NormalizedChains chains = RandomRecords.chains(adds, RandomRecords.asGiven(adds), new Random(1), false);
        NotedChains cache = new NotedChains(chains, Notes.NONE);
        CacheResults results = CacheResults.of(cache);

        CachePrunePolicy.Decision decision =
                policy(OptionalLong.empty(), OptionalLong.of(7), row -> false).decide(results, NOW);

        assertEquals(
                List.of(Digest.sha256("middle").toString()),
                decision.dropped().stream().map(each -> each.row().digest()).toList());
        assertEquals(5, decision.dropped().get(0).freed());
    }

    private static RandomRecords.Add step(String name, String time, String... blobs) {
        return new RandomRecords.Add(
                Digest.sha256(name).toString(),
                List.of(List.of(new RandomRecords.Way(0, ""))),
                List.of(new RandomRecords.Made(time, List.of(blobs))));
    }

    @Test
    void fit_toAnySize_isWithinItAndDropsNoMoreThanNeeded() {
        check((cache, random) -> {
            Optional<CacheContents> contents = WRITER.contents(cache);
            if (contents.isEmpty()) {
                return;
            }
            long limit = random.nextInt(contents.get().manifest().bytes().length + 200);
            CacheFit fit = CacheFit.of(cache, WRITER, limit);

            assertEquals(fit.contents().isPresent(), fit.fits());
            List<Row> rows = CacheResults.of(cache).rows();
            int dropped = fit.dropped().size();
            assertEquals(
                    rows.subList(0, dropped),
                    fit.dropped().stream().map(Dropped::row).toList(),
                    "the oldest go");
            assertEquals(
                    rows.size() - dropped, CacheResults.of(fit.cache()).rows().size());
            if (fit.contents().isPresent()) {
                assertTrue(fit.contents().get().manifest().bytes().length <= limit);
                assertTrue(config(fit.cache()).length <= limit);
            }
            if (dropped > 0) {
                BitSet more = new BitSet();
                rows.subList(dropped - 1, rows.size()).forEach(row -> more.set(row.record()));
                NotedChains before = cache.withResultsOf(more);
                long manifest = WRITER.contents(before).orElseThrow().manifest().bytes().length;
                assertTrue(manifest > limit || config(before).length > limit, "one less would do");
            }
        });
    }

    @Test
    void fit_withKeptResults_dropsOthersAlone() {
        check((cache, random) -> {
            List<Row> rows = CacheResults.of(cache).rows();
            if (rows.isEmpty()) {
                return;
            }
            Row kept = rows.get(random.nextInt(rows.size()));
            CacheFit fit = CacheFit.of(cache, WRITER, 1, kept::equals);
            assertFalse(fit.fits());
            assertEquals(Set.of(kept.identity()), identities(CacheResults.of(fit.cache())));
        });
    }

    @Test
    void results_ofACache_goOldestFirstAndThenLargestFirst() {
        check((cache, random) -> {
            List<Row> rows = CacheResults.of(cache).rows();
            for (int i = 1; i < rows.size(); i++) {
                Row a = rows.get(i - 1);
                Row b = rows.get(i);
                int byTime = a.createdAt().compareTo(b.createdAt());
                assertTrue(byTime < 0 || (byTime == 0 && a.bytes() >= b.bytes()));
                assertEquals(
                        a.bytes(),
                        a.layers().stream().mapToLong(Descriptor::size).sum());
            }
        });
    }
}
