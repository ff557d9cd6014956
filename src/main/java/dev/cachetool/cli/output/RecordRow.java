package dev.cachetool.cli.output;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import java.util.Optional;

/**
 * What is said of a record of a cache config.
 *
 * @param digest its digest
 * @param name the name of its vertex, where the cache holds notes
 * @param inputs how many inputs it has
 * @param links how many links lead from it to what it stands on
 * @param result its result
 */
public record RecordRow(Digest digest, Optional<String> name, int inputs, int links, Optional<Result> result) {
    /**
     * A result.
     *
     * @param layers how many layers it has
     * @param bytes their size, as they are stored
     * @param createdAt when it was made
     */
    public record Result(int layers, long bytes, Timestamp createdAt) {}
}
