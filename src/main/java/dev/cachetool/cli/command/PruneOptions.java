package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.remotecache.OnConflict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code prune} is asked.
 *
 * @param place the cache
 * @param to where the smaller cache goes; empty for where the cache is
 * @param apply whether it is done, and not only told
 * @param bounds what may stay
 * @param access how registries are reached
 * @param onConflict what is done about what stands at the tag
 * @param now what ages are counted from
 */
public record PruneOptions(
        Place place,
        Optional<TargetSpec> to,
        boolean apply,
        Bounds bounds,
        Access access,
        OnConflict onConflict,
        Instant now) {
    /**
     * What of a cache may stay.
     *
     * @param keepLast what was made within this time
     * @param maxResults how many results
     * @param maxBytes what all layers may take
     * @param fit the most bytes of the config, and of the manifest
     * @param reach what a graph reaches
     * @param keep names of vertices, patterns of names, and beginnings of digests: what these name stays in any case
     */
    public record Bounds(
            Optional<Duration> keepLast,
            OptionalLong maxResults,
            OptionalLong maxBytes,
            OptionalLong fit,
            Optional<Reach> reach,
            List<String> keep) {
        public Bounds {
            keep = List.copyOf(keep);
        }

        /** Whether anything may go at all. */
        public boolean isAny() {
            return keepLast.isPresent()
                    || maxResults.isPresent()
                    || maxBytes.isPresent()
                    || fit.isPresent()
                    || reach.isPresent();
        }
    }

    /**
     * A graph, as {@code plan} solves it.
     *
     * @param graph the graph's file
     * @param workspace what its paths start from
     * @param targets names of vertices; empty for what the graph says
     * @param store the folder of the local store, below which steps run
     * @param isolation of steps that do not say how
     */
    public record Reach(Path graph, Path workspace, List<String> targets, Path store, ExecOp.Isolation isolation) {
        public Reach {
            targets = List.copyOf(targets);
        }
    }
}
