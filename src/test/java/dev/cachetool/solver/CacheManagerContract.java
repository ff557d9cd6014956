package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.CacheManager.InputKeys;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every cache manager that keeps results answers. */
abstract class CacheManagerContract {
    static final Timestamp TIME = Timestamp.of(Instant.parse("2026-01-02T03:04:05Z"));

    final TestResults results = new TestResults();

    /** An empty manager that keeps its results in {@link #results}. */
    abstract CacheManager manager();

    static Digest op(String name) {
        return TestGraph.digest("op " + name);
    }

    static CacheKey root(String name) {
        return CacheKey.of(op(name), 0, List.of());
    }

    static CacheKeyWithSelector by(CacheKey key) {
        return new CacheKeyWithSelector(new ExportableCacheKey(key, List.of()), Optional.empty());
    }

    static CacheKeyWithSelector by(CacheKey key, String selector) {
        return new CacheKeyWithSelector(
                new ExportableCacheKey(key, List.of()), Optional.of(TestGraph.digest(selector)));
    }

    /** The key of an operation on one input. */
    static CacheKey key(String name, List<CacheKeyWithSelector> input) {
        return CacheKey.of(op(name), 0, List.of(input));
    }

    /** The key of an operation on two inputs. */
    static CacheKey key(String name, List<CacheKeyWithSelector> input, List<CacheKeyWithSelector> other) {
        return CacheKey.of(op(name), 0, List.of(input, other));
    }

    CacheRecord save(CacheManager manager, CacheKey key, String content) throws IOException {
        return save(manager, key, content, 0);
    }

    CacheRecord save(CacheManager manager, CacheKey key, String content, int seconds) throws IOException {
        Timestamp createdAt = Timestamp.of(TIME.instant().plusSeconds(seconds));
        Result result = results.make(content, createdAt, false, false);
        try {
            return manager.save(key, result, createdAt).orElseThrow();
        } finally {
            result.release();
        }
    }

    static List<CacheKey> query(CacheManager manager, String name, List<CacheKeyWithSelector> input) {
        return manager.query(List.of(new InputKeys(0, input)), op(name), 0, Set.of(), Integer.MAX_VALUE);
    }

    static List<CacheKey> query(
            CacheManager manager, String name, List<CacheKeyWithSelector> input, List<CacheKeyWithSelector> other) {
        List<InputKeys> both = List.of(new InputKeys(0, input), new InputKeys(1, other));
        return manager.query(both, op(name), 0, Set.of(), Integer.MAX_VALUE);
    }

    static boolean leads(CacheManager manager, CacheKeyWithSelector key, int inputIndex, String name) {
        return manager.connect(List.of(key), inputIndex, OutputKeys.of(op(name), 0));
    }

    /** What is in the best result of a key. */
    String load(CacheManager manager, CacheKey key) throws IOException {
        CacheRecord best =
                manager.records(key).stream().min(CacheRecord.BEST_FIRST).orElseThrow();
        Result result = manager.load(best).orElseThrow();
        result.release();
        return ((TestResults.TestResult) result).content();
    }

    @Test
    void queryRoot_ofWhatIsNotThere_isEmpty() {
        CacheManager manager = manager();

        assertEquals(Optional.empty(), manager.queryRoot(op("root"), 0));
    }

    @Test
    void queryRoot_ofWhatWasSaved_givesItsResult() throws IOException {
        CacheManager manager = manager();
        save(manager, root("root"), "text");

        CacheKey found = manager.queryRoot(op("root"), 0).orElseThrow();
        assertEquals("text", load(manager, found));
        assertEquals(OutputKeys.of(op("root"), 0), found.recordDigest());
        assertEquals(Optional.empty(), manager.queryRoot(op("root"), 1));
        assertEquals(Optional.empty(), manager.queryRoot(op("other"), 0));
    }

    @Test
    void query_ofWhatWasSaved_findsItByItsInputs() throws IOException {
        CacheManager manager = manager();
        CacheKey root = root("root");
        save(manager, root, "root");
        save(manager, key("step", List.of(by(root, "/src"))), "step");

        List<CacheKey> found = query(manager, "step", List.of(by(root("root"), "/src")));
        assertEquals(1, found.size());
        assertEquals("step", load(manager, found.get(0)));
    }

