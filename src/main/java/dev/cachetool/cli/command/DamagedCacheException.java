package dev.cachetool.cli.command;

import java.io.IOException;

/** A place holds something that is no cache, or one that is malformed. */
public final class DamagedCacheException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedCacheException(String place, String problem, Throwable cause) {
        this("could not read the cache in " + place + ": " + problem, cause);
    }

    /**
     * @param message what could not be done with which place or object and why, and on further lines what to do
     */
    public DamagedCacheException(String message, Throwable cause) {
        super(message, cause);
    }
}
