package dev.cachetool.remotecache;

import java.io.IOException;

/** Not even with its newest result alone is a cache as small as its config and its manifest may be. */
public final class DoesNotFitException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param limit the most bytes that they may have
     */
    DoesNotFitException(long limit) {
        super("with its newest result alone, the cache's config or manifest has more than " + limit
                + " bytes\ngive --fit more; BuildKit reads " + CacheConfig.BUILDKIT_LIMIT + " bytes");
    }
}
