package dev.cachetool.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StorageCacheManagerTest extends CacheManagerContract {
    @Override
    CacheManager manager() {
        return results.manager("local", true);
    }

    @Test
    void save_ofOneKeyByManyThreads_isOneKey() throws Exception {
        int threads = 4;
        AtomicInteger ids = new AtomicInteger();
        StorageCacheManager manager = new StorageCacheManager(
                "local", true, new InMemoryCacheKeyStorage(), results, () -> "id-" + ids.incrementAndGet());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier together = new CyclicBarrier(threads);
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                all.add(pool.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        together.await();
                        CacheKey below = key("below " + i, List.of(by(root("root"))));
                        save(manager, key("step " + i, List.of(by(below))), "text " + thread + " " + i);
                    }
                    return null;
                }));
            }
            for (Future<?> future : all) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }

        for (int i = 0; i < 200; i++) {
            List<CacheKey> below = query(manager, "below " + i, List.of(by(root("root"))));
            assertEquals(1, below.size());
            List<CacheKey> step = query(manager, "step " + i, List.of(by(below.get(0))));
            assertEquals(1, step.size());
            assertEquals(threads, manager.records(step.get(0)).size());
        }
    }
}
