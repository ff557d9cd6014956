package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What every key storage answers, whether or not anything can be added to it. It holds: two roots, {@link #LEFT} and
 * {@link #RIGHT}, the first with a result; a key that is reached from either by input 0 (with a selector from the left) and
 * from the right by input 1, with a result; on it a key without a result.
 */
public abstract class CacheKeyStorageContract {
    protected static final Digest LEFT = OutputKeys.of(TestGraph.digest("left"), 0);
    protected static final Digest RIGHT = OutputKeys.of(TestGraph.digest("right"), 0);
    protected static final Digest MIDDLE = OutputKeys.of(TestGraph.digest("middle"), 0);
    protected static final Digest TOP = OutputKeys.of(TestGraph.digest("top"), 0);
    protected static final Digest SELECTOR = TestGraph.digest("/src");
    protected static final Timestamp TIME = Timestamp.of(Instant.parse("2026-01-02T03:04:05Z"));

    private static final CacheInfoLink LEFT_BY_0 = new CacheInfoLink(0, MIDDLE, Optional.of(SELECTOR));
    private static final CacheInfoLink RIGHT_BY_0 = new CacheInfoLink(0, MIDDLE, Optional.empty());
    private static final CacheInfoLink RIGHT_BY_1 = new CacheInfoLink(1, MIDDLE, Optional.empty());
    private static final CacheInfoLink MIDDLE_BY_0 = new CacheInfoLink(0, TOP, Optional.empty());

    /** A storage that holds what is said above. */
    protected abstract CacheKeyStorage filled();

    /** The key storage of a manager. */
    protected static CacheKeyStorage keysOf(StorageCacheManager manager) {
        return manager.keys();
    }

    private static List<String> targets(CacheKeyStorage keys, String id, CacheInfoLink link) {
        List<String> targets = new ArrayList<>();
        keys.walkLinks(id, link, targets::add);
        return targets;
    }

    private static String only(List<String> ids) {
        assertEquals(1, ids.size(), ids.toString());
        return ids.get(0);
    }

    private static String middle(CacheKeyStorage keys) {
        return only(targets(keys, LEFT.toString(), LEFT_BY_0));
    }

    private static List<CacheResult> results(CacheKeyStorage keys, String id) {
        List<CacheResult> results = new ArrayList<>();
        keys.walkResults(id, results::add);
        return results;
    }

    @Test
    void exists_ofKeys_tellsThoseThatAreThere() {
        CacheKeyStorage keys = filled();

        assertTrue(keys.exists(LEFT.toString()));
        assertTrue(keys.exists(RIGHT.toString()));
        assertTrue(keys.exists(middle(keys)));
        assertFalse(keys.exists("nobody"));
        assertFalse(keys.exists(TestGraph.digest("nobody").toString()));
    }

    @Test
    void walk_visitsEveryKeyOnce() {
        CacheKeyStorage keys = filled();
        List<String> ids = new ArrayList<>();
        keys.walk(ids::add);

        assertEquals(4, ids.size());
        assertEquals(4, new HashSet<>(ids).size());
        assertTrue(ids.containsAll(List.of(LEFT.toString(), RIGHT.toString(), middle(keys))));
        assertTrue(ids.stream().allMatch(keys::exists));
    }

    @Test
    void walkLinks_fromAnyInput_givesTheSameTarget() {
        CacheKeyStorage keys = filled();
        String middle = middle(keys);

        assertEquals(List.of(middle), targets(keys, RIGHT.toString(), RIGHT_BY_0));
        assertEquals(List.of(middle), targets(keys, RIGHT.toString(), RIGHT_BY_1));
        only(targets(keys, middle, MIDDLE_BY_0));
    }

    @Test
    void walkLinks_byAnotherLink_givesNothing() {
        CacheKeyStorage keys = filled();
        String left = LEFT.toString();

        assertEquals(List.of(), targets(keys, left, new CacheInfoLink(0, MIDDLE, Optional.empty())));
        assertEquals(List.of(), targets(keys, left, new CacheInfoLink(1, MIDDLE, Optional.of(SELECTOR))));
        assertEquals(List.of(), targets(keys, left, new CacheInfoLink(0, TOP, Optional.of(SELECTOR))));
        assertEquals(List.of(), targets(keys, "nobody", LEFT_BY_0));
    }

    @Test
    void countLinks_countsWhatWalkLinksVisits() {
        CacheKeyStorage keys = filled();

        assertEquals(1, keys.countLinks(LEFT.toString(), LEFT_BY_0));
        assertEquals(0, keys.countLinks(LEFT.toString(), RIGHT_BY_1));
        assertEquals(0, keys.countLinks("nobody", LEFT_BY_0));
    }

    @Test
    void hasLink_tellsThatOneLink() {
        CacheKeyStorage keys = filled();
        String middle = middle(keys);

        assertTrue(keys.hasLink(LEFT.toString(), LEFT_BY_0, middle));
        assertTrue(keys.hasLink(RIGHT.toString(), RIGHT_BY_1, middle));
        assertFalse(keys.hasLink(LEFT.toString(), RIGHT_BY_1, middle));
        assertFalse(keys.hasLink(LEFT.toString(), LEFT_BY_0, RIGHT.toString()));
        assertFalse(keys.hasLink(LEFT.toString(), LEFT_BY_0, "nobody"));
        assertFalse(keys.hasLink("nobody", LEFT_BY_0, middle));
    }

    @Test
    void walkBacklinks_visitsEveryLinkThatLeadsToAKey() {
        CacheKeyStorage keys = filled();
        String middle = middle(keys);
        Set<String> seen = new TreeSet<>();
        keys.walkBacklinks(middle, (source, link) -> seen.add(source + " " + link));

        assertEquals(
                new TreeSet<>(List.of(LEFT + " " + LEFT_BY_0, RIGHT + " " + RIGHT_BY_0, RIGHT + " " + RIGHT_BY_1)),
                seen);
    }

    @Test
    void walkBacklinks_ofRootsAndOfWhatIsNotThere_visitsNothing() {
        CacheKeyStorage keys = filled();
        List<String> seen = new ArrayList<>();
        keys.walkBacklinks(LEFT.toString(), (source, link) -> seen.add(source));
        keys.walkBacklinks("nobody", (source, link) -> seen.add(source));

        assertEquals(List.of(), seen);
    }

    @Test
    void walkResults_givesResultsWithTheirTime() {
        CacheKeyStorage keys = filled();

        assertEquals(1, results(keys, LEFT.toString()).size());
        assertEquals(TIME, results(keys, LEFT.toString()).get(0).createdAt());
        assertEquals(1, results(keys, middle(keys)).size());
        assertEquals(List.of(), results(keys, RIGHT.toString()));
        assertEquals(List.of(), results(keys, only(targets(keys, middle(keys), MIDDLE_BY_0))));
        assertEquals(List.of(), results(keys, "nobody"));
    }

    @Test
    void load_givesAResultOfThatKeyOnly() {
        CacheKeyStorage keys = filled();
        CacheResult left = results(keys, LEFT.toString()).get(0);
        CacheResult middle = results(keys, middle(keys)).get(0);

        assertEquals(Optional.of(left), keys.load(LEFT.toString(), left.id()));
        assertEquals(Optional.empty(), keys.load(LEFT.toString(), middle.id()));
        assertEquals(Optional.empty(), keys.load(LEFT.toString(), "no result"));
        assertEquals(Optional.empty(), keys.load("nobody", left.id()));
    }

    @Test
    void walkIdsByResult_givesTheKeysThatHaveIt() {
        CacheKeyStorage keys = filled();
        List<String> ids = new ArrayList<>();
        keys.walkIdsByResult(results(keys, LEFT.toString()).get(0).id(), ids::add);
        assertEquals(List.of(LEFT.toString()), ids);

        keys.walkIdsByResult("no result", ids::add);
        assertEquals(1, ids.size());
    }

    @Test
    void changes_whileItIsWalked_doNotDisturb() {
        CacheKeyStorage keys = filled();
        List<String> visited = new ArrayList<>();
        keys.walk(id -> {
            visited.add(id);
            keys.addLink(id, new CacheInfoLink(0, TestGraph.digest("more"), Optional.empty()), "more of " + id);
            keys.walkLinks(LEFT.toString(), LEFT_BY_0, target -> keys.addResult(target, new CacheResult("r", TIME)));
        });

        assertEquals(4, visited.size());
    }
}