    @Test
    void query_withAnythingElse_isAMiss() throws IOException {
        CacheManager manager = manager();
        CacheKey root = root("root");
        save(manager, key("step", List.of(by(root, "/src"))), "step");

        assertEquals(List.of(), query(manager, "step", List.of(by(root))));
        assertEquals(List.of(), query(manager, "step", List.of(by(root, "/lib"))));
        assertEquals(List.of(), query(manager, "step", List.of(by(root("other"), "/src"))));
        assertEquals(List.of(), query(manager, "other", List.of(by(root, "/src"))));
        assertEquals(
                List.of(),
                manager.query(List.of(new InputKeys(1, List.of(by(root, "/src")))), op("step"), 0, Set.of(), 10));
        assertEquals(
                List.of(),
                manager.query(List.of(new InputKeys(0, List.of(by(root, "/src")))), op("step"), 1, Set.of(), 10));
    }

    @Test
    void connect_tellsWhetherAKeyLeadsOn() throws IOException {
        CacheManager manager = manager();
        CacheKey root = root("root");
        save(manager, key("step", List.of(by(root, "/src"))), "step");

        assertTrue(leads(manager, by(root("root"), "/src"), 0, "step"));
        assertFalse(leads(manager, by(root("root")), 0, "step"));
        assertFalse(leads(manager, by(root("root"), "/src"), 1, "step"));
        assertFalse(leads(manager, by(root("root"), "/src"), 0, "other"));
        assertFalse(manager.connect(List.of(), 0, OutputKeys.of(op("step"), 0)));
    }

    @Test
    void query_ofSeveralInputs_givesWhatAllOfThemLeadTo() throws IOException {
        CacheManager manager = manager();
        CacheKey common = root("common");
        for (String name : List.of("a", "b", "c")) {
            save(manager, key("step", List.of(by(common)), List.of(by(root(name)))), "made of " + name);
        }

        List<CacheKey> found = query(manager, "step", List.of(by(common)), List.of(by(root("b"))));
        assertEquals(1, found.size());
        assertEquals("made of b", load(manager, found.get(0)));
        assertEquals(3, query(manager, "step", List.of(by(common))).size());
        assertEquals(List.of(), query(manager, "step", List.of(by(common)), List.of(by(root("d")))));
    }

    @Test
    void query_withALimitOrKnownKeys_givesTheOthersOnly() throws IOException {
        CacheManager manager = manager();
        CacheKey common = root("common");
        for (String name : List.of("a", "b", "c")) {
            save(manager, key("step", List.of(by(common)), List.of(by(root(name)))), "made of " + name);
        }
        List<InputKeys> inputs = List.of(new InputKeys(0, List.of(by(common))));

        List<CacheKey> one = manager.query(inputs, op("step"), 0, Set.of(), 1);
        assertEquals(1, one.size());
        Set<String> known = new HashSet<>();
        for (CacheManager each : one.get(0).managers()) {
            known.add(one.get(0).idIn(each).orElseThrow());
        }
        assertEquals(2, manager.query(inputs, op("step"), 0, known, 10).size());
    }

    @Test
    void connect_ofSeveralKeys_linksAllOfThemToWhatOneLedTo() throws IOException {
        CacheManager manager = manager();
        CacheKey content = CacheKey.ofContent(TestGraph.digest("files"));
        save(manager, key("step", List.of(by(root("old"), "/src"), by(content))), "step");
        CacheKeyWithSelector definition = by(root("new"), "/src");
        assertFalse(leads(manager, definition, 0, "step"));

        assertTrue(manager.connect(List.of(definition, by(content)), 0, OutputKeys.of(op("step"), 0)));

        assertTrue(leads(manager, by(root("new"), "/src"), 0, "step"));
        assertFalse(leads(manager, by(root("new")), 0, "step"));
        assertEquals(
                "step",
                load(
                        manager,
                        query(manager, "step", List.of(by(root("new"), "/src"))).get(0)));
    }

    @Test
    void connect_ofSeveralKeysThatLeadNowhere_isFalse() throws IOException {
        CacheManager manager = manager();
        save(manager, root("a"), "a");

        assertFalse(manager.connect(List.of(by(root("a")), by(root("b"))), 0, OutputKeys.of(op("step"), 0)));
    }

    @Test
    void save_ofTheSameKeyMadeAnew_isTheSameKey() throws IOException {
        CacheManager manager = manager();
        for (int i = 0; i < 2; i++) {
            CacheKey below = key("below", List.of(by(root("root"))));
            save(manager, below, "below " + i, i);
            save(manager, key("step", List.of(by(below)), List.of(by(root("other")))), "step " + i, i);
        }

        List<CacheKey> below = query(manager, "below", List.of(by(root("root"))));
        assertEquals(1, below.size());
        assertEquals(2, manager.records(below.get(0)).size());
        List<CacheKey> step = query(manager, "step", List.of(by(below.get(0))), List.of(by(root("other"))));
        assertEquals(1, step.size());
        assertEquals("step 1", load(manager, step.get(0)));
    }

