package dev.cachetool.graph;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * A result that came with the graph.
 *
 * @param outputIndex the output that it is the result of
 * @param createdAt when it was made, with the offset that was written and up to nanoseconds
 * @param remote whether its layers are already where others can pull them from
 * @param layers lowest first
 */
public record ResultSpec(int outputIndex, Optional<OffsetDateTime> createdAt, boolean remote, List<LayerSpec> layers) {
    public ResultSpec {
        layers = List.copyOf(layers);
    }
}
