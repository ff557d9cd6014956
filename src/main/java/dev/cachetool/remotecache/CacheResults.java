package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The results of a cache in the order in which they go when it is to be smaller: the oldest first, among equals the largest,
 * then by identity.
 *
 * @param rows a row for each record that has a result with layers
 */
public record CacheResults(List<Row> rows) {
    private static final Comparator<Row> ORDER = Comparator.comparing(Row::createdAt)
            .thenComparing(Comparator.comparingLong(Row::bytes).reversed())
            .thenComparing(Row::identity);

    public CacheResults {
        rows = rows.stream().sorted(ORDER).toList();
    }

    /**
     * One result.
     *
     * @param record the index of its record
     * @param identity of its record
     * @param digest of its record, as it stands in the config
     * @param isAlone whether no other record of the cache has that digest, standing on other inputs
     * @param names of the vertices that its record is the key of; empty where the cache notes none
     * @param createdAt when it was made
     * @param layers its blobs, each once
     */
    public record Row(
            int record,
            Digest identity,
            String digest,
            boolean isAlone,
            SortedSet<String> names,
            Timestamp createdAt,
            Set<Descriptor> layers) {
        /** The size of its blobs. */
        public long bytes() {
            return layers.stream().mapToLong(Descriptor::size).sum();
        }

        /** What people call it: the names, or else {@link #shortDigest}. */
        public String title() {
            return names.isEmpty() ? shortDigest() : String.join(" = ", names);
        }

        /** The first digits of the digest of its record, or of its identity where other records have that digest too. */
        public String shortDigest() {
            return isAlone ? Digest.tryParse(digest).orElse(identity).shortText() : identity.shortText();
        }
    }

    /** The results of a cache; n log n. */
    public static CacheResults of(NotedChains cache) {
        List<Row> rows = new ArrayList<>();
        List<ChainRecord> records = cache.chains().records();
        Map<String, Integer> digests = new HashMap<>();
        records.forEach(each -> digests.merge(each.digest(), 1, Integer::sum));
        for (int i = 0; i < records.size(); i++) {
            ChainRecord each = records.get(i);
            if (each.results().isEmpty()
                    || each.results().get(0).remote().descriptors().isEmpty()) {
                continue;
            }
            Map<Digest, Descriptor> layers = new HashMap<>();
            for (Descriptor layer : each.results().get(0).remote().descriptors()) {
                layers.putIfAbsent(layer.digest(), layer);
            }
            rows.add(new Row(
                    i,
                    each.identity(),
                    each.digest(),
                    digests.getOrDefault(each.digest(), 1) == 1,
                    cache.notes()
                            .record(each.identity())
                            .map(Notes.RecordNotes::names)
                            .orElseGet(TreeSet::new),
                    each.results().get(0).createdAt(),
                    new LinkedHashSet<>(layers.values())));
        }
        return new CacheResults(rows);
    }

    /** The size of all blobs, each once. */
    public long bytes() {
        return LayerUse.of(rows).bytes();
    }

    /** The indexes of the records that have a result when these went. */
    BitSet without(Iterable<Row> dropped) {
        BitSet stay = new BitSet();
        rows.forEach(row -> stay.set(row.record()));
        dropped.forEach(row -> stay.clear(row.record()));
        return stay;
    }
}
