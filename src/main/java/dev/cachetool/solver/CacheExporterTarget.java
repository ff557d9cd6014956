package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import java.util.List;
import java.util.Optional;

/** Takes the records of an export. */
public interface CacheExporterTarget {
    /**
     * Adds a record.
     *
     * @param recordDigest the output key of its operation
     * @param links for every input the records that lead here, any of which will do; empty for a root
     * @param results its results; may be empty
     * @return the record; empty where it is refused: a random digest, or an input without any link
     */
    Optional<CacheExporterRecord> add(
            Digest recordDigest, List<? extends List<CacheLink>> links, List<CacheExportResult> results);
}
