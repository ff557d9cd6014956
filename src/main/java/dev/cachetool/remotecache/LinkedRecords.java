package dev.cachetool.remotecache;

import dev.cachetool.solver.CacheExportResult;
import java.util.List;

/**
 * The records of chains after those that are the same key became one, by number.
 *
 * @param digests of the records
 * @param selectors by the number that {@link Alternative} has for them; 0 is ""
 * @param links of a record, for every input the ways in; those that may not stay are taken out of it
 * @param results of the records, in no certain order
 * @param recordOfItem which of them an item became
 */
record LinkedRecords(
        String[] digests,
        List<String> selectors,
        long[][][] links,
        List<List<CacheExportResult>> results,
        int[] recordOfItem) {
    int size() {
        return digests.length;
    }

    String digest(int record) {
        return digests[record];
    }

    String selector(long alternative) {
        return selectors.get(Alternative.selector(alternative));
    }
}
