package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;

/**
 * What {@code diff} is asked.
 *
 * @param a the first cache
 * @param b the second cache
 * @param access how registries are reached
 */
public record DiffOptions(Place a, Place b, Access access) {}
