package dev.cachetool.cli.command;

import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.remotecache.OnConflict;
import dev.cachetool.solver.ExportMode;
import java.util.List;
import java.util.OptionalLong;

/**
 * Where a cache of a solved graph goes, and what of it.
 *
 * @param targets in order, each with its mode settled
 * @param exportRoots whether vertices without inputs give their results
 * @param ignoreBacklinks whether other ways to the same results are left out
 * @param fit the most bytes of config and manifest; empty where they may be of any size
 * @param onConflict what is done about what stands at the tag of a target
 */
public record Publishing(
        List<To> targets, boolean exportRoots, boolean ignoreBacklinks, OptionalLong fit, OnConflict onConflict) {
    public Publishing {
        targets = List.copyOf(targets);
    }

    /** One target and its mode. */
    public record To(TargetSpec target, ExportMode mode) {}
}
