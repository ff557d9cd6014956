package dev.cachetool.solver;

import java.util.List;

/** A key with what exports it; several exporters where a root is known under several keys. */
public record ExportableCacheKey(CacheKey key, List<CacheExporter> exporters) {
    public ExportableCacheKey {
        exporters = List.copyOf(exporters);
    }
}
