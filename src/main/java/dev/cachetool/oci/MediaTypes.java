package dev.cachetool.oci;

import java.util.Set;

/** The media types that caches are made of, as they stand on the wire. */
public final class MediaTypes {
    /** An image manifest (OCI image-spec, manifest.md). */
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    /** An index (image-index.md). */
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    /** An image config (config.md). */
    public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    /** A layer as plain tar (layer.md). */
    public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
    /** A layer as tar with gzip. */
    public static final String OCI_LAYER_GZIP = OCI_LAYER + "+gzip";
    /** A layer as tar with zstd. */
    public static final String OCI_LAYER_ZSTD = OCI_LAYER + "+zstd";

    /** Docker's image manifest, version 2, schema 2. */
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    /** Docker's manifest list. */
    public static final String DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
    /** Docker's image config. */
    public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    /** Docker's layer as plain tar. */
    public static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
    /** Docker's layer as tar with gzip. */
    public static final String DOCKER_LAYER_GZIP = DOCKER_LAYER + ".gzip";
    /** What BuildKit calls a layer as tar with zstd where Docker's types were asked for. */
    public static final String DOCKER_LAYER_ZSTD = DOCKER_LAYER + ".zstd";

    /** BuildKit's cache config. */
    public static final String CACHE_CONFIG = "application/vnd.buildkit.cacheconfig.v0";
    /** cachetool's notes beside a cache config (docs/formats.md). */
    public static final String NOTES = "application/vnd.dev.cachetool.notes.v1+json";

    private static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_INDEX);
    private static final Set<String> MANIFESTS = Set.of(OCI_MANIFEST, DOCKER_MANIFEST);

    private MediaTypes() {}

    /** Whether it is an OCI index or a Docker manifest list. */
    public static boolean isIndex(String mediaType) {
        return INDEXES.contains(mediaType);
    }

    /** Whether it is an OCI or Docker image manifest. */
    public static boolean isManifest(String mediaType) {
        return MANIFESTS.contains(mediaType);
    }

    /** Whether it is a layer, of OCI or Docker, compressed or not, distributable or not. */
    public static boolean isLayer(String mediaType) {
        return mediaType.startsWith("application/vnd.oci.image.layer.")
                || mediaType.startsWith("application/vnd.docker.image.rootfs.");
    }

    /** The OCI layer type for a Docker one; any other type is given back as it is. */
    public static String toOci(String mediaType) {
        return switch (mediaType) {
            case DOCKER_LAYER -> OCI_LAYER;
            case DOCKER_LAYER_GZIP -> OCI_LAYER_GZIP;
            case DOCKER_LAYER_ZSTD -> OCI_LAYER_ZSTD;
            case "application/vnd.docker.image.rootfs.foreign.diff.tar" ->
                "application/vnd.oci.image.layer.nondistributable.v1.tar";
            case "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" ->
                "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
            default -> mediaType;
        };
    }

    /** The Docker layer type for an OCI one; any other type is given back as it is. */
    public static String toDocker(String mediaType) {
        return switch (mediaType) {
            case OCI_LAYER -> DOCKER_LAYER;
            case OCI_LAYER_GZIP -> DOCKER_LAYER_GZIP;
            case OCI_LAYER_ZSTD -> DOCKER_LAYER_ZSTD;
            case "application/vnd.oci.image.layer.nondistributable.v1.tar" ->
                "application/vnd.docker.image.rootfs.foreign.diff.tar";
            case "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip" ->
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
            default -> mediaType;
        };
    }
}
