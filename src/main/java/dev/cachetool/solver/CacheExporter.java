package dev.cachetool.solver;

import dev.cachetool.graph.Vertex;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows what is exported for a key: the record that was loaded or saved under it, or those that it is known to have. */
public final class CacheExporter {
    private final CacheKey key;
    private final Vertex vertex;
    private final @Nullable CacheRecord record;
    private final List<CacheRecord> records;
    private final List<ActiveEdge.AdoptedLink> adoptedLinks;

    /**
     * @param adoptedLinks those of its edge, which may still become more; the edge itself is not held on to, and so goes with
     *     the solver
     */
    CacheExporter(
            CacheKey key,
            Vertex vertex,
            @Nullable CacheRecord record,
            List<CacheRecord> records,
            List<ActiveEdge.AdoptedLink> adoptedLinks) {
        this.key = key;
        this.vertex = vertex;
        this.record = record;
        this.records = records.size() < 2
                ? List.copyOf(records)
                : records.stream().sorted(CacheRecord.BEST_FIRST).toList();
        this.adoptedLinks = adoptedLinks;
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
        return Collections.unmodifiableList(adoptedLinks);
    }

    /** Whether its vertex lets its result be exported. */
    boolean mayExportResult() {
        return key.outputIndex() == OutputKeys.CONTENT || vertex.options().exportCache();
    }
}
