package dev.cachetool.solver;

import dev.cachetool.graph.Vertex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows what is exported for a key: the record that was loaded or saved under it, or those that it is known to have. */
public final class CacheExporter {
    private final CacheKey key;
    private final Vertex vertex;
    private final @Nullable CacheRecord record;
    private final List<CacheRecord> records;
    private final @Nullable ActiveEdge edge;

    CacheExporter(
            CacheKey key,
            Vertex vertex,
            @Nullable CacheRecord record,
            List<CacheRecord> records,
            @Nullable ActiveEdge edge) {
        this.key = key;
        this.vertex = vertex;
        this.record = record;
        this.records = records.stream().sorted(CacheRecord.BEST_FIRST).toList();
        this.edge = edge;
    }

    /** The key that is exported. */
    public CacheKey key() {
        return key;
    }

    /** The vertex that it is the key of; for a content key the one whose input it describes. */
    public Vertex vertex() {
        return vertex;
    }

    @Nullable
    CacheRecord record() {
        return record;
    }

    List<CacheRecord> records() {
        return records;
    }

    /** Links from the inputs of edges that were merged into this one. */
    List<ActiveEdge.AdoptedLink> adoptedLinks() {
        return edge == null ? List.of() : edge.adoptedLinks();
    }

    /** Whether its vertex lets its result be exported. */
    boolean mayExportResult() {
        return edge == null || vertex.options().exportCache();
    }
}
