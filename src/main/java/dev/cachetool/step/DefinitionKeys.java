package dev.cachetool.step;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.CacheMaps;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The definition key of vertices: one digest over a vertex's cache map and the definition keys of its inputs, with the
 * selectors. It is what the state file notes results under; no cache knows it. Not for several threads.
 */
public final class DefinitionKeys {
    private final CacheMaps cacheMaps;
    private final Map<Digest, Digest> keys = new HashMap<>();

    public DefinitionKeys(CacheMaps cacheMaps) {
        this.cacheMaps = cacheMaps;
    }

    /**
     * The key of the vertex.
     *
     * @throws IOException if the cache map of it or of one that it stands on cannot be computed
     */
    public Digest of(Vertex top) throws IOException {
        Deque<Vertex> open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            Vertex vertex = open.element();
            if (keys.containsKey(vertex.digest())) {
                open.pop();
                continue;
            }
            boolean ready = true;
            for (Input input : vertex.inputs()) {
                if (!keys.containsKey(input.edge().vertex().digest())) {
                    open.push(input.edge().vertex());
                    ready = false;
                }
            }
            if (ready) {
                open.pop();
                keys.put(vertex.digest(), compute(vertex));
            }
        }
        return Optional.ofNullable(keys.get(top.digest())).orElseThrow();
    }

    private Digest compute(Vertex vertex) throws IOException {
        CacheMap map = cacheMaps.of(vertex, 0);
        StringBuilder text = new StringBuilder("cachetool.definition-key.v1\n").append(map.digest());
        for (int i = 0; i < vertex.inputs().size(); i++) {
            Input input = vertex.inputs().get(i);
            text.append('\n')
                    .append(keys.get(input.edge().vertex().digest()))
                    .append('@')
                    .append(input.edge().outputIndex())
                    .append(' ')
                    .append(map.deps().get(i).selector().map(Digest::toString).orElse("-"));
        }
        return Digest.sha256(text.toString());
    }
}
