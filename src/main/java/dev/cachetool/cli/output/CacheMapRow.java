package dev.cachetool.cli.output;

import dev.cachetool.digest.Digest;
import java.util.List;
import java.util.Optional;

/**
 * One cache map of a vertex.
 *
 * @param digest of the operation
 * @param inputs what it says of each input, in order
 */
public record CacheMapRow(Digest digest, List<Input> inputs) {
    public CacheMapRow {
        inputs = List.copyOf(inputs);
    }

    /**
     * What a cache map says of one input.
     *
     * @param vertex the name of the vertex that the input comes from
     * @param selector which part of it matters
     * @param content the digest of that part's content, where it is there and counts
     */
    public record Input(String vertex, Optional<Digest> selector, Optional<Digest> content) {}
}
