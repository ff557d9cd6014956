package dev.cachetool.solver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An input as the edge sees it that it is an input of. Used by the solver's thread only. */
final class EdgeInput {
    /** What an edge wants to know of its inputs: whether it is so of any of them. */
    enum Fact {
        BELOW_FAST(0),
        BELOW_SLOW_UNMATCHED(1),
        LACKS_KEYS(2),
        LACKS_MATCHES(3),
        UNMATCHED(4),
        UNMATCHED_FAST(5),
        UNMATCHED_SLOW(6),
        EFFECTIVELY_INITIAL(7),
        EFFECTIVELY_FAST(8),
        SLOW_INCOMPLETE(9),
        INCOMPLETE(10),
        /** It leads nowhere yet, and its definition or content may still tell keys: those that lead on wait for it. */
        MAY_LEAD_ON_FAST(11),
        MAY_LEAD_ON_SLOW(12);

        /** How many there are. */
        static final int COUNT = 13;

        /** Its place among them, from 0. */
        final int number;

        Fact(int number) {
            this.number = number;
        }
    }

    final int inputIndex;

    @Nullable
    Request request;

    /** The edge whose keys are counted. */
    @Nullable
    ActiveEdge seen;

    EdgeStatus status = EdgeStatus.INITIAL;
    private List<ExportableCacheKey> keys = List.of();
    private int keyCount;

    @Nullable
    CachedResult result;

    /** The keys that lead on from it in the cache. */
    private List<CacheKeyWithSelector> leading = List.of();

    /** Whether it will give no result. */
    boolean failed;

    @Nullable
    Task contentTask;

    boolean contentDone;
    boolean contentMatched;

    @Nullable
    ExportableCacheKey contentKey;

    /** The facts that were counted, a bit each. */
    int counted;

    /** Whether it changed since its edge last asked its inputs for anything. */
    boolean changed;

    EdgeInput(int inputIndex) {
        this.inputIndex = inputIndex;
    }

    /** The keys of its edge that were taken in. */
    List<ExportableCacheKey> keys() {
        return keys.subList(0, keyCount);
    }

    int keyCount() {
        return keyCount;
    }

    /** Takes in the keys of the edge that were not seen yet, and gives them. */
    List<ExportableCacheKey> takeKeys(ActiveEdge from) {
        if (seen != from) {
            // Merged into another, which may know other keys.
            seen = from;
            keys = from.keys;
            keyCount = 0;
        }
        int before = keyCount;
        keyCount = from.keys.size();
        return before == keyCount ? List.of() : List.copyOf(from.keys.subList(before, keyCount));
    }

    List<CacheKeyWithSelector> leading() {
        return leading;
    }

    void addLeading(List<CacheKeyWithSelector> more) {
        List<CacheKeyWithSelector> all = new ArrayList<>(leading);
        all.addAll(more);
        leading = List.copyOf(all);
    }

    boolean lacksMatches() {
        return leading.isEmpty();
    }

    /** Whether it stands at its definition's keys until its content is known. */
    boolean slowOpen(boolean hasContent) {
        return hasContent && (status == EdgeStatus.CACHE_SLOW || (status == EdgeStatus.COMPLETE && !contentDone));
    }

    /** The facts that hold of it now, a bit each. */
    int facts(boolean cacheMapKnown, boolean hasContent) {
        boolean unmatched = leading.isEmpty();
        boolean slowOpen = slowOpen(hasContent);
        EdgeStatus effective = slowOpen ? EdgeStatus.CACHE_FAST : status;
        boolean contentOpen = !contentDone && hasContent;
        boolean belowSlow = status.below(EdgeStatus.CACHE_SLOW);
        boolean incomplete = status.below(EdgeStatus.COMPLETE);
        boolean nothingOfIt = contentKey == null && result == null;
        return bit(Fact.BELOW_FAST, status.below(EdgeStatus.CACHE_FAST))
                | bit(Fact.BELOW_SLOW_UNMATCHED, belowSlow && unmatched)
                | bit(Fact.LACKS_KEYS, keyCount == 0 && nothingOfIt)
                | bit(Fact.LACKS_MATCHES, unmatched && nothingOfIt)
                | bit(Fact.UNMATCHED, unmatched)
                | bit(Fact.UNMATCHED_FAST, unmatched && !slowOpen && status == EdgeStatus.CACHE_FAST)
                | bit(Fact.UNMATCHED_SLOW, unmatched && !slowOpen && !belowSlow)
                | bit(Fact.EFFECTIVELY_INITIAL, effective == EdgeStatus.INITIAL)
                | bit(Fact.EFFECTIVELY_FAST, effective == EdgeStatus.CACHE_FAST)
                | bit(Fact.SLOW_INCOMPLETE, slowOpen || belowSlow)
                | bit(Fact.INCOMPLETE, slowOpen || incomplete)
                | bit(
                        Fact.MAY_LEAD_ON_FAST,
                        !cacheMapKnown || (unmatched && (contentOpen || (incomplete && !hasContent))))
                | bit(Fact.MAY_LEAD_ON_SLOW, (contentOpen || belowSlow) && unmatched);
    }

    private static int bit(Fact fact, boolean holds) {
        return holds ? 1 << fact.number : 0;
    }
}
