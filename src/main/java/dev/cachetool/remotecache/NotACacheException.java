package dev.cachetool.remotecache;

import java.io.IOException;

/** What a place holds is no build cache. */
public final class NotACacheException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String place;

    public NotACacheException(String place, String found) {
        super(place + " holds no build cache: " + found);
        this.place = place;
    }

    /** Where a cache was looked for. */
    public String place() {
        return place;
    }
}
