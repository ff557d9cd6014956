package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.graph.Edge;
import dev.cachetool.inspect.Explanation;
import java.util.List;
import java.util.Optional;

/**
 * Why vertices hit or miss.
 *
 * @param vertices those that were asked for, in that order
 * @param sources what was found at the places
 * @param milliseconds how long it took
 */
public record ExplainAnswer(List<Explained> vertices, List<SourceRow> sources, long milliseconds) {
    public ExplainAnswer {
        vertices = List.copyOf(vertices);
        sources = List.copyOf(sources);
    }

    /**
     * What was found out of an output of a vertex.
     *
     * @param edge the vertex and its output
     * @param row what would become of it
     * @param caches how it stands to each cache, the nearest first
     */
    public record Explained(Edge edge, VertexRow row, List<InCache> caches) {
        public Explained {
            caches = List.copyOf(caches);
        }
    }

    /**
     * How an output stands to one cache.
     *
     * @param place where that lies; empty for what is remembered of the last run in this workspace
     * @param isNoted whether the cache has notes
     * @param explanation how it stands to it
     */
    public record InCache(Optional<Place> place, boolean isNoted, Explanation explanation) {}
}
