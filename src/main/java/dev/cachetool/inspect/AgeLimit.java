package dev.cachetool.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cache has that is as old as a limit or older, and what it would lose if all of that went, as {@code prune
 * --keep-last} makes it go. A result whose time is not known is older than every limit.
 *
 * @param age the limit
 * @param results how many are older
 * @param bytes the size of their blobs, each counted once
 * @param freedLayers how many blobs no result would have any more
 * @param freedBytes the size of those: what would really go
 */
public record AgeLimit(Duration age, int results, long bytes, int freedLayers, long freedBytes) {
    /** The limits that people think in. */
    public static final List<Duration> USUAL = List.of(Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30));

    /** Counts for each limit; linear in the layers of results. */
    public static List<AgeLimit> of(CacheView cache, Instant now, List<Duration> limits) {
        List<AgeLimit> counted = new ArrayList<>(limits.size());
        for (Duration limit : limits) {
            counted.add(count(cache, now, limit));
        }
        return counted;
    }

    private static AgeLimit count(CacheView cache, Instant now, Duration age) {
        Instant limit = now.minus(age);
        int results = 0;
        int[] older = new int[cache.layers().size()];
        int[] lastCounted = new int[cache.layers().size()];
        for (RecordView record : cache.records()) {
            for (ResultView result : record.results()) {
                if (!result.createdAt().instant().isAfter(limit)) {
                    results++;
                    for (int layer : result.layers()) {
                        // A result may have a layer twice, and is one user of it all the same.
                        if (lastCounted[layer] != results) {
                            lastCounted[layer] = results;
                            older[layer]++;
                        }
                    }
                }
            }
        }
        long bytes = 0;
        long freed = 0;
        int freedLayers = 0;
        for (int i = 0; i < older.length; i++) {
            LayerView layer = cache.layers().get(i);
            if (older[i] > 0) {
                bytes += layer.blob().size();
                if (older[i] == layer.users()) {
                    freedLayers++;
                    freed += layer.blob().size();
                }
            }
        }
        return new AgeLimit(age, results, bytes, freedLayers, freed);
    }
}
