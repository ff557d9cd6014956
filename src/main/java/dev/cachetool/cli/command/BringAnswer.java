package dev.cachetool.cli.command;

import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.SourceRow;
import java.util.List;

/**
 * What of caches the local store has now.
 *
 * @param sources the caches that were read, in order
 * @param records how many records they have
 * @param results how many results of them the store has now
 * @param fresh how many of these it did not have before
 * @param lost how many could not be brought
 * @param layers those that were moved, each once
 * @param milliseconds how long it took
 */
public record BringAnswer(
        List<SourceRow> sources,
        long records,
        long results,
        long fresh,
        long lost,
        List<LayerRow> layers,
        long milliseconds) {
    public BringAnswer {
        sources = List.copyOf(sources);
        layers = List.copyOf(layers);
    }

    /** How many bytes were moved. */
    public long bytes() {
        return layers.stream().mapToLong(layer -> layer.blob().size()).sum();
    }
}
