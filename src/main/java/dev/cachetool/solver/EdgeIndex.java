package dev.cachetool.solver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds edges that have the same key while they are being solved, so that equal work is done once. Used by the solver's
 * thread only.
 */
final class EdgeIndex {
    private static final class Item {
        @Nullable
        ActiveEdge edge;

        final Map<CacheInfoLink, Set<String>> links = new HashMap<>(4);
    }

    private final Map<String, Item> items = new HashMap<>();
    private long lastId;

    /**
     * The other edge that stands under the key already; null where there is none, and then the edge stands there from now
     * on. An edge that ignores the cache gives way to one that does so too, not to others.
     */
    @Nullable
    ActiveEdge findOrAdd(CacheKey key, ActiveEdge edge) {
        List<String> matches = matches(key);
        String otherId = null;
        ActiveEdge other = null;
        for (String id : matches) {
            Item item = items.get(id);
            ActiveEdge there = item == null || item.edge == null ? null : item.edge.mergedInto();
            if (there != null && there != edge) {
                otherId = id;
                other = there;
            }
        }
        if (other != null && otherId != null && (other.vertex.ignoreCache() || !edge.vertex.ignoreCache())) {
            link(otherId, key);
            return other;
        }
        String id = matches.isEmpty() ? newId() : matches.get(0);
        link(id, key);
        item(id).edge = edge;
        return null;
    }

    private String newId() {
        return "edge-" + ++lastId;
    }

    private Item item(String id) {
        return items.computeIfAbsent(id, unused -> new Item());
    }

    private void link(String id, CacheKey key) {
        item(id);
        for (int i = 0; i < key.inputs().size(); i++) {
            for (CacheKeyWithSelector input : key.inputs().get(i)) {
                CacheInfoLink link = new CacheInfoLink(i, key.recordDigest(), input.selector());
                for (String source : idsOf(input.key().key())) {
                    item(source)
                            .links
                            .computeIfAbsent(link, unused -> new LinkedHashSet<>(2))
                            .add(id);
                }
            }
        }
    }

    /** The ids of a key, which are given once, after those of its inputs; a stack of its own for deep chains. */
    private List<String> idsOf(CacheKey top) {
        if (top.indexIds != null) {
            return top.indexIds;
        }
        Deque<CacheKey> open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            CacheKey key = open.element();
            if (key.indexIds != null) {
                open.pop();
                continue;
            }
            boolean ready = true;
            for (List<CacheKeyWithSelector> alternatives : key.inputs()) {
                for (CacheKeyWithSelector input : alternatives) {
                    if (input.key().key().indexIds == null) {
                        open.push(input.key().key());
                        ready = false;
                    }
                }
            }
            if (ready) {
                open.pop();
                List<String> found = matches(key);
                key.indexIds = found.isEmpty() ? List.of(newId()) : List.copyOf(found);
                for (String id : key.indexIds) {
                    link(id, key);
                }
            }
        }
        List<String> ids = top.indexIds;
        return ids == null ? List.of() : ids;
    }

    /** The ids that every input leads to by one of its keys. */
    private List<String> matches(CacheKey key) {
        if (key.isRoot()) {
            return List.of(key.recordDigest().toString());
        }
        // From the input that leads to the fewest, since a common input may lead to very many.
        List<List<Set<String>>> targets = new ArrayList<>(key.inputs().size());
        int fewest = 0;
        long fewestSize = Long.MAX_VALUE;
        for (int i = 0; i < key.inputs().size(); i++) {
            List<Set<String>> reached = new ArrayList<>(2);
            long size = 0;
            for (CacheKeyWithSelector input : key.inputs().get(i)) {
                CacheInfoLink link = new CacheInfoLink(i, key.recordDigest(), input.selector());
                for (String source : idsOf(input.key().key())) {
                    Item item = items.get(source);
                    Set<String> found = item == null ? null : item.links.get(link);
                    if (found != null) {
                        reached.add(found);
                        size += found.size();
                    }
                }
            }
            if (size == 0) {
                return List.of();
            }
            if (size < fewestSize) {
                fewest = i;
                fewestSize = size;
            }
            targets.add(reached);
        }
        Set<String> matches = new LinkedHashSet<>();
        targets.get(fewest).forEach(matches::addAll);
        for (int i = 0; i < targets.size(); i++) {
            if (i != fewest) {
                List<Set<String>> reached = targets.get(i);
                matches.removeIf(id -> reached.stream().noneMatch(ids -> ids.contains(id)));
            }
        }
        return new ArrayList<>(matches);
    }
}
