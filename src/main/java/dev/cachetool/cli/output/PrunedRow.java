package dev.cachetool.cli.output;

import dev.cachetool.cli.options.Place;
import dev.cachetool.remotecache.CachePrunePolicy.Dropped;

/**
 * A result that goes.
 *
 * @param place the cache that has it no more
 */
public record PrunedRow(Place place, Dropped dropped) {}
