package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;

/**
 * What {@code inspect} is asked.
 *
 * @param place the cache to look into
 */
public record InspectOptions(Place place) {}
