package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every result storage answers about results that it has, and about others. */
public abstract class CacheResultStorageContract {
    protected static final Timestamp TIME = Timestamp.of(Instant.parse("2026-01-02T03:04:05Z"));
    private static final CacheResult UNKNOWN = new CacheResult("unknown", TIME);

    /** A storage with one result, which is transferable as {@link TestResults#remoteOf} this text, of {@link #TIME}. */
    protected abstract CacheResultStorage holding(String content) throws IOException;

    /** The result that {@link #holding} put there. */
    protected abstract CacheResult held();

    /** The result storage of a manager. */
    protected static CacheResultStorage resultsOf(StorageCacheManager manager) {
        return manager.results();
    }

    @Test
    void exists_ofResults_tellsThoseThatAreThere() throws IOException {
        CacheResultStorage storage = holding("text");

        assertTrue(storage.exists(held().id()));
        assertFalse(storage.exists("unknown"));
    }

    @Test
    void load_ofAResult_givesIt() throws IOException {
        CacheResultStorage storage = holding("text");
        Result result = storage.load(held()).orElseThrow();

        assertEquals(held().id(), result.id());
        assertEquals(TIME, result.createdAt());
        result.release();
    }

    @Test
    void load_twice_givesTwoThatAreReleasedEachForItself() throws IOException {
        CacheResultStorage storage = holding("text");
        Result one = storage.load(held()).orElseThrow();
        Result other = storage.load(held()).orElseThrow();
        one.release();
        other.release();

        assertTrue(storage.load(held()).isPresent());
    }

    @Test
    void load_ofAResultThatIsNotThere_isAMiss() throws IOException {
        assertEquals(Optional.empty(), holding("text").load(UNKNOWN));
    }

    @Test
    void loadRemotes_ofATransferableResult_givesItsLayers() throws IOException {
        List<Remote> remotes = holding("text").loadRemotes(held());

        assertEquals(1, remotes.size());
        assertEquals(TestResults.remoteOf("text").descriptors(), remotes.get(0).descriptors());
    }

    @Test
    void loadRemotes_ofAResultThatIsNotThere_isEmpty() throws IOException {
        assertEquals(List.of(), holding("text").loadRemotes(UNKNOWN));
    }
}
