package dev.cachetool.content;

import java.time.Instant;

/**
 * Which times the entries of a layer get, in the archive or on disk.
 *
 * @param kept whether each keeps its own, as it is found
 * @param instant otherwise, the one for all
 */
public record LayerTimes(boolean kept, Instant instant) {
    /** All of them 1970-01-01T00:00:00Z. */
    public static LayerTimes zero() {
        return at(Instant.EPOCH);
    }

    /** All of them the same. */
    public static LayerTimes at(Instant instant) {
        return new LayerTimes(false, instant);
    }

    /** Each its own. */
    public static LayerTimes keep() {
        return new LayerTimes(true, Instant.EPOCH);
    }

    /** The time of an entry whose own is this. */
    public Instant of(Instant own) {
        return kept ? own : instant;
    }
}
