package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import java.util.List;

/**
 * What {@code inspect} and {@code ls} are asked.
 *
 * @param place the cache to look into
 * @param sharedWith caches that it may have layers in common with
 * @param access how registries are reached
 */
public record InspectOptions(Place place, List<Place> sharedWith, Access access) {
    public InspectOptions {
        sharedWith = List.copyOf(sharedWith);
    }
}
