package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.CacheInfoLink;
import dev.cachetool.solver.CacheKeyStorage;
import dev.cachetool.solver.CacheResult;
import dev.cachetool.solver.CacheResultStorage;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import dev.cachetool.solver.StorageCacheManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A cache that was read, for a solver to ask: its records as keys, its results by the blobs that they are made of. It takes
 * nothing in: what is added is forgotten, what is saved is refused.
 */
public final class ImportedCache {
    private static final AtomicLong NEW_IDS = new AtomicLong();

    private final NormalizedChains chains;
    private final ResultOpener opener;
    private final Map<String, Integer> records = new HashMap<>();
    private final String[] ids;
    private final List<Map<CacheInfoLink, List<Integer>>> links;
    private final Map<String, List<Integer>> recordsByResult = new HashMap<>();
    private final Set<String> dropped = ConcurrentHashMap.newKeySet();
    private volatile @Nullable CacheTrail trail;

    /** Makes a result of what stands in a cache; pulls nothing by itself. */
    @FunctionalInterface
    public interface ResultOpener {
        /**
         * The result.
         *
         * @param id names it in this cache
         * @param record the record that it is a result of
         * @throws IOException if it cannot be had
         */
        Result open(String id, CacheExportResult result, ChainRecord record) throws IOException;
    }

