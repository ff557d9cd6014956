package dev.cachetool.remotecache;

import java.io.IOException;

/** A cache config is JSON, but says something impossible; an importer gets nothing of it. */
public final class InvalidCacheConfigException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final String problem;

    public InvalidCacheConfigException(String place, String problem) {
        super(place + ": " + problem);
        this.place = place;
        this.problem = problem;
    }

    /** Where the config is. */
    public String place() {
        return place;
    }

    /** What is impossible, with the numbers of the records or layers. */
    public String problem() {
        return problem;
    }
}
