package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.remotecache.OnConflict;
import java.util.List;
import java.util.OptionalLong;

/**
 * What {@code merge} is asked.
 *
 * @param sources the caches to unite
 * @param targets where the union goes, in order
 * @param access how registries are reached
 * @param dryRun whether it is only told what would be moved
 * @param allowMissing whether a source that is not there is left out, as long as one is there
 * @param fit the most bytes of config and manifest; empty where they may be of any size
 * @param onConflict what is done about what stands at the tag of a target
 */
public record MergeOptions(
        List<Place> sources,
        List<TargetSpec> targets,
        Access access,
        boolean dryRun,
        boolean allowMissing,
        OptionalLong fit,
        OnConflict onConflict) {
    public MergeOptions {
        sources = List.copyOf(sources);
        targets = List.copyOf(targets);
    }
}
