package dev.cachetool.cli.command;

import dev.cachetool.cli.output.VertexRow;
import java.util.List;

/**
 * The cache maps of a graph.
 *
 * @param vertices in the graph's order, with cache maps and keys
 * @param milliseconds how long it took
 */
public record CacheMapAnswer(List<VertexRow> vertices, long milliseconds) {
    public CacheMapAnswer {
        vertices = List.copyOf(vertices);
    }
}
