package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;

/**
 * What {@code inspect} is asked.
 *
 * @param place the cache to look into
 * @param access how registries are reached
 */
public record InspectOptions(Place place, Access access) {}
