package dev.cachetool.cli.options;

import dev.cachetool.content.Compression;
import java.util.OptionalInt;

/**
 * How layers are compressed.
 *
 * @param kind what new layers get
 * @param level its level, where one was asked for
 * @param force whether layers that are there already in another compression are converted
 */
public record LayerCompression(Compression kind, OptionalInt level, boolean force) {
    public LayerCompression {
        if (level.isPresent() && (level.getAsInt() < kind.lowestLevel() || level.getAsInt() > kind.highestLevel())) {
            throw new IllegalArgumentException(kind + " has no level " + level.getAsInt());
        }
    }
}
