package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.content.Compression;
import dev.cachetool.remotecache.CacheContents;
import dev.cachetool.remotecache.OnConflict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code copy} is asked.
 *
 * @param source the cache to copy
 * @param targets where to, in order
 * @param access how registries are reached
 * @param dryRun whether it is only told what would be moved
 * @param repair whether what is at a target is read, and brought again where it is damaged
 * @param onConflict what is done about what stands at the tag of a target
 */
public record CopyOptions(
        Place source, List<To> targets, Access access, boolean dryRun, boolean repair, OnConflict onConflict) {
    public CopyOptions {
        targets = List.copyOf(targets);
    }

    /**
     * One target and what is to change on the way there.
     *
     * @param form how the copy is wrapped; empty for what it is
     * @param compression what layers are compressed with; empty for what they are
     * @param level its level, where one was asked for
     */
    public record To(
            TargetSpec target,
            Optional<CacheContents.Form> form,
            Optional<Compression> compression,
            OptionalInt level) {}
}
