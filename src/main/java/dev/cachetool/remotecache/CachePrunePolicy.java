package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import dev.cachetool.remotecache.CacheResults.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What of a cache is to go: a decision, without any effect. First what cannot be reached goes, then what is too old; of what
 * is left, the oldest results until there are few enough, and then until they are small enough. What is kept by a rule
 * never goes. Afterwards every bound holds, unless what is kept by rules alone is beyond it.
 *
 * @param keepLast what was made within this time stays
 * @param maxResults how many results may stay
 * @param maxBytes what the layers of all results may take, each layer once
 * @param kept what a rule keeps
 * @param reachable what can be reached
 */
public record CachePrunePolicy(
        Optional<Duration> keepLast,
        OptionalLong maxResults,
        OptionalLong maxBytes,
        Predicate<Row> kept,
        Predicate<Row> reachable) {
    /** Why a result goes. */
    public enum Reason {
        /** No vertex that was named hits it, or could. */
        UNREACHABLE,
        /** It is older than what is to stay. */
        AGE,
        /** There are more results than may stay. */
        COUNT,
        /** All of it is larger than it may be. */
        SIZE,
        /** The config or the manifest is larger than it may be. */
        FIT
    }

    /**
     * A result that goes.
     *
     * @param freed the size of those of its layers that neither a result has that stays, nor one that goes after it
     */
    public record Dropped(Row row, Reason reason, long freed) {}

    /**
     * What goes.
     *
     * @param results all of the cache
     * @param dropped in the order of the results
     * @param isWithinBounds whether what is left is: not where what is kept by rules is too much already
     */
    public record Decision(CacheResults results, List<Dropped> dropped, boolean isWithinBounds) {
        public Decision {
            dropped = List.copyOf(dropped);
        }

        /** What is left of the cache. */
        public NotedChains left(NotedChains cache) {
            return dropped.isEmpty()
                    ? cache
                    : cache.withResultsOf(
                            results.without(dropped.stream().map(Dropped::row).toList()));
        }

        /**
         * This, and more that goes.
         *
         * @param more of what is left of the cache
         */
        public Decision and(List<Dropped> more) {
            Map<Digest, Reason> going = new HashMap<>();
            dropped.forEach(each -> going.put(each.row().identity(), each.reason()));
            more.forEach(each -> going.put(each.row().identity(), each.reason()));
            return new Decision(results, inOrder(results, going), isWithinBounds);
        }
    }

    /** Decides. */
    public Decision decide(CacheResults results, Instant now) {
        Map<Digest, Reason> going = new HashMap<>();
        List<Row> left = new ArrayList<>();
        for (Row row : results.rows()) {
            if (kept.test(row)) {
                left.add(row);
            } else if (!reachable.test(row)) {
                going.put(row.identity(), Reason.UNREACHABLE);
            } else if (keepLast.isPresent() && !row.createdAt().instant().isAfter(now.minus(keepLast.get()))) {
                going.put(row.identity(), Reason.AGE);
            } else {
                left.add(row);
            }
        }
        boolean few = tooMany(left, going);
        left.removeIf(row -> going.containsKey(row.identity()));
        boolean small = tooLarge(left, going);
        return new Decision(results, inOrder(results, going), few && small);
    }

    /** Whether few enough are left. */
    private boolean tooMany(List<Row> left, Map<Digest, Reason> going) {
        long count = left.size();
        for (Row row : left) {
            if (maxResults.isPresent() && count > maxResults.getAsLong() && !kept.test(row)) {
                going.put(row.identity(), Reason.COUNT);
                count--;
            }
        }
        return maxResults.isEmpty() || count <= maxResults.getAsLong();
    }

    /** Whether what is left is small enough. */
    private boolean tooLarge(List<Row> left, Map<Digest, Reason> going) {
        if (maxBytes.isEmpty()) {
            return true;
        }
        LayerUse use = LayerUse.of(left);
        List<Row> gone = new ArrayList<>();
        for (Row row : left) {
            if (use.bytes() > maxBytes.getAsLong() && !kept.test(row)) {
                use.remove(row);
                gone.add(row);
            }
        }
        // What shares all of its layers with what stays takes nothing.
        for (Row row : gone) {
            if (!use.has(row)) {
                going.put(row.identity(), Reason.SIZE);
            }
        }
        return use.bytes() <= maxBytes.getAsLong();
    }

    /** What goes of the results, in their order. */
    static List<Dropped> inOrder(CacheResults results, Map<Digest, Reason> going) {
        LayerUse use = LayerUse.of(results.rows());
        List<Dropped> dropped = new ArrayList<>();
        for (Row row : results.rows()) {
            Reason reason = going.get(row.identity());
            if (reason != null) {
                dropped.add(new Dropped(row, reason, use.remove(row)));
            }
        }
        return dropped;
    }
}
