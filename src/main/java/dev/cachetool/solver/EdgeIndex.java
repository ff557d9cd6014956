package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
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
    /** A place for an edge, with where one gets from there. */
    static final class Item {
        private @Nullable ActiveEdge edge;
        private Map<CacheInfoLink, Set<Item>> links = Map.of();
    }

    private final Map<Digest, Item> roots = new HashMap<>();

    /**
     * The other edge that stands under the key already; null where there is none, and then the edge stands there from now
     * on. An edge that ignores the cache gives way to one that does so too, not to others.
     */
    @Nullable
    ActiveEdge findOrAdd(CacheKey key, ActiveEdge edge) {
        Collection<Item> matches = matches(key);
        Item otherItem = null;
        ActiveEdge other = null;
        for (Item item : matches) {
            ActiveEdge there = item.edge == null ? null : item.edge.mergedInto();
            if (there != null && there != edge) {
                otherItem = item;
                other = there;
            }
        }
        if (other != null && otherItem != null && (other.vertex.ignoreCache() || !edge.vertex.ignoreCache())) {
            link(otherItem, key);
            return other;
        }
        Item item = matches.isEmpty() ? new Item() : matches.iterator().next();
        link(item, key);
        item.edge = edge;
        return null;
    }

    private void link(Item item, CacheKey key) {
        for (int i = 0; i < key.inputs().size(); i++) {
            for (CacheKeyWithSelector input : key.inputs().get(i)) {
                CacheInfoLink link = new CacheInfoLink(i, key.recordDigest(), input.selector());
                for (Item source : itemsOf(input.key().key())) {
                    Set<Item> targets = source.links.getOrDefault(link, Set.of());
                    source.links = Small.with(source.links, link, Small.with(targets, item));
                }
            }
        }
    }

    /** The places of a key, which are given once, after those of its inputs; a stack of its own for deep chains. */
    private List<Item> itemsOf(CacheKey top) {
        if (top.indexItems != null) {
            return top.indexItems;
        }
        Deque<CacheKey> open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            CacheKey key = open.element();
            if (key.indexItems != null) {
                open.pop();
                continue;
            }
            boolean ready = true;
            for (List<CacheKeyWithSelector> alternatives : key.inputs()) {
                for (CacheKeyWithSelector input : alternatives) {
                    if (input.key().key().indexItems == null) {
                        open.push(input.key().key());
                        ready = false;
                    }
                }
            }
            if (ready) {
                open.pop();
                Collection<Item> found = matches(key);
                List<Item> items = found.isEmpty() ? List.of(new Item()) : List.copyOf(found);
                key.indexItems = items;
                for (Item item : items) {
                    link(item, key);
                }
            }
        }
        List<Item> items = top.indexItems;
        return items == null ? List.of() : items;
    }

    /** The places that every input leads to by one of its keys. */
    private Collection<Item> matches(CacheKey key) {
        if (key.isRoot()) {
            return List.of(roots.computeIfAbsent(key.recordDigest(), unused -> new Item()));
        }
        // From the input that leads to the fewest, since a common input may lead to very many.
        List<List<Set<Item>>> targets = new ArrayList<>(key.inputs().size());
        int fewest = 0;
        long fewestSize = Long.MAX_VALUE;
        for (int i = 0; i < key.inputs().size(); i++) {
            List<Set<Item>> reached = new ArrayList<>(1);
            long size = 0;
            for (CacheKeyWithSelector input : key.inputs().get(i)) {
                CacheInfoLink link = new CacheInfoLink(i, key.recordDigest(), input.selector());
                for (Item source : itemsOf(input.key().key())) {
                    Set<Item> found = source.links.get(link);
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
        Set<Item> matches = new LinkedHashSet<>();
        targets.get(fewest).forEach(matches::addAll);
        for (int i = 0; i < targets.size(); i++) {
            if (i != fewest) {
                List<Set<Item>> reached = targets.get(i);
                matches.removeIf(item -> reached.stream().noneMatch(items -> items.contains(item)));
            }
        }
        return matches;
    }
}
