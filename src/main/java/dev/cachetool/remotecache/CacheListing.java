package dev.cachetool.remotecache;

import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the manifest of a cache lists; of the documents that it lists, only the manifests of images have been read.
 *
 * @param form how the cache is wrapped; {@link ArtifactForm#INLINE} where there may be one in the config of an image
 * @param ociMediaTypes whether the manifest has OCI's media types, else Docker's
 * @param config the cache config; empty for images
 * @param layers what it lists besides config and notes, in its order
 * @param notes what is noted beside it
 * @param images the images whose configs may have an inline cache
 * @param missing images that it lists and that are not there
 */
public record CacheListing(
        ArtifactForm form,
        boolean ociMediaTypes,
        Optional<Descriptor> config,
        List<Descriptor> layers,
        Optional<Descriptor> notes,
        List<Image> images,
        List<Descriptor> missing) {
    public CacheListing {
        layers = List.copyOf(layers);
        images = List.copyOf(images);
        missing = List.copyOf(missing);
    }

    /**
     * An image.
     *
     * @param manifest its manifest as it lies there
     * @param image what that says
     */
    public record Image(Manifest manifest, ImageManifest image) {
        /** Whether its config is one of an image that runs. */
        public boolean isRunnable() {
            String type = image.config().mediaType();
            return type.equals(MediaTypes.OCI_CONFIG) || type.equals(MediaTypes.DOCKER_CONFIG);
        }
    }

    /**
     * What the manifest lists.
     *
     * @throws JsonException if a manifest is malformed
     * @throws IOException if the manifest of an image cannot be read
     */
    public static CacheListing of(Source source, Manifest manifest) throws IOException {
        String place = source.name();
        if (MediaTypes.isIndex(manifest.mediaType())) {
            boolean oci = !manifest.mediaType().equals(MediaTypes.DOCKER_INDEX);
            ImageIndex index = ImageIndex.parse(manifest.bytes(), place + " (index)");
            for (Descriptor entry : index.manifests()) {
                if (entry.mediaType().equals(MediaTypes.CACHE_CONFIG)) {
                    return ofEntries(ArtifactForm.INDEX, oci, entry, index.manifests());
                }
            }
            return ofImages(source, oci, index);
        }
        boolean oci = !manifest.mediaType().equals(MediaTypes.DOCKER_MANIFEST);
        ImageManifest image = ImageManifest.parse(manifest.bytes(), place + " (manifest)");
        if (image.config().mediaType().equals(MediaTypes.CACHE_CONFIG)) {
            return ofEntries(ArtifactForm.IMAGE_MANIFEST, true, image.config(), image.layers());
        }
        return new CacheListing(
                ArtifactForm.INLINE,
                oci,
                Optional.empty(),
                image.layers(),
                Optional.empty(),
                List.of(new Image(manifest, image)),
                List.of());
    }

    /**
     * Whether a manifest is that of a cache and of nothing else: one that is an image as well, with an inline cache, is none.
     *
     * @throws JsonException if it is malformed
     */
    static boolean isCacheAlone(Manifest manifest, String place) throws JsonException {
        if (MediaTypes.isIndex(manifest.mediaType())) {
            return ImageIndex.parse(manifest.bytes(), place + " (index)").manifests().stream()
                    .anyMatch(entry -> entry.mediaType().equals(MediaTypes.CACHE_CONFIG));
        }
        return ImageManifest.parse(manifest.bytes(), place + " (manifest)")
                .config()
                .mediaType()
                .equals(MediaTypes.CACHE_CONFIG);
    }

    private static CacheListing ofEntries(ArtifactForm form, boolean oci, Descriptor config, List<Descriptor> entries) {
        List<Descriptor> layers = new ArrayList<>();
        Optional<Descriptor> notes = Optional.empty();
        for (Descriptor entry : entries) {
            if (entry.mediaType().equals(MediaTypes.NOTES)) {
                notes = Optional.of(entry);
            } else if (!entry.mediaType().equals(MediaTypes.CACHE_CONFIG)) {
                layers.add(entry);
            }
        }
        return new CacheListing(form, oci, Optional.of(config), layers, notes, List.of(), List.of());
    }

    private static CacheListing ofImages(Source source, boolean oci, ImageIndex index) throws IOException {
        List<Descriptor> layers = new ArrayList<>();
        List<Image> images = new ArrayList<>();
        List<Descriptor> missing = new ArrayList<>();
        for (Descriptor entry : index.manifests()) {
            if (!MediaTypes.isManifest(entry.mediaType())) {
                continue;
            }
            Optional<Manifest> child = source.resolve(entry.digest());
            if (child.isEmpty()) {
                missing.add(entry);
                continue;
            }
            Image image =
                    new Image(child.get(), ImageManifest.parse(child.get().bytes(), source.name() + " (manifest)"));
            images.add(image);
            layers.addAll(image.image().layers());
        }
        return new CacheListing(ArtifactForm.INLINE, oci, Optional.empty(), layers, Optional.empty(), images, missing);
    }
}