    @Test
    void save_ofAKeyThatSharesOneAlternativeOfEveryInput_isTheSameKey() throws IOException {
        CacheManager manager = manager();
        CacheKey x = CacheKey.ofContent(TestGraph.digest("x"));
        CacheKey y = CacheKey.ofContent(TestGraph.digest("y"));
        save(manager, key("step", List.of(by(root("a1")), by(x)), List.of(by(root("b1")), by(y))), "first");
        save(manager, key("step", List.of(by(root("a2")), by(x)), List.of(by(root("b2")), by(y))), "second", 1);

        List<CacheKey> found = query(manager, "step", List.of(by(root("a1"))), List.of(by(root("b2"))));
        assertEquals(1, found.size());
        assertEquals(2, manager.records(found.get(0)).size());
    }

    @Test
    void save_ofAKeyThatSharesNoAlternativeOfOneInput_isAnother() throws IOException {
        CacheManager manager = manager();
        CacheKey x = CacheKey.ofContent(TestGraph.digest("x"));
        save(manager, key("step", List.of(by(root("a1")), by(x)), List.of(by(root("b1")))), "first");
        save(manager, key("step", List.of(by(root("a2")), by(x)), List.of(by(root("b2")))), "second");

        assertEquals(2, query(manager, "step", List.of(by(x))).size());
        assertEquals(
                "first",
                load(
                        manager,
                        query(manager, "step", List.of(by(x)), List.of(by(root("b1"))))
                                .get(0)));
    }

    @Test
    void save_ofAKey_keepsTheWholeChainBelowIt() throws IOException {
        CacheManager manager = manager();
        CacheKey key = root("0");
        for (int i = 1; i < 50_000; i++) {
            key = key("" + i, List.of(by(key)));
        }
        save(manager, key, "top");

        CacheKey walked = manager.queryRoot(op("0"), 0).orElseThrow();
        for (int i = 1; i < 50_000; i++) {
            walked = query(manager, "" + i, List.of(by(walked))).get(0);
        }
        assertEquals("top", load(manager, walked));
    }

    @Test
    @Timeout(60)
    void save_ofALadder_looksAtEveryRungOnce() throws IOException {
        CacheManager manager = manager();
        CacheKey left = root("left 0");
        CacheKey right = root("right 0");
        for (int i = 1; i < 100; i++) {
            CacheKey l = key("left " + i, List.of(by(left)), List.of(by(right)));
            right = key("right " + i, List.of(by(left)), List.of(by(right)));
            left = l;
        }
        save(manager, left, "top");

        assertTrue(manager.queryRoot(op("right 0"), 0).isPresent());
    }

    @Test
    void records_ofAKeyWithoutResult_areNoneAndTheKeyLeadsOn() throws IOException {
        CacheManager manager = manager();
        CacheKey root = root("root");
        save(manager, key("step", List.of(by(root))), "step");

        CacheKey found = manager.queryRoot(op("root"), 0).orElseThrow();
        assertEquals(List.of(), manager.records(found));
        assertEquals(1, query(manager, "step", List.of(by(found))).size());
    }

    @Test
    void records_ofResultsThatAreGone_areNone() throws IOException {
        CacheManager manager = manager();
        save(manager, root("root"), "text");
        CacheKey found = manager.queryRoot(op("root"), 0).orElseThrow();
        results.clear();

        assertEquals(List.of(), manager.records(found));
        assertEquals(Optional.empty(), manager.queryRoot(op("root"), 0));
    }

    @Test
    void load_ofARecordThatIsGone_isAMiss() throws IOException {
        CacheManager manager = manager();
        CacheRecord record = save(manager, root("root"), "text");
        results.clear();

        assertEquals(Optional.empty(), manager.load(record));
    }

    @Test
    void save_givesARecordThatLoads() throws IOException {
        CacheManager manager = manager();
        CacheRecord record = save(manager, root("root"), "text");

        Result result = manager.load(record).orElseThrow();
        assertEquals("text", ((TestResults.TestResult) result).content());
        result.release();
        assertEquals(Set.of(), results.held());
    }
}
