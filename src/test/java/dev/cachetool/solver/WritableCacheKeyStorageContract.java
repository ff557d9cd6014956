package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.oci.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every key storage does that can be added to. */
public abstract class WritableCacheKeyStorageContract extends CacheKeyStorageContract {
    private static final CacheInfoLink LINK = new CacheInfoLink(0, TOP, Optional.empty());
    private static final CacheResult RESULT = new CacheResult("result", TIME);

    private CacheKeyStorage keys;

    /** A storage without anything, and another one each time. */
    protected abstract CacheKeyStorage empty();

    @BeforeEach
    void makeStorage() {
        keys = empty();
    }

    @Override
    protected final CacheKeyStorage filled() {
        CacheKeyStorage filled = empty();
        filled.addResult(LEFT.toString(), new CacheResult("left", TIME));
        filled.addLink(LEFT.toString(), new CacheInfoLink(0, MIDDLE, Optional.of(SELECTOR)), "middle");
        filled.addLink(RIGHT.toString(), new CacheInfoLink(0, MIDDLE, Optional.empty()), "middle");
        filled.addLink(RIGHT.toString(), new CacheInfoLink(1, MIDDLE, Optional.empty()), "middle");
        filled.addResult("middle", new CacheResult("made of both", TIME));
        filled.addLink("middle", new CacheInfoLink(0, TOP, Optional.empty()), "top");
        return filled;
    }

    @Test
    void addLink_onceMore_changesNothing() {
        keys.addLink("a", LINK, "b");
        keys.addLink("a", LINK, "b");

        assertEquals(1, keys.countLinks("a", LINK));
        List<String> back = new ArrayList<>();
        keys.walkBacklinks("b", (source, link) -> back.add(source));
        assertEquals(List.of("a"), back);
    }

    @Test
    void addLink_toSeveral_keepsAll() {
        keys.addLink("a", LINK, "b");
        keys.addLink("a", LINK, "c");

        assertEquals(2, keys.countLinks("a", LINK));
        assertTrue(keys.hasLink("a", LINK, "b"));
        assertTrue(keys.hasLink("a", LINK, "c"));
    }

    @Test
    void addResult_withAnIdThatIsThere_replacesIt() {
        keys.addResult("a", RESULT);
        CacheResult later =
                new CacheResult("result", Timestamp.of(TIME.instant().plusSeconds(1)));
        keys.addResult("a", later);

        List<CacheResult> results = new ArrayList<>();
        keys.walkResults("a", results::add);
        assertEquals(List.of(later), results);
    }

    @Test
    void release_ofAResult_forgetsItEverywhere() {
        keys.addResult("a", RESULT);
        keys.addResult("b", RESULT);
        keys.addResult("b", new CacheResult("other", TIME));
        keys.release("result");

        assertFalse(keys.exists("a"));
        assertTrue(keys.exists("b"));
        assertEquals(Optional.empty(), keys.load("b", "result"));
        List<String> ids = new ArrayList<>();
        keys.walkIdsByResult("result", ids::add);
        assertEquals(List.of(), ids);
    }

    @Test
    void release_ofTheLastResult_forgetsTheKeysThatLeadNowhereElse() {
        keys.addLink("a", LINK, "b");
        keys.addLink("b", LINK, "c");
        keys.addLink("a", LINK, "other");
        keys.addResult("c", RESULT);
        keys.addResult("other", new CacheResult("other", TIME));
        keys.release("result");

        assertFalse(keys.exists("c"));
        assertFalse(keys.exists("b"));
        assertTrue(keys.exists("a"));
        assertEquals(1, keys.countLinks("a", LINK));
    }

    @Test
    void release_ofAKeyThatLeadsOn_keepsTheKey() {
        keys.addLink("a", LINK, "b");
        keys.addResult("a", RESULT);
        keys.addResult("b", new CacheResult("other", TIME));
        keys.release("result");

        assertTrue(keys.exists("a"));
        assertTrue(keys.hasLink("a", LINK, "b"));
    }

    @Test
    void release_ofALongChain_needsNoDeepStack() {
        int length = 100_000;
        for (int i = 1; i < length; i++) {
            keys.addLink("" + (i - 1), LINK, "" + i);
        }
        keys.addResult("" + (length - 1), RESULT);
        keys.release("result");

        keys.walk(id -> {
            throw new AssertionError(id + " is still there");
        });
    }

    @Test
    void release_ofWhatIsNotThere_doesNothing() {
        keys.addResult("a", RESULT);
        keys.release("nothing");

        assertTrue(keys.exists("a"));
    }

    @Test
    void storage_whenSeveralThreadsAdd_holdsEverything() throws Exception {
        int threads = 4;
        int each = 1_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                all.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        keys.addLink("source " + i % 7, LINK, "target " + thread + " " + i);
                        keys.addResult("target " + thread + " " + i, new CacheResult("result " + i, TIME));
                        keys.walkLinks("source " + i % 7, LINK, target -> {});
                    }
                }));
            }
            for (Future<?> future : all) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }

        int links = 0;
        for (int i = 0; i < 7; i++) {
            links += keys.countLinks("source " + i, LINK);
        }
        assertEquals(threads * each, links);
        int[] withResult = new int[1];
        for (int i = 0; i < each; i++) {
            keys.walkIdsByResult("result " + i, id -> withResult[0]++);
        }
        assertEquals(threads * each, withResult[0]);
    }
}
