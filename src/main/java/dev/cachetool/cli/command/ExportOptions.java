package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.solver.ExportMode;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code export} is asked.
 *
 * @param graph the graph's file
 * @param workspace what its paths start from
 * @param targets where the cache goes, in order, each with its mode settled
 * @param mode which results are taken where the config alone is asked for
 * @param content where layers are looked for that the graph names by digest
 * @param fromWorkspace whether outputs are taken as they stand in the workspace
 * @param exportRoots whether vertices without inputs give their results
 * @param ignoreBacklinks whether other ways to the same results are left out
 * @param failOnConflict whether it is an error that another client wrote a tag meanwhile
 * @param access how registries are reached
 */
public record ExportOptions(
        Path graph,
        Path workspace,
        List<To> targets,
        ExportMode mode,
        List<Place> content,
        boolean fromWorkspace,
        boolean exportRoots,
        boolean ignoreBacklinks,
        boolean failOnConflict,
        Access access) {
    public ExportOptions {
        targets = List.copyOf(targets);
        content = List.copyOf(content);
    }

    /** One target and its mode. */
    public record To(TargetSpec target, ExportMode mode) {}
}
