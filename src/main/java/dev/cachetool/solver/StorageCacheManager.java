package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A cache manager on a key storage and a result storage. */
public final class StorageCacheManager implements CacheManager {
    private final String name;
    private final boolean local;
    private final CacheKeyStorage keys;
    private final CacheResultStorage results;
    private final Supplier<String> newIds;

    /**
     * @param name what people call it
     * @param local whether loading a result from it costs no transfer
     * @param newIds gives an id that the key storage does not have, each time another
     */
    public StorageCacheManager(
            String name, boolean local, CacheKeyStorage keys, CacheResultStorage results, Supplier<String> newIds) {
        this.name = name;
        this.local = local;
        this.keys = keys;
        this.results = results;
        this.newIds = newIds;
    }

    @Override
    public String name() {
        return name;
    }

    CacheKeyStorage keys() {
        return keys;
    }

    CacheResultStorage results() {
        return results;
    }

    @Override
    public Optional<CacheKey> queryRoot(Digest digest, int outputIndex) {
        CacheKey key = CacheKey.of(digest, outputIndex, List.of());
        String id = key.recordDigest().toString();
        if (!keys.exists(id)) {
            return Optional.empty();
        }
        key.remember(this, id);
        return Optional.of(key);
    }

    @Override
    public List<CacheKey> query(List<CacheKeyWithSelector> inputKeys, int inputIndex, Digest digest, int outputIndex) {
        Digest recordDigest = OutputKeys.of(digest, outputIndex);
        List<String> sources = new ArrayList<>(inputKeys.size());
        List<CacheInfoLink> links = new ArrayList<>(inputKeys.size());
        Set<String> found = new LinkedHashSet<>();
        for (CacheKeyWithSelector inputKey : inputKeys) {
            String source = id(inputKey.key().key());
            CacheInfoLink link = new CacheInfoLink(inputIndex, recordDigest, inputKey.selector());
            sources.add(source);
            links.add(link);
            keys.walkLinks(source, link, found::add);
        }
        List<CacheKey> out = new ArrayList<>(found.size());
        for (String id : found) {
            for (int i = 0; i < sources.size() && sources.size() > 1; i++) {
                if (!keys.hasLink(sources.get(i), links.get(i), id)) {
                    keys.addLink(sources.get(i), links.get(i), id);
                }
            }
            CacheKey key = CacheKey.of(digest, outputIndex, List.of());
            key.remember(this, id);
            out.add(key);
        }
        return out;
    }

    @Override
    public List<CacheRecord> records(CacheKey key) {
        List<CacheRecord> records = new ArrayList<>(1);
        keys.walkResults(id(key), result -> {
            if (results.exists(result.id())) {
                records.add(new CacheRecord(result, this, key, local));
            } else {
                keys.release(result.id());
            }
        });
        return records;
    }

    @Override
    public Optional<Result> load(CacheRecord record) throws IOException {
        Optional<CacheResult> result = keys.load(id(record.key()), record.id());
        return result.isEmpty() ? Optional.empty() : results.load(result.get());
    }

    @Override
    public Optional<CacheRecord> save(CacheKey key, Result result, Timestamp createdAt) throws IOException {
        CacheResult saved = results.save(result, createdAt);
        keys.addResult(id(key), saved);
        persist(key);
        return Optional.of(new CacheRecord(saved, this, key, local));
    }

    /** Links the whole chain below the key, as far as it is not linked yet. */
    private void persist(CacheKey top) {
        Deque<CacheKey> open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            CacheKey key = open.pop();
            String id = id(key);
            for (int i = 0; i < key.inputs().size(); i++) {
                for (CacheKeyWithSelector input : key.inputs().get(i)) {
                    CacheInfoLink link = new CacheInfoLink(i, key.recordDigest(), input.selector());
                    String source = id(input.key().key());
                    if (!keys.hasLink(source, link, id)) {
                        keys.addLink(source, link, id);
                        open.push(input.key().key());
                    }
                }
            }
        }
    }

    /** The id of the key here: the one that it had, the one that its inputs' links lead to, or a new one. */
    String id(CacheKey top) {
        Optional<String> known = top.idIn(this);
        if (known.isPresent()) {
            return known.get();
        }
        // The ids of the inputs come first; a stack of its own, since chains are as long as graphs are deep.
        Deque<CacheKey> open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            CacheKey key = open.peek();
            if (key.idIn(this).isPresent()) {
                open.pop();
                continue;
            }
            boolean ready = true;
            for (List<CacheKeyWithSelector> alternatives : key.inputs()) {
                for (CacheKeyWithSelector input : alternatives) {
                    if (input.key().key().idIn(this).isEmpty()) {
                        open.push(input.key().key());
                        ready = false;
                    }
                }
            }
            if (ready) {
                open.pop();
                key.remember(this, key.isRoot() ? key.recordDigest().toString() : idFromInputs(key));
            }
        }
        return top.idIn(this).orElseThrow();
    }

    private String idFromInputs(CacheKey key) {
        // Start from the input that leads to the fewest keys, and ask the others only for those.
        int best = -1;
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < key.inputs().size(); i++) {
            long count = 0;
            for (CacheKeyWithSelector input : key.inputs().get(i)) {
                count += keys.countLinks(
                        id(input.key().key()), new CacheInfoLink(i, key.recordDigest(), input.selector()));
            }
            if (count < fewest) {
                fewest = count;
                best = i;
            }
            if (count == 0) {
                return newIds.get();
            }
        }
        Set<String> candidates = new LinkedHashSet<>();
        for (CacheKeyWithSelector input : key.inputs().get(best)) {
            keys.walkLinks(
                    id(input.key().key()),
                    new CacheInfoLink(best, key.recordDigest(), input.selector()),
                    candidates::add);
        }
        for (String candidate : candidates) {
            boolean everywhere = true;
            for (int i = 0; i < key.inputs().size() && everywhere; i++) {
                everywhere = i == best || leadsTo(key, i, candidate);
            }
            if (everywhere) {
                return candidate;
            }
        }
        return newIds.get();
    }

    private boolean leadsTo(CacheKey key, int inputIndex, String target) {
        for (CacheKeyWithSelector input : key.inputs().get(inputIndex)) {
            if (keys.hasLink(
                    id(input.key().key()),
                    new CacheInfoLink(inputIndex, key.recordDigest(), input.selector()),
                    target)) {
                return true;
            }
        }
        return false;
    }

    /** Several managers' answers for the same ids, as one key each that knows all of them. */
    static List<CacheKey> united(Collection<? extends List<CacheKey>> answers) {
        Map<String, CacheKey> byId = new LinkedHashMap<>();
        for (List<CacheKey> answer : answers) {
            for (CacheKey key : answer) {
                for (CacheManager manager : key.managers()) {
                    String id = key.idIn(manager).orElseThrow();
                    CacheKey first = byId.putIfAbsent(id, key);
                    if (first != null && first != key) {
                        first.remember(manager, id);
                    }
                }
            }
        }
        return List.copyOf(new LinkedHashSet<>(byId.values()));
    }
}
