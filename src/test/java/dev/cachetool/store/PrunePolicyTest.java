package dev.cachetool.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.store.PrunePolicy.Filter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a policy decides to remove. {@code -Dcachetool.seed=N} runs other random cases. */
final class PrunePolicyTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final long SEED = Long.getLong("cachetool.seed", 20_261_125L);

    private static StoreRow row(String id, StoreRow.Kind kind, long bytes, int daysUnused, boolean held) {
        Instant used = NOW.minus(Duration.ofDays(daysUnused));
        return new StoreRow(kind, id, "step " + id, bytes, used, used, held);
    }

    private static final List<StoreRow> ROWS = List.of(
            row("new", StoreRow.Kind.RESULT, 100, 1, false),
            row("old", StoreRow.Kind.RESULT, 200, 9, false),
            row("pulled", StoreRow.Kind.PULLED, 400, 5, false),
            row("held", StoreRow.Kind.RESULT, 800, 30, true),
            row("cache", StoreRow.Kind.CACHE, 1600, 40, false));

    private static List<String> victims(PrunePolicy policy) {
        return policy.victims(ROWS, NOW).stream().map(StoreRow::id).toList();
    }

    private static PrunePolicy policy(Integer keepDays, Long keepBytes, Long keepCount, Filter... filters) {
        return new PrunePolicy(
                Optional.ofNullable(keepDays).map(Duration::ofDays),
                keepBytes == null ? OptionalLong.empty() : OptionalLong.of(keepBytes),
                keepCount == null ? OptionalLong.empty() : OptionalLong.of(keepCount),
                List.of(filters),
                false);
    }

    private static Filter filter(Filter.Key key, String text) {
        return new Filter(key, text, Duration.ZERO);
    }

    @Test
    void all_whenApplied_takesEverythingButWhatIsHeldOrKeptForSteps() {
        assertEquals(List.of("old", "pulled", "new"), victims(PrunePolicy.all()));
    }

    @Test
    void caches_whenAskedFor_goAsWell() {
        PrunePolicy policy =
                new PrunePolicy(Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), List.of(), true);
        assertEquals(List.of("cache", "old", "pulled", "new"), victims(policy));
    }

    @Test
    void age_whenGiven_keepsWhatWasUsedSince() {
        assertEquals(List.of("old"), victims(policy(7, null, null)));
        assertEquals(List.of("old", "pulled"), victims(policy(5, null, null)));
    }

    @Test
    void bytes_whenGiven_removesTheOldestUntilTheStoreIsSmallEnough() {
        assertEquals(List.of(), victims(policy(null, 3100L, null)));
        assertEquals(List.of("old"), victims(policy(null, 3099L, null)));
        assertEquals(List.of("old", "pulled"), victims(policy(null, 2899L, null)));
        assertEquals(List.of("old"), victims(policy(7, 0L, null)), "only what is older, too");
    }

    @Test
    void count_whenGiven_countsRefsAlone() {
        assertEquals(List.of(), victims(policy(null, null, 4L)));
        assertEquals(List.of("old", "pulled"), victims(policy(null, null, 2L)));
    }

    @Test
    void filters_whenOfDifferentKeys_mustAllHold() {
        assertEquals(List.of("pulled"), victims(policy(null, null, null, filter(Filter.Key.TYPE, "pulled"))));
        assertEquals(
                List.of("old", "pulled"),
                victims(policy(null, null, null, filter(Filter.Key.ID, "ol"), filter(Filter.Key.ID, "pu"))));
        assertEquals(
                List.of(),
                victims(policy(
                        null,
                        null,
                        null,
                        filter(Filter.Key.TYPE, "pulled"),
                        filter(Filter.Key.DESCRIPTION, "step old"))));
        assertEquals(
                List.of("old"),
                victims(policy(null, null, null, new Filter(Filter.Key.UNUSED_FOR, "9d", Duration.ofDays(9)))));
    }

    @Test
    void victims_whenRandom_areNeverHeldAndNeverMoreThanNeeded() {
        System.out.println("PrunePolicyTest: -Dcachetool.seed=" + SEED);
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            List<StoreRow> rows = new ArrayList<>();
            long total = 0;
            for (int i = random.nextInt(20); i >= 0; i--) {
                StoreRow.Kind[] kinds = StoreRow.Kind.values();
                rows.add(row(
                        "r" + i,
                        kinds[random.nextInt(kinds.length)],
                        random.nextInt(1000),
                        random.nextInt(30),
                        random.nextInt(4) == 0));
                total += rows.get(rows.size() - 1).bytes();
            }
            long keep = random.nextInt(10_000);
            List<StoreRow> victims = policy(null, keep, null).victims(rows, NOW);
            Set<StoreRow> gone = new HashSet<>(victims);
            long left = total;
            for (StoreRow victim : victims) {
                assertTrue(!victim.held() && victim.kind().isRef());
                assertTrue(left > keep, "nothing goes once it is small enough");
                left -= victim.bytes();
            }
            for (StoreRow row : rows) {
                boolean couldGo = !row.held() && row.kind().isRef() && !gone.contains(row);
                assertTrue(!couldGo || left <= keep, "what could go stays only when it is small enough");
                for (StoreRow victim : victims) {
                    assertTrue(!couldGo || !row.lastUsed().isBefore(victim.lastUsed()), "the oldest goes first");
                }
            }
        }
    }
}
