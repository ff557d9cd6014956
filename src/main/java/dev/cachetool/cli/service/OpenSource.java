package dev.cachetool.cli.service;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import dev.cachetool.oci.Descriptor;
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
    /** Without a diffID BuildKit drops every result that has the layer; whatever is made of this cache is the same in that. */
    void warnOfMissingDiffIds(Reporter reporter) {
        long missing = artifact.layers().values().stream()
                .map(Descriptor::diffId)
                .filter(Optional::isEmpty)
                .count();
        if (missing > 0) {
            reporter.warn(missing + (missing == 1 ? " layer" : " layers") + " of " + place.name()
                    + (missing == 1 ? " has" : " have")
                    + " no annotation containerd.io/uncompressed: BuildKit ignores results that have "
                    + (missing == 1 ? "it" : "them"));
        }
    }

    @Override
    public void close() throws IOException {
        if (source.isPresent()) {
            source.get().close();
        }
    }
}
