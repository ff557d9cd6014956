package dev.cachetool.cli.command;

import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.digest.Digest;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What was found, or done, for the vertices of a graph.
 *
 * @param vertices in the graph's order
 * @param sources the caches that were looked into, in order
 * @param layers those that were moved, or would be, each once
 * @param bytes how many bytes were moved, or would be
 * @param milliseconds how long it took
 */
public record SolveAnswer(
        List<VertexRow> vertices, List<SourceRow> sources, List<LayerRow> layers, long bytes, long milliseconds) {
    public SolveAnswer {
        vertices = List.copyOf(vertices);
        sources = List.copyOf(sources);
        layers = List.copyOf(layers);
    }

    /** How many vertices have the status. */
    public long count(Status status) {
        long count = 0;
        for (VertexRow row : vertices) {
            if (row.status().isPresent() && row.status().get() == status) {
                count++;
            }
        }
        return count;
    }

    /** How many vertices something that is wanted asks for. */
    public long needed() {
        return vertices.size() - count(Status.UNNEEDED);
    }

    /** How many of them hit or did not: those that are no source. */
    public long asked() {
        return needed() - count(Status.SOURCE);
    }

    /** Hits in percent of {@link #asked}, cut to a whole number; 100 where nothing was asked. */
    public long hitRate() {
        return asked() == 0 ? 100 : 100 * count(Status.HIT) / asked();
    }

    /** How many milliseconds it took once to make what was loaded; empty where that is not known of any of it. */
    public OptionalLong saved() {
        Set<Digest> seen = new HashSet<>();
        OptionalLong sum = OptionalLong.empty();
        for (VertexRow row : vertices) {
            // A vertex may have several names.
            if (row.saved().isPresent()
                    && (row.vertex().isEmpty() || seen.add(row.vertex().get()))) {
                sum = OptionalLong.of(sum.orElse(0) + row.saved().getAsLong());
            }
        }
        return sum;
    }

    /** How many files were brought back. */
    public long restored() {
        long files = 0;
        for (VertexRow row : vertices) {
            files += row.restored().orElse(0);
        }
        return files;
    }
}
