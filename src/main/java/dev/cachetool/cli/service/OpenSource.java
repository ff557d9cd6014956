package dev.cachetool.cli.service;

import dev.cachetool.cli.options.Place;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.NormalizedChains;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A cache that was read from a place; closing it closes that.
 *
 * @param place where it lies
 * @param source what opens its blobs; empty for a bare config
 * @param manifest names the cache; empty for a bare config
 * @param artifact what was found there
 * @param chains its records
 */
record OpenSource(
        Place place,
        Optional<Source> source,
        Optional<Manifest> manifest,
        CacheArtifact artifact,
        NormalizedChains chains)
        implements Closeable {
    @Override
    public void close() throws IOException {
        if (source.isPresent()) {
            source.get().close();
        }
    }
}
