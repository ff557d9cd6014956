package dev.cachetool.remotecache;

import dev.cachetool.content.Blob;
import dev.cachetool.content.Manifest;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Wraps a cache as an artifact (docs/formats.md, "The artifact"). */
public final class CacheArtifactWriter {
    private final ArtifactForm form;
    private final boolean ociMediaTypes;

    /**
     * @param form image manifest or index
     * @param ociMediaTypes whether media types are OCI's, else Docker's; the image manifest has OCI's only
     */
    public CacheArtifactWriter(ArtifactForm form, boolean ociMediaTypes) {
        if (form != ArtifactForm.IMAGE_MANIFEST && form != ArtifactForm.INDEX) {
            throw new IllegalArgumentException("a cache is not written in the form " + form.text());
        }
        if (form == ArtifactForm.IMAGE_MANIFEST && !ociMediaTypes) {
            throw new IllegalArgumentException("the image-manifest form needs OCI media types");
        }
        this.form = form;
        this.ociMediaTypes = ociMediaTypes;
    }

    /**
     * What has to be published for the cache; empty for one without any layer, which is not published.
     */
    public Optional<CacheContents> contents(NotedChains cache) {
        NormalizedChains chains = cache.chains();
        List<Descriptor> entries = new ArrayList<>(chains.layers());
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        Map<Digest, Blob> layers = new LinkedHashMap<>();
        for (Descriptor layer : entries) {
            layers.putIfAbsent(layer.digest(), chains.blob(layer));
        }
        List<Blob> documents = new ArrayList<>();
        if (!cache.notes().records().isEmpty()) {
            Blob noted = Blob.of(MediaTypes.NOTES, cache.notes().toBytes());
            documents.add(noted);
            entries.add(noted.descriptor());
        }
        Blob config = Blob.of(MediaTypes.CACHE_CONFIG, chains.config().toBytes());
        documents.add(config);
        return Optional.of(new CacheContents(
                manifest(entries, config.descriptor()), List.copyOf(layers.values()), documents, List.of()));
    }

    /**
     * The manifest or index of these entries in this form.
     *
     * @param entries layers and notes, in order
     * @param config the cache config
     */
    Manifest manifest(List<Descriptor> entries, Descriptor config) {
        List<Descriptor> typed = new ArrayList<>(entries.size() + 1);
        for (Descriptor entry : entries) {
            typed.add(entry.withMediaType(
                    ociMediaTypes ? MediaTypes.toOci(entry.mediaType()) : MediaTypes.toDocker(entry.mediaType())));
        }
        if (form == ArtifactForm.IMAGE_MANIFEST) {
            return Manifest.of(
                    MediaTypes.OCI_MANIFEST,
                    new ImageManifest(MediaTypes.OCI_MANIFEST, config, typed, Map.of()).toBytes());
        }
        typed.add(config);
        String mediaType = ociMediaTypes ? MediaTypes.OCI_INDEX : MediaTypes.DOCKER_INDEX;
        return Manifest.of(mediaType, new ImageIndex(mediaType, typed, Map.of()).toBytes());
    }
}
