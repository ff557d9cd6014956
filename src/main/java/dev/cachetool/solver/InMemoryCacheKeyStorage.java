package dev.cachetool.solver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Keeps keys, links and results in memory, as long as it lives itself. */
public final class InMemoryCacheKeyStorage implements CacheKeyStorage {
    private static final class Entry {
        Map<CacheInfoLink, Set<String>> links = Map.of();
        Map<String, Set<CacheInfoLink>> backlinks = Map.of();
        Map<String, CacheResult> results = Map.of();
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
        Entry entry = entry(id);
        entry.results = Small.with(entry.results, result.id(), result);
        idsByResult.put(result.id(), Small.with(idsByResult.getOrDefault(result.id(), Set.of()), id));
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
                entry.results = Small.without(entry.results, resultId);
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
                    if (targets != null) {
                        Set<String> left = Small.without(targets, id);
                        source.links = left.isEmpty()
                                ? Small.without(source.links, link)
                                : Small.with(source.links, link, left);
                    }
                }
                open.add(back.getKey());
            }
        }
    }

    @Override
    public synchronized void addLink(String id, CacheInfoLink link, String target) {
        Entry source = entry(id);
        Set<String> targets = source.links.getOrDefault(link, Set.of());
        if (!targets.contains(target)) {
            source.links = Small.with(source.links, link, Small.with(targets, target));
            Entry end = entry(target);
            Set<CacheInfoLink> back = end.backlinks.getOrDefault(id, Set.of());
            end.backlinks = Small.with(end.backlinks, id, Small.with(back, link));
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
        record Backlink(String source, CacheInfoLink link) {}
        List<Backlink> found = new ArrayList<>(2);
        synchronized (this) {
            Entry entry = entries.get(id);
            if (entry != null) {
                entry.backlinks.forEach(
                        (source, links) -> links.forEach(link -> found.add(new Backlink(source, link))));
            }
        }
        found.forEach(back -> visitor.accept(back.source(), back.link()));
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
