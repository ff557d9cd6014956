package dev.cachetool.remotecache;

import dev.cachetool.digest.Digest;
import dev.cachetool.solver.CacheExportResult;
import java.util.List;

/**
 * A record of normalised chains.
 *
 * @param identity digest over the record's digest and, for every input, the selectors and identities that lead here: two
 *     caches have the same record where the identities are equal
 * @param digest its output key, as it stands in the config
 * @param inputs for every input the records that lead here, by their place in the list of records
 * @param results its results, the preferred one first
 */
public record ChainRecord(
        Digest identity, String digest, List<List<ChainLink>> inputs, List<CacheExportResult> results) {
    public ChainRecord {
        inputs = List.copyOf(inputs);
        results = List.copyOf(results);
    }

    /** A record that leads here, by its index, narrowed by a selector; "" for all of it. */
    public record ChainLink(String selector, int index) {}
}
