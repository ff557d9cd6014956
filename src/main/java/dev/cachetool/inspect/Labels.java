package dev.cachetool.inspect;

import java.util.HashMap;
import java.util.Map;

/**
 * What the records of one cache are called among people. The digest of a record is that of its operation: where several
 * records have the same one, standing on other inputs, each is called by its identity instead.
 */
public final class Labels {
    private final Map<String, Integer> digests = new HashMap<>();

    public Labels(CacheView cache) {
        for (RecordView each : cache.records()) {
            digests.merge(each.digest(), 1, Integer::sum);
        }
    }

    /** Its names, or else {@link #shortDigest}. */
    public String label(RecordView record) {
        return record.names().isEmpty() ? shortDigest(record) : record.label();
    }

    /** The first digits of a digest that no other record has. */
    public String shortDigest(RecordView record) {
        return digests.getOrDefault(record.digest(), 1) > 1 ? record.identity().shortText() : record.shortDigest();
    }
}
