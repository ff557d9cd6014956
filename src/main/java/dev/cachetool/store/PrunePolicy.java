package dev.cachetool.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What of a store is to go: a decision, without any effect. What is held never goes. Of the rest, what was used last goes
 * last: everything that the filters take and that was not used for {@code keepLast}, as long as the store is larger than
 * {@code keepBytes} or has more refs than {@code keepCount}, where these are given.
 *
 * @param keepLast what was used within this time stays
 * @param keepBytes how large all of the store may stay
 * @param keepCount how many refs may stay
 * @param filters a row has to be as one of the filters of each key says
 * @param caches whether folders that steps keep or run in may go as well
 */
public record PrunePolicy(
        Optional<Duration> keepLast,
        OptionalLong keepBytes,
        OptionalLong keepCount,
        List<Filter> filters,
        boolean caches) {
    public PrunePolicy {
        filters = List.copyOf(filters);
    }

    /** Everything that nobody holds, but for the folders of steps. */
    public static PrunePolicy all() {
        return new PrunePolicy(Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), List.of(), false);
    }

    /**
     * One condition.
     *
     * @param text what is compared
     * @param time for {@link Key#UNUSED_FOR}
     */
    public record Filter(Key key, String text, Duration time) {
        /** What is looked at. */
        public enum Key {
            /** The word of the kind. */
            TYPE,
            /** How the id begins. */
            ID,
            /** A part of the description. */
            DESCRIPTION,
            /** How long ago it was used, at least. */
            UNUSED_FOR
        }

        boolean takes(StoreRow row, Instant now) {
            return switch (key) {
                case TYPE -> row.kind().word().equals(text);
                case ID -> row.id().startsWith(text);
                case DESCRIPTION -> row.description().contains(text);
                case UNUSED_FOR -> !row.lastUsed().isAfter(now.minus(time));
            };
        }
    }

    /** What is to go, in the order in which it goes. */
    public List<StoreRow> victims(List<StoreRow> rows, Instant now) {
        long bytes = 0;
        long refs = 0;
        List<StoreRow> candidates = new ArrayList<>();
        for (StoreRow row : rows) {
            bytes += row.bytes();
            refs += row.kind().isRef() ? 1 : 0;
            if (mayGo(row, now)) {
                candidates.add(row);
            }
        }
        candidates.sort(Comparator.comparing(StoreRow::lastUsed).thenComparing(StoreRow::id));
        List<StoreRow> victims = new ArrayList<>();
        for (StoreRow row : candidates) {
            boolean unbounded = keepBytes.isEmpty() && keepCount.isEmpty();
            boolean large = keepBytes.isPresent() && bytes > keepBytes.getAsLong();
            boolean many = keepCount.isPresent()
                    && refs > keepCount.getAsLong()
                    && row.kind().isRef();
            if (unbounded || large || many) {
                victims.add(row);
                bytes -= row.bytes();
                refs -= row.kind().isRef() ? 1 : 0;
            }
        }
        return victims;
    }

    private boolean mayGo(StoreRow row, Instant now) {
        if (row.held() || (!caches && !row.kind().isRef())) {
            return false;
        }
        if (keepLast.isPresent() && row.lastUsed().isAfter(now.minus(keepLast.get()))) {
            return false;
        }
        Map<Filter.Key, Boolean> taken = new EnumMap<>(Filter.Key.class);
        for (Filter filter : filters) {
            taken.merge(filter.key(), filter.takes(row, now), Boolean::logicalOr);
        }
        return !taken.containsValue(false);
    }
}
