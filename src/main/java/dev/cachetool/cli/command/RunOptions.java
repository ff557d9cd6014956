package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.graph.ExecOp;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What {@code run} is asked.
 *
 * @param graph the graph's file
 * @param workspace what its paths start from, and where outputs go
 * @param targets names of what is wanted; empty for what the graph says
 * @param store the folder of the local store
 * @param sources the caches to look into, in order
 * @param publishing where the cache goes when all succeeded
 * @param how how steps are executed
 * @param materialize what is restored
 * @param strict whether a source that cannot be used, or a damaged hit, is an error
 * @param preserveSpecial whether set-uid and set-gid bits and file capabilities are restored
 * @param access how registries are reached
 */
public record RunOptions(
        Path graph,
        Path workspace,
        List<String> targets,
        Path store,
        List<Place> sources,
        Publishing publishing,
        Execution how,
        Materialize materialize,
        boolean strict,
        boolean preserveSpecial,
        Access access) {
    public RunOptions {
        targets = List.copyOf(targets);
        sources = List.copyOf(sources);
    }

    /**
     * How steps are executed.
     *
     * @param jobs how many at once
     * @param keepGoing whether what does not depend on a failed one is still executed
     * @param reuse which results of before count
     * @param isolation of steps that do not say how
     * @param checkInputs whether each is executed twice, to find what it does not declare
     * @param replay whether what hits printed is shown again
     */
    public record Execution(
            int jobs,
            boolean keepGoing,
            Reuse reuse,
            ExecOp.Isolation isolation,
            boolean checkInputs,
            boolean replay) {}

    /**
     * Which results of before count.
     *
     * @param none whether no result is loaded
     * @param except names of vertices of which none is loaded
     */
    public record Reuse(boolean none, Set<String> except) {
        /** All of them. */
        public static final Reuse ALL = new Reuse(false, Set.of());

        public Reuse {
            except = Set.copyOf(except);
        }
    }
}
