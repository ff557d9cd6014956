package dev.cachetool.solver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Keeps keys, links and results in memory, as long as it lives itself. */
public final class InMemoryCacheKeyStorage implements CacheKeyStorage {
    private static final class Entry {
        final Map<CacheInfoLink, Set<String>> links = new LinkedHashMap<>(4);
        final Map<String, Set<CacheInfoLink>> backlinks = new LinkedHashMap<>(4);
        final Map<String, CacheResult> results = new LinkedHashMap<>(2);
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Set<String>> idsByResult = new LinkedHashMap<>();

    @Override
    public synchronized boolean exists(String id) {
        return entries.containsKey(id);
    }

    @Override
    public void walk(Consumer<String> visitor) {
        List<String> ids;
        synchronized (this) {
            ids = List.copyOf(entries.keySet());
        }
        ids.forEach(visitor);
    }

    @Override
    public void walkResults(String id, Consumer<CacheResult> visitor) {
        List<CacheResult> results;
        synchronized (this) {
            Entry entry = entries.get(id);
            results = entry == null ? List.of() : List.copyOf(entry.results.values());
        }
        results.forEach(visitor);
    }

    @Override
    public synchronized Optional<CacheResult> load(String id, String resultId) {
        return Optional.ofNullable(entries.get(id)).map(entry -> entry.results.get(resultId));
    }

    @Override
    public synchronized void addResult(String id, CacheResult result) {
        entry(id).results.put(result.id(), result);
        idsByResult
                .computeIfAbsent(result.id(), unused -> new LinkedHashSet<>(2))
                .add(id);
    }

    @Override
    public synchronized void release(String resultId) {
        Set<String> ids = idsByResult.remove(resultId);
        if (ids == null) {
            return;
        }
        for (String id : ids) {
            Entry entry = entries.get(id);
            if (entry != null) {
                entry.results.remove(resultId);
                removeIfUnused(id);
            }
        }
    }

    private void removeIfUnused(String first) {
        List<String> open = new ArrayList<>(List.of(first));
        while (!open.isEmpty()) {
            String id = open.remove(open.size() - 1);
            Entry entry = entries.get(id);
            if (entry == null || !entry.results.isEmpty() || !entry.links.isEmpty()) {
                continue;
            }
            entries.remove(id);
            for (Map.Entry<String, Set<CacheInfoLink>> back : entry.backlinks.entrySet()) {
                Entry source = entries.get(back.getKey());
                if (source == null) {
                    continue;
                }
                for (CacheInfoLink link : back.getValue()) {
                    Set<String> targets = source.links.get(link);
                    if (targets != null && targets.remove(id) && targets.isEmpty()) {
                        source.links.remove(link);
                    }
                }
                open.add(back.getKey());
            }
        }
    }

    @Override
    public synchronized void addLink(String id, CacheInfoLink link, String target) {
        if (entry(id)
                .links
                .computeIfAbsent(link, unused -> new LinkedHashSet<>(2))
                .add(target)) {
            entry(target)
                    .backlinks
                    .computeIfAbsent(id, unused -> new LinkedHashSet<>(2))
                    .add(link);
        }
    }

    private Entry entry(String id) {
        return entries.computeIfAbsent(id, unused -> new Entry());
    }

    @Override
    public void walkLinks(String id, CacheInfoLink link, Consumer<String> visitor) {
        List<String> targets;
        synchronized (this) {
            Entry entry = entries.get(id);
            Set<String> found = entry == null ? null : entry.links.get(link);
            targets = found == null ? List.of() : List.copyOf(found);
        }
        targets.forEach(visitor);
    }

    @Override
    public synchronized int countLinks(String id, CacheInfoLink link) {
        Entry entry = entries.get(id);
        Set<String> found = entry == null ? null : entry.links.get(link);
        return found == null ? 0 : found.size();
    }

    @Override
    public synchronized boolean hasLink(String id, CacheInfoLink link, String target) {
        Entry entry = entries.get(id);
        Set<String> found = entry == null ? null : entry.links.get(link);
        return found != null && found.contains(target);
    }

    @Override
    public void walkBacklinks(String id, BiConsumer<String, CacheInfoLink> visitor) {
        Map<String, List<CacheInfoLink>> found = new LinkedHashMap<>();
        synchronized (this) {
            Entry entry = entries.get(id);
            if (entry != null) {
                entry.backlinks.forEach((source, links) -> found.put(source, List.copyOf(links)));
            }
        }
        found.forEach((source, links) -> links.forEach(link -> visitor.accept(source, link)));
    }

    @Override
    public void walkIdsByResult(String resultId, Consumer<String> visitor) {
        List<String> ids;
        synchronized (this) {
            Set<String> found = idsByResult.get(resultId);
            ids = found == null ? List.of() : List.copyOf(found);
        }
        ids.forEach(visitor);
    }
}
