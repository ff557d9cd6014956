package dev.cachetool.cli.command;

import java.io.IOException;

/** A place holds something that is no cache, or one that is malformed. */
public final class DamagedCacheException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedCacheException(String place, String problem, Throwable cause) {
        this("could not read the cache in " + place + ": " + problem, cause);
    }

    private DamagedCacheException(String message, Throwable cause) {
        super(message + "\n  make that cache again, or leave it out", cause);
    }

    /** One whose layers cannot be what the vertex gave. */
    public static DamagedCacheException restoring(String vertex, String place, IOException cause) {
        return new DamagedCacheException(
                "could not restore \"" + vertex + "\" from " + place + ": " + cause.getMessage(), cause);
    }
}
