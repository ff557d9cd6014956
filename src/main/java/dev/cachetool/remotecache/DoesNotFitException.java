package dev.cachetool.remotecache;

import java.io.IOException;

/** Not even one result of a cache is small enough for the size that its config and its manifest may have. */
public final class DoesNotFitException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param limit the most bytes that they may have
     */
    DoesNotFitException(long limit) {
        super("no result of the cache fits: config or manifest takes more than " + limit
                + " bytes with any one of them\ngive --fit more; BuildKit reads " + CacheConfig.BUILDKIT_LIMIT
                + " bytes");
    }
}
