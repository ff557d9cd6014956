package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.Notes.RecordNotes;
import dev.cachetool.solver.CacheExporterRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Makes one cache of several: every record of each is in it, records that are the same key are one with the links of all and the
 * best result, and what was noted of them is noted of that one. Neither order nor repetition of the caches matters, and a
 * union may be united again (docs/formats.md, "Unions").
 */
public final class CacheUnion {
    private CacheUnion() {}

    /** The union of the caches; n log n in their records and links. */
    public static NotedChains of(List<NotedChains> caches) {
        CacheChains all = new CacheChains();
        List<List<CacheExporterRecord>> added = new ArrayList<>(caches.size());
        for (NotedChains cache : caches) {
            added.add(all.addAll(cache.chains(), UnaryOperator.identity()));
        }
        NormalizedChains united = all.normalize();
        Map<Digest, RecordNotes> notes = new TreeMap<>();
        for (int c = 0; c < added.size(); c++) {
            List<ChainRecord> records = caches.get(c).chains().records();
            for (int i = 0; i < records.size(); i++) {
                Optional<RecordNotes> own =
                        caches.get(c).notes().record(records.get(i).identity());
                Optional<ChainRecord> now = united.find(added.get(c).get(i));
                if (own.isPresent() && now.isPresent()) {
                    RecordNotes kept = ofWritten(ofWritten(own.get(), records.get(i)), now.get());
                    notes.merge(now.get().identity(), kept, RecordNotes::union);
                }
            }
        }
        return new NotedChains(united, new Notes(new TreeMap<>(notes)));
    }

    /** The notes without those on results that the config does not have: a later union would not know of them either. */
    private static RecordNotes ofWritten(RecordNotes notes, ChainRecord record) {
        SortedMap<Digest, Notes.ResultNotes> kept = new TreeMap<>();
        if (!record.results().isEmpty()) {
            List<Descriptor> layers = record.results().get(0).remote().descriptors();
            if (!layers.isEmpty()) {
                notes.result(layers).ifPresent(known -> kept.put(Notes.resultKey(layers), known));
            }
        }
        return new RecordNotes(notes.names(), notes.parts(), kept);
    }
}
