package dev.cachetool.inspect;

import dev.cachetool.digest.Digest;
import dev.cachetool.remotecache.CacheChains;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.remotecache.NormalizedChains;
import dev.cachetool.solver.CacheExporterRecord;
import dev.cachetool.solver.CacheLink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which records of two caches are the same key, as they would be if both caches were one: by their identities, or because
 * for every input they have a link in common (docs/formats.md, "Normalisation"). Keys have numbers.
 */
final class SameKeys {
    private final int[] ofA;
    private final int[] ofB;

    private SameKeys(int[] ofA, int[] ofB) {
        this.ofA = ofA;
        this.ofB = ofB;
    }

    static SameKeys of(CacheView a, CacheView b) {
        CacheChains united = new CacheChains();
        @Nullable CacheExporterRecord[] addedA = add(a, united);
        @Nullable CacheExporterRecord[] addedB = add(b, united);
        NormalizedChains chains = united.normalize();
        Map<Digest, Integer> numbers = new HashMap<>();
        return new SameKeys(numbers(a, addedA, chains, numbers), numbers(b, addedB, chains, numbers));
    }

    /** The key of a record of the first cache. */
    int ofA(int index) {
        return ofA[index];
    }

    /** The key of a record of the second cache. */
    int ofB(int index) {
        return ofB[index];
    }

    /** Adds the records, those that lead to others first; what has a malformed digest, or stands on such, cannot be added. */
    private static @Nullable CacheExporterRecord[] add(CacheView cache, CacheChains to) {
        List<RecordView> records = cache.records();
        @Nullable CacheExporterRecord[] added = new CacheExporterRecord[records.size()];
        int[] order = IntStream.range(0, records.size())
                .boxed()
                .sorted(Comparator.comparingInt(index -> records.get(index).depth()))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int index : order) {
            RecordView each = records.get(index);
            List<List<CacheLink>> inputs = new ArrayList<>(each.inputs().size());
            for (List<ChainLink> links : each.inputs()) {
                List<CacheLink> ways = new ArrayList<>(links.size());
                for (ChainLink link : links) {
                    CacheExporterRecord source = added[link.index()];
                    if (source != null) {
                        ways.add(new CacheLink(source, link.selector()));
                    }
                }
                inputs.add(ways);
            }
            Optional<Digest> digest = Digest.tryParse(each.digest());
            if (digest.isPresent()) {
                added[index] = to.add(digest.get(), inputs, List.of()).orElse(null);
            }
        }
        return added;
    }

    private static int[] numbers(
            CacheView cache,
            @Nullable CacheExporterRecord[] added,
            NormalizedChains chains,
            Map<Digest, Integer> numbers) {
        int[] keys = new int[added.length];
        for (int i = 0; i < keys.length; i++) {
            CacheExporterRecord record = added[i];
            Digest key = (record == null ? Optional.<ChainRecord>empty() : chains.find(record))
                    .map(ChainRecord::identity)
                    .orElse(cache.records().get(i).identity());
            keys[i] = numbers.computeIfAbsent(key, unused -> numbers.size());
        }
        return keys;
    }
}
