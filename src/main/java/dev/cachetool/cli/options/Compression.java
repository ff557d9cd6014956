package dev.cachetool.cli.options;

import java.util.OptionalInt;

/**
 * How layers are compressed.
 *
 * @param kind what new layers get
 * @param level its level, where one was asked for
 * @param force whether layers that are there already in another compression are converted
 */
public record Compression(Kind kind, OptionalInt level, boolean force) {
    public Compression {
        if (level.isPresent() && (level.getAsInt() < 0 || level.getAsInt() > kind.maxLevel())) {
            throw new IllegalArgumentException(kind.word() + " has no level " + level.getAsInt());
        }
    }

    /** The kinds, by BuildKit's names. */
    public enum Kind {
        UNCOMPRESSED("uncompressed", -1),
        GZIP("gzip", 9),
        ZSTD("zstd", 22);

        private final String word;
        private final int maxLevel;

        Kind(String word, int maxLevel) {
            this.word = word;
            this.maxLevel = maxLevel;
        }

        /** As it is written. */
        public String word() {
            return word;
        }

        /** The highest level, the lowest being 0; -1 where there are no levels. */
        public int maxLevel() {
            return maxLevel;
        }
    }
}
