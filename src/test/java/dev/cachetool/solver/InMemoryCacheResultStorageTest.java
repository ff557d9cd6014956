package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InMemoryCacheResultStorageTest extends CacheResultStorageContract {
    private record Text(String id, Timestamp createdAt) implements Result {
        @Override
        public Optional<Digest> contentDigest(ContentFunction function) {
            return Optional.empty();
        }

        @Override
        public void release() {}
    }

    @Override
    protected CacheResultStorage holding(String content) {
        InMemoryCacheResultStorage storage =
                new InMemoryCacheResultStorage(result -> List.of(TestResults.remoteOf(content)));
        storage.save(new Text("text", TIME), TIME);
        return storage;
    }

    @Override
    protected CacheResult held() {
        return new CacheResult("text", TIME);
    }

    @Test
    void save_givesTheIdOfTheResultAndTheTimeThatIsAskedFor() throws Exception {
        InMemoryCacheResultStorage storage = new InMemoryCacheResultStorage(result -> List.of());
        Text text = new Text("text", TIME);
        CacheResult saved = storage.save(text, Timestamp.ZERO);

        assertEquals(new CacheResult("text", Timestamp.ZERO), saved);
        assertSame(text, storage.load(saved).orElseThrow());
        assertEquals(List.of(), storage.loadRemotes(saved));
    }
}
