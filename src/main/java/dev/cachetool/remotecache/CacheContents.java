package dev.cachetool.remotecache;

import dev.cachetool.content.Blob;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cache as it is published: everything that has to be at a place before its tag may name it. Made of chains
 * ({@link CacheArtifactWriter}), or of a cache that lies elsewhere: as it is, in another form, or with its layers compressed
 * in another way. As long as nothing else is asked for, every byte stays what it is, manifests included.
 *
 * @param manifest names all of it
 * @param layers the blobs but for the documents, each once, in the order of the manifest
 * @param documents the small blobs that go after the layers: notes, and configs last
 * @param children manifests that the manifest lists, which go before it
 */
public record CacheContents(Manifest manifest, List<Blob> layers, List<Blob> documents, List<Manifest> children) {
    public CacheContents {
        layers = List.copyOf(layers);
        documents = List.copyOf(documents);
        children = List.copyOf(children);
    }

    /** How many bytes the layers have. */
    public long layerBytes() {
        return layers.stream().mapToLong(layer -> layer.descriptor().size()).sum();
    }

    /** Whether a document is a cache config. */
    public boolean isConfig(Blob document) {
        return document.descriptor().mediaType().equals(MediaTypes.CACHE_CONFIG);
    }

    /** How it is wrapped. */
    public ArtifactForm form() {
        if (documents.stream().noneMatch(this::isConfig)) {
            return ArtifactForm.INLINE;
        }
        return MediaTypes.isIndex(manifest.mediaType()) ? ArtifactForm.INDEX : ArtifactForm.IMAGE_MANIFEST;
    }

    /** How a cache can be wrapped that is written. */
    public enum Form {
        /** An image manifest, with OCI's types. */
        IMAGE_MANIFEST(ArtifactForm.IMAGE_MANIFEST, true),
        /** An index, with OCI's types. */
        INDEX(ArtifactForm.INDEX, true),
        /** A manifest list, with Docker's types. */
        DOCKER(ArtifactForm.INDEX, false);

        private final ArtifactForm form;
        private final boolean ociMediaTypes;

        Form(ArtifactForm form, boolean ociMediaTypes) {
            this.form = form;
            this.ociMediaTypes = ociMediaTypes;
        }

        /** The form of an artifact that is one of these; empty for an inline cache and a bare config. */
        public static Optional<Form> of(CacheArtifact artifact) {
            return switch (artifact.form()) {
                case IMAGE_MANIFEST -> Optional.of(IMAGE_MANIFEST);
                case INDEX -> Optional.of(artifact.ociMediaTypes().orElse(true) ? INDEX : DOCKER);
                case INLINE, CONFIG -> Optional.empty();
            };
        }

        /** Wraps caches so. */
        public CacheArtifactWriter writer() {
            return new CacheArtifactWriter(form, ociMediaTypes);
        }
    }

    /** A cache as it lies in the source, every byte. */
    public static CacheContents asItIs(Source source, Manifest manifest) throws IOException {
        Map<Digest, Blob> layers = new LinkedHashMap<>();
        Map<Digest, Blob> documents = new LinkedHashMap<>();
        List<Manifest> children = new ArrayList<>();
        if (MediaTypes.isIndex(manifest.mediaType())) {
            for (Descriptor entry : ImageIndex.parse(manifest.bytes(), source.name() + " (index)")
                    .manifests()) {
                Optional<Manifest> child =
                        MediaTypes.isManifest(entry.mediaType()) ? source.resolve(entry.digest()) : Optional.empty();
                if (child.isPresent()) {
                    children.add(child.get());
                    addAll(source, child.get(), layers, documents);
                } else {
                    add(source, entry, layers, documents);
                }
            }
        } else {
            addAll(source, manifest, layers, documents);
        }
        return new CacheContents(manifest, List.copyOf(layers.values()), List.copyOf(documents.values()), children);
    }

    private static void addAll(Source source, Manifest manifest, Map<Digest, Blob> layers, Map<Digest, Blob> documents)
            throws IOException {
        ImageManifest image = ImageManifest.parse(manifest.bytes(), source.name() + " (manifest)");
        for (Descriptor layer : image.layers()) {
            add(source, layer, layers, documents);
        }
        documents.put(image.config().digest(), source.blob(image.config()));
    }

    private static void add(Source source, Descriptor entry, Map<Digest, Blob> layers, Map<Digest, Blob> documents) {
        boolean document = entry.mediaType().equals(MediaTypes.CACHE_CONFIG)
                || entry.mediaType().equals(MediaTypes.NOTES);
        (document ? documents : layers).putIfAbsent(entry.digest(), source.blob(entry));
    }

    /**
     * A cache of the source in another form, or with other compression. The config keeps its bytes where only the wrapping changes, and
     * its records, times and diffIDs in any case.
     *
     * @param form how it is wrapped; empty for the form that it has, or an image manifest where it has none of these
     * @param conversion compresses layers in another way; empty where they stay what they are
     * @throws InvalidCacheConfigException if the config says something impossible
     * @throws IOException if a layer cannot be read or converted
     */
    public static CacheContents of(
            Source source,
            Manifest manifest,
            CacheArtifact artifact,
            Optional<Form> form,
            Optional<NotedChains.Conversion> conversion)
            throws IOException {
        Optional<Form> is = Form.of(artifact);
        if (conversion.isEmpty() && (form.isEmpty() || form.equals(is))) {
            return asItIs(source, manifest);
        }
        CacheArtifactWriter writer =
                form.or(() -> is).orElse(Form.IMAGE_MANIFEST).writer();
        if (conversion.isEmpty() && is.isPresent()) {
            return rewrapped(source, manifest, writer);
        }
        NotedChains cache = NotedChains.of(artifact, source.name());
        return writer.contents(conversion.isPresent() ? cache.converted(conversion.get()) : cache)
                .orElseGet(() -> new CacheContents(manifest, List.of(), List.of(), List.of()));
    }

    /** The same entries in another wrapping. */
    private static CacheContents rewrapped(Source source, Manifest manifest, CacheArtifactWriter writer)
            throws IOException {
        List<Descriptor> entries = new ArrayList<>();
        Optional<Descriptor> config = Optional.empty();
        if (MediaTypes.isIndex(manifest.mediaType())) {
            for (Descriptor entry : ImageIndex.parse(manifest.bytes(), source.name() + " (index)")
                    .manifests()) {
                if (config.isEmpty() && entry.mediaType().equals(MediaTypes.CACHE_CONFIG)) {
                    config = Optional.of(entry);
                } else {
                    entries.add(entry);
                }
            }
        } else {
            ImageManifest image = ImageManifest.parse(manifest.bytes(), source.name() + " (manifest)");
            entries.addAll(image.layers());
            config = Optional.of(image.config());
        }
        return asItIs(source, writer.manifest(entries, config.orElseThrow()));
    }
}
