package dev.cachetool.cli.command;

import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.PrunedRow;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.cli.output.VertexRow;
import java.util.List;

/**
 * What became of a cache that was published: of an export, or a copy.
 *
 * @param vertices those whose results were looked at; may be empty
 * @param sources the places that were read; may be empty
 * @param targets in the order in which they were asked for
 * @param layers the layers of the cache, each once
 * @param leftOut the results that are not published, since all of it would not have fitted
 * @param records how many records the cache has
 * @param links how many links
 * @param results how many results
 * @param bytes the size of the layers
 * @param bytesMoved how many bytes were written or sent
 * @param dryRun whether all of it is only foreseen, and nothing was done
 * @param milliseconds how long it took
 */
public record PublishAnswer(
        List<VertexRow> vertices,
        List<SourceRow> sources,
        List<TargetRow> targets,
        List<LayerRow> layers,
        List<PrunedRow> leftOut,
        long records,
        long links,
        long results,
        long bytes,
        long bytesMoved,
        boolean dryRun,
        long milliseconds) {
    public PublishAnswer {
        vertices = List.copyOf(vertices);
        sources = List.copyOf(sources);
        targets = List.copyOf(targets);
        layers = List.copyOf(layers);
        leftOut = List.copyOf(leftOut);
    }
}
