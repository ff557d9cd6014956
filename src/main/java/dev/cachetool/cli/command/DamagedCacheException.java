package dev.cachetool.cli.command;

import java.io.IOException;

/** A place holds something that is no cache, or one that is malformed. */
public final class DamagedCacheException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedCacheException(String place, String problem, Throwable cause) {
        super("could not read the cache in " + place + ": " + problem, cause);
    }
}
