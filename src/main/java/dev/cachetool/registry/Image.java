package dev.cachetool.registry;

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
import dev.cachetool.oci.Platform;
import dev.cachetool.oci.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * A container image (OCI image-spec; Docker's schema 2 alike).
 *
 * @param config what describes it
 * @param layers lowest first
 */
public record Image(Descriptor config, List<Descriptor> layers) {
    private static final Set<String> CONFIGS = Set.of(MediaTypes.OCI_CONFIG, MediaTypes.DOCKER_CONFIG);

    /** The most bytes that a config may have. */
    private static final long CONFIG_LIMIT = 4L << 20;

    private static final int MOST_INDEXES = 5;

    public Image {
        layers = List.copyOf(layers);
    }

    /**
     * The digest of what the reference names, without reading it where the registry can tell.
     *
     * @throws NoSuchImageException if there is no such tag
     * @throws IOException if the registry does not say
     */
    public static Digest digestOf(Source source, Reference reference) throws IOException {
        if (reference.digest().isPresent()) {
            return reference.digest().get();
        }
        String tag = reference.tag().orElseThrow();
        return source.digestOf(tag)
                .orElseThrow(() -> new NoSuchImageException(reference.toString(), "there is no such tag"));
    }

    /**
     * The image for a platform.
     *
     * @param digest of its manifest, or of an index
     * @param name what people call it
     * @throws NoSuchImageException if nothing is there, no image, or none for the platform
     * @throws IOException if it cannot be read
     */
    public static Image find(Source source, Digest digest, Platform platform, String name) throws IOException {
        Digest next = digest;
        for (int indexes = 0; indexes <= MOST_INDEXES; indexes++) {
            Manifest found = source.resolve(next)
                    .orElseThrow(() -> new NoSuchImageException(name, "there is no manifest with this digest"));
            if (!MediaTypes.isIndex(found.mediaType())) {
                return of(found, name);
            }
            next = choose(ImageIndex.parse(found.bytes(), name), platform, name);
        }
        throw new NoSuchImageException(name, "it is an index of indexes without end");
    }

    private static Image of(Manifest found, String name) throws IOException {
        if (!MediaTypes.isManifest(found.mediaType())) {
            throw new NoSuchImageException(name, "there is no image, but " + type(found.mediaType()));
        }
        ImageManifest manifest = ImageManifest.parse(found.bytes(), name);
        String config = manifest.config().mediaType();
        if (config.equals(MediaTypes.CACHE_CONFIG)) {
            throw new NoSuchImageException(name, "it is a build cache; caches are read with --from");
        }
        if (!CONFIGS.contains(config)) {
            throw new NoSuchImageException(name, "there is no image, but an artifact whose config is " + type(config));
        }
        for (Descriptor layer : manifest.layers()) {
            if (!MediaTypes.isLayer(layer.mediaType())) {
                throw new NoSuchImageException(name, "it has a layer that is none, of " + type(layer.mediaType()));
            }
        }
        return new Image(manifest.config(), manifest.layers());
    }

    private static String type(String mediaType) {
        return mediaType.isEmpty() ? "something without a media type" : mediaType;
    }

    private static Digest choose(ImageIndex index, Platform wanted, String name) throws NoSuchImageException {
        Set<String> others = new TreeSet<>();
        Optional<Descriptor> best = Optional.empty();
        int bestFit = -1;
        for (Descriptor entry : index.manifests()) {
            if (entry.mediaType().equals(MediaTypes.CACHE_CONFIG)) {
                throw new NoSuchImageException(name, "it is a build cache; caches are read with --from");
            }
            if (!MediaTypes.isManifest(entry.mediaType()) && !MediaTypes.isIndex(entry.mediaType())) {
                continue;
            }
            // One that does not say what it is for, is for everything that no other one is for.
            OptionalInt fit = entry.platform().isEmpty()
                    ? OptionalInt.of(0)
                    : fit(wanted, entry.platform().get());
            entry.platform().ifPresent(platform -> others.add(platform.toString()));
            if (fit.isPresent() && fit.getAsInt() > bestFit) {
                best = Optional.of(entry);
                bestFit = fit.getAsInt();
            }
        }
        others.remove("unknown/unknown");
        return best.map(Descriptor::digest)
                .orElseThrow(() -> new NoSuchImageException(
                        name,
                        "it has no image for " + wanted
                                + (others.isEmpty() ? "" : "; it has some for " + String.join(", ", others))));
    }

    /** How well a machine runs what is for another platform, more for better; empty where it does not. */
    static OptionalInt fit(Platform machine, Platform image) {
        if (!machine.os().equals(image.os()) || !machine.architecture().equals(image.architecture())) {
            return OptionalInt.empty();
        }
        int most = version(machine);
        int needed = version(image);
        return needed > most ? OptionalInt.empty() : OptionalInt.of(1 + needed);
    }

    /** The number of the variant; processors run what is for lower ones. */
    private static int version(Platform platform) {
        String variant = platform.variant();
        if (variant.isEmpty()) {
            return switch (platform.architecture()) {
                case "arm64" -> 8;
                case "arm" -> 7;
                default -> 1;
            };
        }
        return variant.matches("v[1-9][0-9]?") ? Integer.parseInt(variant.substring(1)) : Integer.MAX_VALUE;
    }

    /**
     * Its layers, lowest first, each with the diffID that the config has for it.
     *
     * @param name what people call it
     * @throws IOException if the config cannot be read, or tells of other layers
     */
    public List<Descriptor> layersWithDiffIds(Provider provider, String name) throws IOException {
        ImageConfig image = ImageConfig.parse(provider.readAll(config, CONFIG_LIMIT), name + " (config)");
        if (image.diffIds().size() != layers.size()) {
            throw new JsonException(
                    name + " (config)",
                    0,
                    0,
                    "rootfs.diff_ids has " + image.diffIds().size() + " layers, the manifest " + layers.size());
        }
        List<Descriptor> out = new ArrayList<>(layers.size());
        for (int i = 0; i < layers.size(); i++) {
            out.add(layers.get(i)
                    .withAnnotation(
                            Annotations.UNCOMPRESSED, image.diffIds().get(i).toString()));
        }
        return out;
    }
}
