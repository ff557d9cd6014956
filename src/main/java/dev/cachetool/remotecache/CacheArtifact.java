package dev.cachetool.remotecache;

import dev.cachetool.content.Manifest;
import dev.cachetool.content.Provider;
import dev.cachetool.content.Source;
import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageConfig;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cache as it was found in a place: its form, its config, the descriptors of its layers, and notes where it has some. No
 * layer was read for it.
 *
 * @param digest of the manifest; of the config where there is none
 * @param form how it is wrapped
 * @param ociMediaTypes whether its manifest has OCI's media types, else Docker's; empty for a bare config
 * @param manifestBytes the size of its manifest; 0 where there is none
 * @param configBytes the size of its config
 * @param configs the config; several for an index of images that each have one
 * @param layers the descriptors of its layers, by digest as it stands in the config, with the media types of the manifest
 * @param notes what is noted beside it
 * @param provider opens its layers
 */
public record CacheArtifact(
        Digest digest,
        ArtifactForm form,
        Optional<Boolean> ociMediaTypes,
        long manifestBytes,
        long configBytes,
        List<CacheConfig> configs,
        Map<String, Descriptor> layers,
        Notes notes,
        Provider provider) {
    /** The most bytes of a config that are read: 256 MiB. BuildKit itself reads {@link CacheConfig#BUILDKIT_LIMIT}. */
    public static final long CONFIG_LIMIT = 256L << 20;

    public CacheArtifact {
        configs = List.copyOf(configs);
        layers = Map.copyOf(layers);
    }

    /**
     * Reads the cache of a manifest.
     *
     * @param warnings told of what could not be read and is not needed
     * @throws NotACacheException if the manifest is none of a cache
     * @throws JsonException if manifest or config are malformed
     * @throws IOException if a document of it cannot be read, is damaged or too large
     */
    public static CacheArtifact read(Source source, Manifest manifest, Warnings warnings) throws IOException {
        String place = source.name();
        if (MediaTypes.isIndex(manifest.mediaType())) {
            ImageIndex index = ImageIndex.parse(manifest.bytes(), place + " (index)");
            for (Descriptor entry : index.manifests()) {
                if (entry.mediaType().equals(MediaTypes.CACHE_CONFIG)) {
                    boolean oci = !manifest.mediaType().equals(MediaTypes.DOCKER_INDEX);
                    return ofConfig(source, manifest, ArtifactForm.INDEX, oci, entry, index.manifests(), warnings);
                }
            }
            return inlineOfIndex(source, manifest, index);
        }
        ImageManifest image = ImageManifest.parse(manifest.bytes(), place + " (manifest)");
        if (image.config().mediaType().equals(MediaTypes.CACHE_CONFIG)) {
            return ofConfig(
                    source, manifest, ArtifactForm.IMAGE_MANIFEST, true, image.config(), image.layers(), warnings);
        }
        Map<String, Descriptor> layers = new HashMap<>();
        Optional<Inline> inline = inline(source, image, layers);
        if (inline.isEmpty()) {
            throw new NotACacheException(
                    place,
                    "its manifest's config is " + shown(image.config().mediaType()) + ", without an inline cache");
        }
        return new CacheArtifact(
                manifest.digest(),
                ArtifactForm.INLINE,
                Optional.of(!manifest.mediaType().equals(MediaTypes.DOCKER_MANIFEST)),
                manifest.bytes().length,
                inline.get().bytes(),
                List.of(inline.get().config()),
                layers,
                Notes.NONE,
                source);
    }

    /**
     * A bare config, whose layers are taken to be there but cannot be opened.
     *
     * @param place where it is, for errors
     * @throws JsonException if it is malformed
     */
    public static CacheArtifact ofBareConfig(byte[] bytes, String place, Provider provider) throws JsonException {
        CacheConfig config = CacheConfig.parse(bytes, place);
        Map<String, Descriptor> layers = new HashMap<>();
        for (CacheConfig.Layer layer : config.layers()) {
            Digest.tryParse(layer.blob())
                    .ifPresent(digest -> layers.put(layer.blob(), Descriptor.of(MediaTypes.OCI_LAYER, digest, 0)));
        }
        return new CacheArtifact(
                Digest.sha256(bytes),
                ArtifactForm.CONFIG,
                Optional.empty(),
                0,
                bytes.length,
                List.of(config),
                layers,
                Notes.NONE,
                provider);
    }

    /** Is told of what went wrong without harm. */
    @FunctionalInterface
    public interface Warnings {
        void warn(String message);
    }

    /**
     * Its records.
     *
     * @throws InvalidCacheConfigException if the config says something impossible
     */
    public CacheChains chains(String place) throws InvalidCacheConfigException {
        CacheChains chains = new CacheChains();
        for (CacheConfig config : configs) {
            chains.addAll(config, place, layers, provider);
        }
        return chains;
    }

    private static CacheArtifact ofConfig(
            Source source,
            Manifest manifest,
            ArtifactForm form,
            boolean oci,
            Descriptor config,
            List<Descriptor> entries,
            Warnings warnings)
            throws IOException {
        byte[] bytes = source.readAll(config, CONFIG_LIMIT);
        Map<String, Descriptor> layers = new HashMap<>();
        Notes notes = Notes.NONE;
        for (Descriptor entry : entries) {
            if (entry.mediaType().equals(MediaTypes.NOTES)) {
                notes = notes(source, entry, warnings);
            } else if (!entry.mediaType().equals(MediaTypes.CACHE_CONFIG)) {
                layers.putIfAbsent(entry.digest().toString(), entry);
            }
        }
        return new CacheArtifact(
                manifest.digest(),
                form,
                Optional.of(oci),
                manifest.bytes().length,
                bytes.length,
                List.of(CacheConfig.parse(bytes, source.name() + " (cache config)")),
                layers,
                notes,
                source);
    }

    private static Notes notes(Source source, Descriptor entry, Warnings warnings) {
        try {
            return Notes.parse(source.readAll(entry, Notes.LIMIT), source.name() + " (notes)");
        } catch (IOException e) {
            warnings.warn("could not read the notes beside the cache, going on without them: " + e.getMessage());
            return Notes.NONE;
        }
    }

    private static CacheArtifact inlineOfIndex(Source source, Manifest manifest, ImageIndex index) throws IOException {
        Map<String, Descriptor> layers = new HashMap<>();
        List<CacheConfig> configs = new ArrayList<>();
        long bytes = 0;
        for (Descriptor entry : index.manifests()) {
            if (!MediaTypes.isManifest(entry.mediaType())) {
                continue;
            }
            Optional<Manifest> child = source.resolve(entry.digest());
            if (child.isEmpty()) {
                continue;
            }
            ImageManifest image = ImageManifest.parse(child.get().bytes(), source.name() + " (manifest)");
            Optional<Inline> inline = inline(source, image, layers);
            if (inline.isPresent()) {
                configs.add(inline.get().config());
                bytes += inline.get().bytes();
            }
        }
        if (configs.isEmpty()) {
            throw new NotACacheException(
                    source.name(), "its index lists neither a cache config nor an image with an inline cache");
        }
        return new CacheArtifact(
                manifest.digest(),
                ArtifactForm.INLINE,
                Optional.of(!manifest.mediaType().equals(MediaTypes.DOCKER_INDEX)),
                manifest.bytes().length,
                bytes,
                configs,
                layers,
                Notes.NONE,
                source);
    }

    private record Inline(CacheConfig config, long bytes) {}

    /** The inline cache of an image, with its layers as a config would list them; empty where the image has none. */
    private static Optional<Inline> inline(Source source, ImageManifest image, Map<String, Descriptor> layers)
            throws IOException {
        if (!image.config().mediaType().equals(MediaTypes.OCI_CONFIG)
                && !image.config().mediaType().equals(MediaTypes.DOCKER_CONFIG)) {
            return Optional.empty();
        }
        ImageConfig config =
                ImageConfig.parse(source.readAll(image.config(), CONFIG_LIMIT), source.name() + " (image config)");
        if (config.inlineCacheRecords().isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = config.inlineCacheRecords().get();
        List<CacheConfig.Layer> configLayers = new ArrayList<>();
        for (int i = 0; i < image.layers().size(); i++) {
            Descriptor layer = image.layers().get(i);
            Descriptor described = layer;
            if (i < config.diffIds().size()) {
                described = described.withAnnotation(
                        Annotations.UNCOMPRESSED, config.diffIds().get(i).toString());
            }
            if (i < config.layerTimes().size()
                    && Timestamp.tryParse(config.layerTimes().get(i)).isPresent()) {
                described = described.withAnnotation(
                        Annotations.CREATED_AT, config.layerTimes().get(i));
            }
            layers.putIfAbsent(layer.digest().toString(), described);
            configLayers.add(new CacheConfig.Layer(layer.digest().toString(), i - 1));
        }
        return Optional.of(new Inline(
                new CacheConfig(configLayers, CacheConfig.parseRecords(bytes, source.name() + " (inline cache)")),
                bytes.length));
    }

    private static String shown(String mediaType) {
        return mediaType.isEmpty() ? "of no media type" : mediaType;
    }
}