    public ImportedCache(NormalizedChains chains, ResultOpener opener) {
        this.chains = chains;
        this.opener = opener;
        int size = chains.records().size();
        this.ids = new String[size];
        this.links = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            ChainRecord record = chains.records().get(i);
            ids[i] = record.inputs().isEmpty() ? record.digest() : "record:" + record.identity();
            records.put(ids[i], i);
            links.add(new HashMap<>(2));
            for (CacheExportResult result : record.results()) {
                recordsByResult
                        .computeIfAbsent(resultId(result.remote()), unused -> new ArrayList<>(1))
                        .add(i);
            }
        }
        for (int i = 0; i < size; i++) {
            ChainRecord record = chains.records().get(i);
            Optional<Digest> digest = Digest.tryParse(record.digest());
            if (digest.isEmpty()) {
                continue;
            }
            for (int input = 0; input < record.inputs().size(); input++) {
                for (ChainLink link : record.inputs().get(input)) {
                    Optional<Digest> selector =
                            link.selector().isEmpty() ? Optional.empty() : Digest.tryParse(link.selector());
                    if (selector.isEmpty() && !link.selector().isEmpty()) {
                        continue;
                    }
                    links.get(link.index())
                            .computeIfAbsent(
                                    new CacheInfoLink(input, digest.get(), selector), unused -> new ArrayList<>(1))
                            .add(i);
                }
            }
        }
    }

    /** A manager that answers from this cache. */
    public StorageCacheManager manager(String name) {
        return new StorageCacheManager(
                name, false, new Keys(), new Results(), () -> "unknown:" + NEW_IDS.incrementAndGet());
    }

    /** Notes from now on what is found here. */
    public CacheTrail follow() {
        CacheTrail fresh = new CacheTrail(chains.records().size());
        trail = fresh;
        return fresh;
    }

    /** The records that it holds. */
    public NormalizedChains chains() {
        return chains;
    }

    /** Holds a result no longer, because its layers turned out to be missing or damaged; its records stay. */
    public void drop(String resultId) {
        dropped.add(resultId);
    }

    private static String resultId(Remote remote) {
        StringBuilder blobs = new StringBuilder();
        for (Descriptor descriptor : remote.descriptors()) {
            blobs.append(descriptor.digest()).append('\n');
        }
        return Digest.sha256(blobs.toString()).toString();
    }

    private Optional<ChainRecord> record(String id) {
        return Optional.ofNullable(records.get(id)).map(chains.records()::get);
    }

    private final class Keys implements CacheKeyStorage {
        @Override
        public boolean exists(String id) {
            return records.containsKey(id);
        }

        @Override
        public void walk(Consumer<String> visitor) {
            for (String id : ids) {
                visitor.accept(id);
            }
        }

        @Override
        public void walkResults(String id, Consumer<CacheResult> visitor) {
            CacheTrail following = trail;
            if (following != null && records.containsKey(id)) {
                following.found(records.get(id));
            }
            record(id).ifPresent(record -> {
                Set<String> seen = new LinkedHashSet<>(2);
                for (CacheExportResult result : record.results()) {
                    String resultId = resultId(result.remote());
                    if (seen.add(resultId)) {
                        visitor.accept(new CacheResult(resultId, result.createdAt()));
                    }
                }
            });
        }

        @Override
        public Optional<CacheResult> load(String id, String resultId) {
            return find(id, resultId).map(result -> new CacheResult(resultId, result.createdAt()));
        }

        @Override
        public void addResult(String id, CacheResult result) {}

        @Override
        public void release(String resultId) {}

        @Override
        public void addLink(String id, CacheInfoLink link, String target) {}

        @Override
        public void walkLinks(String id, CacheInfoLink link, Consumer<String> visitor) {
            for (int target : targets(id, link)) {
                visitor.accept(ids[target]);
            }
        }

        @Override
        public int countLinks(String id, CacheInfoLink link) {
            return targets(id, link).size();
        }

        @Override
        public boolean hasLink(String id, CacheInfoLink link, String target) {
            Integer wanted = records.get(target);
            return wanted != null && targets(id, link).contains(wanted);
        }

        private List<Integer> targets(String id, CacheInfoLink link) {
            Integer source = records.get(id);
            if (source == null) {
                return List.of();
            }
            List<Integer> targets = links.get(source).getOrDefault(link, List.of());
            CacheTrail following = trail;
            if (following != null) {
                following.led(link.inputIndex(), targets);
            }
            return targets;
        }

        @Override
        public void walkBacklinks(String id, BiConsumer<String, CacheInfoLink> visitor) {
            Optional<ChainRecord> record = record(id);
            Optional<Digest> digest = record.flatMap(r -> Digest.tryParse(r.digest()));
            if (record.isEmpty() || digest.isEmpty()) {
                return;
            }
            for (int input = 0; input < record.get().inputs().size(); input++) {
                for (ChainLink link : record.get().inputs().get(input)) {
                    Optional<Digest> selector = Digest.tryParse(link.selector());
                    if (selector.isPresent() || link.selector().isEmpty()) {
                        visitor.accept(ids[link.index()], new CacheInfoLink(input, digest.get(), selector));
                    }
                }
            }
        }

        @Override
        public void walkIdsByResult(String resultId, Consumer<String> visitor) {
            for (int record : recordsByResult.getOrDefault(resultId, List.of())) {
                visitor.accept(ids[record]);
            }
        }
    }

    private Optional<CacheExportResult> find(String id, String resultId) {
        return record(id)
                .flatMap(record -> record.results().stream()
                        .filter(result -> resultId(result.remote()).equals(resultId))
                        .findFirst());
    }

    private final class Results implements CacheResultStorage {
        @Override
        public CacheResult save(Result result, Timestamp createdAt) throws IOException {
            throw new IOException("could not save a result: a cache that was imported takes nothing in");
        }

        @Override
        public Optional<Result> load(CacheResult result) throws IOException {
            for (int index : recordsByResult.getOrDefault(result.id(), List.of())) {
                Optional<CacheExportResult> found = find(ids[index], result.id());
                if (found.isPresent()) {
                    return Optional.of(opener.open(
                            result.id(), found.get(), chains.records().get(index)));
                }
            }
            return Optional.empty();
        }

        @Override
        public List<Remote> loadRemotes(CacheResult result) {
            for (int index : recordsByResult.getOrDefault(result.id(), List.of())) {
                Optional<CacheExportResult> found = find(ids[index], result.id());
                if (found.isPresent()) {
                    return List.of(found.get().remote());
                }
            }
            return List.of();
        }

        @Override
        public boolean exists(String resultId) {
            return recordsByResult.containsKey(resultId) && !dropped.contains(resultId);
        }
    }
}
