package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code plan} is asked.
 *
 * @param graph the graph's file
 * @param workspace what its paths start from
 * @param sources the caches to look into, in order
 * @param materialize what would be restored
 * @param strict whether a source that cannot be used is an error
 * @param access how registries are reached
 */
public record PlanOptions(
        Path graph, Path workspace, List<Place> sources, Materialize materialize, boolean strict, Access access) {
    public PlanOptions {
        sources = List.copyOf(sources);
    }
}
