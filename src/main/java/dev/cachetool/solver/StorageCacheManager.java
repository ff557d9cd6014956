package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
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
    private final Object newKeys = new Object();

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
    public boolean connect(List<CacheKeyWithSelector> inputKeys, int inputIndex, Digest recordDigest) {
        if (inputKeys.size() == 1) {
            CacheKeyWithSelector only = inputKeys.get(0);
            return keys.countLinks(id(only.key().key()), new CacheInfoLink(inputIndex, recordDigest, only.selector()))
                    > 0;
        }
        List<Source> sources = sources(inputKeys, inputIndex, recordDigest);
        Set<String> found = new LinkedHashSet<>();
        for (Source source : sources) {
            keys.walkLinks(source.id(), source.link(), found::add);
        }
        for (String id : found) {
            for (Source source : sources) {
                keys.addLink(source.id(), source.link(), id);
            }
        }
        return !found.isEmpty();
    }

    /** A key of an input as the key storage knows it. */
    private record Source(String id, CacheInfoLink link) {}

    private List<Source> sources(List<CacheKeyWithSelector> inputKeys, int inputIndex, Digest recordDigest) {
        List<Source> sources = new ArrayList<>(inputKeys.size());
        for (CacheKeyWithSelector inputKey : inputKeys) {
            sources.add(new Source(
                    id(inputKey.key().key()), new CacheInfoLink(inputIndex, recordDigest, inputKey.selector())));
        }
        return sources;
    }

    @Override
    public List<CacheKey> query(List<InputKeys> inputs, Digest digest, int outputIndex, Set<String> known, int limit) {
        Digest recordDigest = OutputKeys.of(digest, outputIndex);
        List<List<Source>> sources = new ArrayList<>(inputs.size());
        for (InputKeys input : inputs) {
            sources.add(sources(input.keys(), input.inputIndex(), recordDigest));
        }
        List<CacheKey> out = new ArrayList<>(1);
        for (String id : common(sources, known, limit)) {
            CacheKey key = CacheKey.of(digest, outputIndex, recordDigest, List.of());
            key.remember(this, id);
            out.add(key);
        }
        return out;
    }

    /** The ids that each of the lists has a source for, without those that are known, up to a limit. */
    private List<String> common(List<List<Source>> inputs, Set<String> known, int limit) {
        // From the input that leads to the fewest, since a common input may lead to very many.
        int fewest = 0;
        long fewestCount = Long.MAX_VALUE;
        for (int i = 0; i < inputs.size(); i++) {
            long count = 0;
            for (Source source : inputs.get(i)) {
                count += keys.countLinks(source.id(), source.link());
            }
            if (count == 0) {
                return List.of();
            }
            if (count < fewestCount) {
                fewest = i;
                fewestCount = count;
            }
        }
        Set<String> candidates = new LinkedHashSet<>();
        for (Source source : inputs.get(fewest)) {
            keys.walkLinks(source.id(), source.link(), candidates::add);
        }
        List<String> out = new ArrayList<>(1);
        for (String candidate : candidates) {
            if (out.size() < limit && !known.contains(candidate) && everyLeadsTo(candidate, inputs, fewest)) {
                out.add(candidate);
            }
        }
        return out;
    }

    private boolean everyLeadsTo(String target, List<List<Source>> inputs, int except) {
        for (int i = 0; i < inputs.size(); i++) {
            if (i != except && !anyLeadsTo(target, inputs.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean anyLeadsTo(String target, List<Source> sources) {
        for (Source source : sources) {
            if (keys.hasLink(source.id(), source.link(), target)) {
                return true;
            }
        }
        return false;
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
        try {
            synchronized (newKeys) {
                String id = id(key);
                // All are known before the first is added: one piece to a storage that writes, which questions would
                // split.
                for (Chained link : chainBelow(key)) {
                    keys.addLink(link.from().id(), link.from().link(), link.target());
                }
                keys.addResult(id, saved);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return Optional.of(new CacheRecord(saved, this, key, local));
    }

    /** A link that leads to a key. */
    private record Chained(Source from, String target) {}

    /**
     * The links of the whole chain below the key, as far as it is not linked yet. The lowest come first, so that where a key
     * is linked everything below it is, also after a crash.
     */
    private List<Chained> chainBelow(CacheKey top) {
        List<Chained> chain = new ArrayList<>();
        record Open(CacheKey key, List<CacheKey> below) {}
        Set<CacheKey> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Open> stack = new ArrayDeque<>();
        seen.add(top);
        stack.push(new Open(top, unlinkedInputs(top)));
        while (!stack.isEmpty()) {
            Open open = stack.element();
            if (!open.below().isEmpty()) {
                CacheKey below = open.below().remove(open.below().size() - 1);
                if (seen.add(below)) {
                    stack.push(new Open(below, unlinkedInputs(below)));
                }
                continue;
            }
            stack.pop();
            CacheKey key = open.key();
            for (int i = 0; i < key.inputs().size(); i++) {
                for (Source source : sources(key.inputs().get(i), i, key.recordDigest())) {
                    chain.add(new Chained(source, id(key)));
                }
            }
        }
        return chain;
    }

    private List<CacheKey> unlinkedInputs(CacheKey key) {
        List<CacheKey> unlinked = new ArrayList<>(1);
        String id = id(key);
        for (int i = 0; i < key.inputs().size(); i++) {
            for (CacheKeyWithSelector input : key.inputs().get(i)) {
                CacheInfoLink link = new CacheInfoLink(i, key.recordDigest(), input.selector());
                if (!keys.hasLink(id(input.key().key()), link, id)) {
                    unlinked.add(input.key().key());
                }
            }
        }
        return unlinked;
    }

    /** The id of the key here: the one that it had, the one that its inputs' links lead to, or a new one. */
    String id(CacheKey top) {
        Optional<String> known = top.idIn(this);
        if (known.isPresent()) {
            return known.get();
        }
        // Two threads must not give two ids to the same key.
        synchronized (newKeys) {
            // The ids of the inputs come first; a stack of its own, since chains are as long as graphs are deep.
            Deque<CacheKey> open = new ArrayDeque<>(List.of(top));
            while (!open.isEmpty()) {
                CacheKey key = open.element();
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
    }

    private String idFromInputs(CacheKey key) {
        List<List<Source>> inputs = new ArrayList<>(key.inputs().size());
        for (int i = 0; i < key.inputs().size(); i++) {
            inputs.add(sources(key.inputs().get(i), i, key.recordDigest()));
        }
        List<String> found = common(inputs, Set.of(), 1);
        return found.isEmpty() ? newIds.get() : found.get(0);
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
