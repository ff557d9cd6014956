package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which files are to be taken out of which result.
 *
 * @param place the cache; empty for the local store
 * @param store the folder of the local store, where that is meant
 * @param record how the record or ref is named: a digest or id, the beginning of one, or the name of a vertex
 * @param paths patterns of what is wanted; empty for everything
 * @param to the folder to write to
 */
public record ExtractOptions(
        Optional<Place> place, Path store, String record, List<String> paths, Path to, Access access) {
    public ExtractOptions {
        paths = List.copyOf(paths);
    }
}
