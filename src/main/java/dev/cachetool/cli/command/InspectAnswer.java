package dev.cachetool.cli.command;

import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.SharedLayers;
import java.util.List;

/**
 * What a cache holds.
 *
 * @param source where it lies
 * @param cache what was found there
 * @param others what it shares with other caches
 */
public record InspectAnswer(SourceRow source, CacheView cache, List<Other> others) {
    public InspectAnswer {
        others = List.copyOf(others);
    }

    /**
     * Another cache.
     *
     * @param source where it lies
     * @param shared what both have
     */
    public record Other(SourceRow source, SharedLayers shared) {}
}
