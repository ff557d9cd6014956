package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code import} is asked.
 *
 * @param graph the graph's file
 * @param workspace what its paths start from, and where outputs go
 * @param store the folder of the local store, which is looked into where there is one
 * @param sources the caches to look into, in order
 * @param materialize what is restored
 * @param strict whether a source that cannot be used, or a damaged hit, is an error
 * @param preserveSpecial whether set-uid and set-gid bits and file capabilities are restored
 * @param access how registries are reached
 */
public record ImportOptions(
        Path graph,
        Path workspace,
        Path store,
        List<Place> sources,
        Materialize materialize,
        boolean strict,
        boolean preserveSpecial,
        Access access) {
    public ImportOptions {
        sources = List.copyOf(sources);
    }
}
