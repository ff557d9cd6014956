package dev.cachetool.cli.service;

import dev.cachetool.cli.options.Place;
import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Provider;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Opens layers that several sources have where that costs least: in the target's own registry, which can take them over
 * from there; then where no network is between; then anywhere.
 */
final class NearestLayers implements Provider {
    private final List<OpenSource> sources;

    NearestLayers(List<OpenSource> sources, Place target) {
        List<OpenSource> nearest = new ArrayList<>(sources);
        nearest.sort(Comparator.comparingInt(source -> distance(source.place(), target)));
        this.sources = List.copyOf(nearest);
    }

    private static int distance(Place source, Place target) {
        if (!(source instanceof Place.Registry from)) {
            return 1;
        }
        boolean same = target instanceof Place.Registry to
                && from.reference().registry().equals(to.reference().registry());
        return same ? 0 : 2;
    }

    private Optional<Provider> holder(Descriptor blob) {
        for (OpenSource source : sources) {
            if (source.artifact().layers().containsKey(blob.digest().toString())) {
                return Optional.of(source.artifact().provider());
            }
        }
        return Optional.empty();
    }

    private Provider require(Descriptor blob) throws BlobNotFoundException {
        Optional<Provider> holder = holder(blob);
        if (holder.isEmpty()) {
            throw new BlobNotFoundException(blob.digest(), "the sources");
        }
        return holder.get();
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return require(blob).open(blob);
    }

    @Override
    public boolean contains(Descriptor blob) throws IOException {
        Optional<Provider> holder = holder(blob);
        return holder.isPresent() && holder.get().contains(blob);
    }

    @Override
    public Blob blob(Descriptor blob) {
        return holder(blob).map(provider -> provider.blob(blob)).orElseGet(() -> Blob.in(this, blob));
    }
}
