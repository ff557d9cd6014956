package dev.cachetool.graph;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is wished for a vertex, and has no part in its key.
 *
 * @param ignoreCache whether no cache is asked for it
 * @param exportCache whether its result may be exported
 * @param description what people say of it, by name
 */
public record VertexOptions(boolean ignoreCache, boolean exportCache, Map<String, String> description) {
    /** What holds where a vertex says nothing. */
    public static final VertexOptions NONE = new VertexOptions(false, true, Map.of());

    public VertexOptions {
        description = Collections.unmodifiableMap(new TreeMap<>(description));
    }
}
