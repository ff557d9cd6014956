package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.graph.ExecOp;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code plan} is asked.
 *
 * @param graph the graph's file
 * @param workspace what its paths start from
 * @param targets names of what is wanted; empty for what the graph says
 * @param store the folder of the local store, which need not be there
 * @param sources the caches to look into, in order
 * @param materialize what would be restored
 * @param reuse which results of before count
 * @param isolation of steps that do not say how
 * @param strict whether a source that cannot be used is an error
 * @param access how registries are reached
 */
public record PlanOptions(
        Path graph,
        Path workspace,
        List<String> targets,
        Path store,
        List<Place> sources,
        Materialize materialize,
        RunOptions.Reuse reuse,
        ExecOp.Isolation isolation,
        boolean strict,
        Access access) {
    public PlanOptions {
        targets = List.copyOf(targets);
        sources = List.copyOf(sources);
    }
}
