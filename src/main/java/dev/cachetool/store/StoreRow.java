package dev.cachetool.store;

import java.time.Instant;
import java.util.Locale;

/**
 * Something of a store that takes room.
 *
 * @param id names it among those of its kind
 * @param description for people; may be empty
 * @param bytes that removing it would free: files, hard links counted once, in whole blocks, and the layers that nothing
 *     else knows
 * @param createdAt when it came to be
 * @param lastUsed when it was last held; to the minute
 * @param held whether a live process holds it
 */
public record StoreRow(
        Kind kind, String id, String description, long bytes, Instant createdAt, Instant lastUsed, boolean held) {
    /** What it is. */
    public enum Kind {
        /** What a step made. */
        RESULT,
        /** The files of layers that lie elsewhere. */
        PULLED,
        /** A folder that steps keep. */
        CACHE,
        /** The folders where the steps of a workspace run. */
        STEPS;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As it is written. */
        public String word() {
            return word;
        }

        /** Whether it is a ref, which can be had again by running steps or pulling. */
        public boolean isRef() {
            return this == RESULT || this == PULLED;
        }
    }
}
