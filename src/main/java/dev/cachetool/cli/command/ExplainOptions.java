package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.graph.ExecOp;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code explain} is asked.
 *
 * @param graph the graph's file
 * @param workspace what its paths start from
 * @param vertices names of what is to be explained, each with {@code @} and the number of an output where that is not 0
 * @param store the folder of the local store, which need not be there
 * @param sources the caches to compare with, in order
 * @param isolation of steps that do not say how
 * @param strict whether a source that cannot be used is an error
 * @param access how registries are reached
 */
public record ExplainOptions(
        Path graph,
        Path workspace,
        List<String> vertices,
        Path store,
        List<Place> sources,
        ExecOp.Isolation isolation,
        boolean strict,
        Access access) {
    public ExplainOptions {
        vertices = List.copyOf(vertices);
        sources = List.copyOf(sources);
    }
}
