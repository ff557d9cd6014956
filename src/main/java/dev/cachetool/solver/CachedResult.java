package dev.cachetool.solver;

import java.util.List;

/** A result with the keys under which it is known, each with its exporter. */
public record CachedResult(SharedResult shared, List<ExportableCacheKey> keys) {
    public CachedResult {
        keys = List.copyOf(keys);
    }

    /** The result itself. */
    public Result result() {
        return shared.result();
    }

    /** One more holder of it. */
    CachedResult retain() {
        return new CachedResult(shared.retain(), keys);
    }

    /** Lets go of it. */
    public void release() {
        shared.release();
    }
}
