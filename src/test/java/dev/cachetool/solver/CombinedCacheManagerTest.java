package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CombinedCacheManagerTest extends CacheManagerContract {
    private final TestResults elsewhere = new TestResults("elsewhere-");
    private final StorageCacheManager main = results.manager("local", true);
    private final StorageCacheManager other = elsewhere.manager("remote", false);

    @Override
    CacheManager manager() {
        return new CombinedCacheManager(main, List.of(other));
    }

    private void saveElsewhere(CacheKey key, String content, int seconds) throws IOException {
        Result result = elsewhere.make(content, Timestamp.of(TIME.instant().plusSeconds(seconds)), false, false);
        other.save(key, result, result.createdAt());
        result.release();
    }

    @Test
    void query_ofKeysInAnyManager_findsThem() throws IOException {
        CacheManager manager = manager();
        saveElsewhere(key("step", List.of(by(root("root")))), "from elsewhere", 0);

        CacheKey root = manager.queryRoot(op("root"), 0).orElseThrow();
        List<CacheKey> found = query(manager, "step", List.of(by(root)));
        assertEquals(1, found.size());
        assertEquals("from elsewhere", load(manager, found.get(0)));
    }

    @Test
    void queryRoot_ofARootThatBothHave_isOneKeyWithTheRecordsOfBoth() throws IOException {
        CacheManager manager = manager();
        save(manager, root("root"), "here", 1);
        saveElsewhere(root("root"), "there", 2);

        CacheKey found = manager.queryRoot(op("root"), 0).orElseThrow();
        assertEquals(List.of(main, other), found.managers());
        assertEquals("there", load(manager, found));
    }

    @Test
    void records_ofTheSameAge_putTheLocalOneFirst() throws IOException {
        CacheManager manager = manager();
        saveElsewhere(root("root"), "there", 0);
        saveElsewhere(root("root"), "there too", 0);
        save(manager, root("root"), "here", 0);

        assertEquals("here", load(manager, manager.queryRoot(op("root"), 0).orElseThrow()));
    }

    @Test
    void records_ofAResultThatBothHave_giveTheLocalOne() throws IOException {
        CacheManager manager = manager();
        TestResults.TestResult result = results.make("the same", TIME, false, false);
        manager.save(root("root"), result, TIME);
        other.save(root("root"), result, Timestamp.of(TIME.instant().plusSeconds(9)));
        result.release();

        CacheKey found = manager.queryRoot(op("root"), 0).orElseThrow();
        assertEquals(1, manager.records(found).size());
        assertEquals(main, manager.records(found).get(0).manager());
    }

    @Test
    void load_fromAnotherManager_keepsItInTheMainOneWithItsChainAndTime() throws IOException {
        CacheManager manager = manager();
        saveElsewhere(key("step", List.of(by(root("root")))), "from elsewhere", 7);
        CacheKey root = manager.queryRoot(op("root"), 0).orElseThrow();
        CacheKey found =
                query(manager, "step", List.of(by(root))).get(0).withInputs(List.of(List.of(by(root("root")))));
        assertEquals("from elsewhere", load(manager, found));

        CacheKey here = query(main, "step", List.of(by(root("root")))).get(0);
        List<CacheRecord> records = main.records(here);
        assertEquals(1, records.size());
        assertEquals(Timestamp.of(TIME.instant().plusSeconds(7)), records.get(0).createdAt());
        assertEquals(Set.of("from elsewhere"), results.kept());
    }

    @Test
    void load_whenTheMainOneCannotKeepIt_failsAndHoldsNothing() throws IOException {
        CacheManager manager = manager();
        saveElsewhere(root("root"), "from elsewhere", 0);
        CacheKey found = manager.queryRoot(op("root"), 0).orElseThrow();
        CacheRecord record = manager.records(found).get(0);
        results.fill();

        assertThrows(IOException.class, () -> manager.load(record));
        assertEquals(Set.of(), elsewhere.held());
    }

    @Test
    void save_keepsInTheMainOneOnly() throws IOException {
        CacheManager manager = manager();
        save(manager, root("root"), "text");

        assertEquals(Set.of("text"), results.kept());
        assertEquals(Set.of(), elsewhere.kept());
    }
}
