package dev.cachetool.cli.service;

import dev.cachetool.cli.options.Place;
import dev.cachetool.content.Source;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.NormalizedChains;
import java.util.Optional;

/**
 * A cache that was read from a place.
 *
 * @param place where it lies
 * @param source what opens its blobs; empty for a bare config
 * @param artifact what was found there
 * @param chains its records
 */
record OpenSource(Place place, Optional<Source> source, CacheArtifact artifact, NormalizedChains chains) {}
