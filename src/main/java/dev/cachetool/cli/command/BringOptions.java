package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code import} without a graph is asked.
 *
 * @param store the folder of the store; made where there is none
 * @param sources the caches to bring, in order
 * @param strict whether a source that cannot be used, or a damaged layer, is an error
 * @param access how registries are reached
 */
public record BringOptions(Path store, List<Place> sources, boolean strict, Access access) {
    public BringOptions {
        sources = List.copyOf(sources);
    }
}
