package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.solver.ExportMode;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code export} is asked.
 *
 * @param graph the graph's file
 * @param workspace what its paths start from
 * @param store the folder of the local store, which need not be there
 * @param publishing where the cache goes, and what of it
 * @param mode which results are taken where the config alone is asked for
 * @param content where layers are looked for that the graph names by digest
 * @param fromWorkspace whether outputs are taken as they stand in the workspace
 * @param access how registries are reached
 */
public record ExportOptions(
        Path graph,
        Path workspace,
        Path store,
        Publishing publishing,
        ExportMode mode,
        List<Place> content,
        boolean fromWorkspace,
        Access access) {
    public ExportOptions {
        content = List.copyOf(content);
    }
}
