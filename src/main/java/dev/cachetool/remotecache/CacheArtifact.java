package dev.cachetool.remotecache;

import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Provider;
import dev.cachetool.content.Source;
import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
        CacheListing listing = CacheListing.of(source, manifest);
        return listing.config().isPresent()
                ? ofConfig(source, manifest, listing, listing.config().get(), warnings)
                : ofImages(source, manifest, listing);
    }

    /**
     * This one without what the provider does not have: results with such layers are not in its chains.
     *
     * @param there the digests of layers that are known to be there; those that are found are added
     */
    CacheArtifact withLayersThatAreThere(Set<Digest> there) throws IOException {
        Map<String, Descriptor> kept = new HashMap<>();
        for (Map.Entry<String, Descriptor> layer : layers.entrySet()) {
            Digest blob = layer.getValue().digest();
            if (there.contains(blob) || provider.contains(layer.getValue())) {
                there.add(blob);
                kept.put(layer.getKey(), layer.getValue());
            }
        }
        return new CacheArtifact(
                digest, form, ociMediaTypes, manifestBytes, configBytes, configs, kept, notes, provider);
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
            Source source, Manifest manifest, CacheListing listing, Descriptor config, Warnings warnings)
            throws IOException {
        byte[] bytes = source.readAll(config, CONFIG_LIMIT);
        Map<String, Descriptor> layers = new HashMap<>();
        for (Descriptor layer : listing.layers()) {
            layers.putIfAbsent(layer.digest().toString(), layer);
        }
        return new CacheArtifact(
                manifest.digest(),
                listing.form(),
                Optional.of(listing.ociMediaTypes()),
                manifest.bytes().length,
                bytes.length,
                List.of(CacheConfig.parse(bytes, source.name() + " (cache config)")),
                layers,
                listing.notes().isEmpty()
                        ? Notes.NONE
                        : notes(source, listing.notes().get(), warnings),
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

    private static CacheArtifact ofImages(Source source, Manifest manifest, CacheListing listing) throws IOException {
        Map<String, Descriptor> layers = new HashMap<>();
        List<CacheConfig> configs = new ArrayList<>();
        long bytes = 0;
        for (CacheListing.Image image : listing.images()) {
            Optional<InlineCache> inline = image.isRunnable()
                    ? InlineCache.of(
                            image,
                            source.readAll(image.image().config(), CONFIG_LIMIT),
                            source.name() + " (image config)")
                    : Optional.empty();
            if (inline.isPresent()) {
                configs.add(new CacheConfig(
                        inline.get().layers(),
                        CacheConfig.parseRecords(inline.get().records(), source.name() + " (inline cache)")));
                inline.get()
                        .descriptors()
                        .forEach(layer -> layers.putIfAbsent(layer.digest().toString(), layer));
                bytes += inline.get().records().length;
            }
        }
        if (configs.isEmpty() && !listing.missing().isEmpty()) {
            throw new BlobNotFoundException(listing.missing().get(0).digest(), source.name());
        }
        if (configs.isEmpty()) {
            throw NotACacheException.of(source, manifest, listing);
        }
        return new CacheArtifact(
                manifest.digest(),
                ArtifactForm.INLINE,
                Optional.of(listing.ociMediaTypes()),
                manifest.bytes().length,
                bytes,
                configs,
                layers,
                Notes.NONE,
                source);
    }
}
