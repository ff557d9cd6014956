package dev.cachetool.cli.command;

import java.io.IOException;

/** A place is there, but holds no cache under the tag or digest; or the place is not there. */
public final class NoSuchCacheException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoSuchCacheException(String place, String problem) {
        super("could not find a cache in " + place + ": " + problem);
    }
}
