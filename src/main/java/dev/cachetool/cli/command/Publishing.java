package dev.cachetool.cli.command;

import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.solver.ExportMode;
import java.util.List;

/**
 * Where a cache of a solved graph goes, and what of it.
 *
 * @param targets in order, each with its mode settled
 * @param exportRoots whether vertices without inputs give their results
 * @param ignoreBacklinks whether other ways to the same results are left out
 * @param failOnConflict whether it is an error that another client wrote a tag meanwhile
 */
public record Publishing(List<To> targets, boolean exportRoots, boolean ignoreBacklinks, boolean failOnConflict) {
    public Publishing {
        targets = List.copyOf(targets);
    }

    /** One target and its mode. */
    public record To(TargetSpec target, ExportMode mode) {}
}
