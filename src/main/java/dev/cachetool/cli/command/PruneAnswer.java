package dev.cachetool.cli.command;

import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.remotecache.CachePrunePolicy.Dropped;
import java.util.List;
import java.util.Optional;

/**
 * What a prune does, or would do.
 *
 * @param source the cache
 * @param target where the smaller one was written; empty where nothing was
 * @param dropped the results that go, in the order in which they go
 * @param before what the cache had
 * @param after what it has then
 * @param canBeWritten whether the smaller cache can stand where the cache is
 * @param space what becomes of the blobs that the cache does not need any more
 * @param milliseconds how long it took
 */
public record PruneAnswer(
        SourceRow source,
        Optional<TargetRow> target,
        List<Dropped> dropped,
        Size before,
        Size after,
        boolean canBeWritten,
        Space space,
        long milliseconds) {
    public PruneAnswer {
        dropped = List.copyOf(dropped);
    }

    /** Whether anything goes: results, or records that led to none. */
    boolean isAnything() {
        return !dropped.isEmpty() || before.records() != after.records();
    }

    /**
     * How much a cache has.
     *
     * @param bytes the size of its layers, each once
     */
    public record Size(long records, long results, long bytes) {}

    /**
     * Room in the place of the cache.
     *
     * @param unreferenced the size of the blobs that nothing there leads to any more, or would
     * @param needed the size of those that this cache does not need, and others there do
     * @param removed the size of what was removed
     * @param freed the bytes that are free now, or would be; empty where only the place knows when it frees what is removed
     * @param obstacle why not all was removed that could be; what to do about it on further lines
     * @param failed whether that was a failure, and not a place that does not do so
     */
    public record Space(
            long unreferenced,
            long needed,
            long removed,
            Optional<Long> freed,
            Optional<String> obstacle,
            boolean failed) {
        /** Where nothing goes. */
        public static final Space NONE = new Space(0, 0, 0, Optional.of(0L), Optional.empty(), false);
    }
}
