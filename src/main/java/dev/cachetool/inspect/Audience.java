package dev.cachetool.inspect;

import dev.cachetool.inspect.Finding.Kind;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.remotecache.ArtifactForm;
import java.util.Arrays;
import java.util.List;

/**
 * Who is to keep a cache, or to read it, and does not take every form. What is known of each, and from where, stands in
 * docs/registries.md.
 */
public enum Audience {
    BUILDKIT_0_11("buildkit-0.11"),
    DOCKER_20_10("docker-20.10"),
    ACR("acr"),
    ARTIFACTORY("artifactory"),
    DISTRIBUTION("distribution"),
    DOCKER_HUB("docker-hub"),
    ECR("ecr"),
    GAR("gar"),
    GCR("gcr"),
    GHCR("ghcr"),
    GITLAB("gitlab"),
    HARBOR("harbor"),
    QUAY("quay");

    private static final String TO_MANIFEST =
            "write it as an image manifest: cachetool copy SPEC OTHER --form=image-manifest";
    private static final String TO_INDEX =
            "write it as an index with OCI's types: cachetool copy SPEC OTHER --form=index";
    private static final String TO_GZIP_INDEX = "write it as an index with gzip:"
            + " cachetool copy SPEC type=registry,ref=OTHER,image-manifest=false,compression=gzip";

    private final String word;

    Audience(String word) {
        this.word = word;
    }

    /** As it is written. */
    public String word() {
        return word;
    }

    /** Their words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Audience::word).toList();
    }

    /** The one with the word. */
    public static Audience of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(word));
    }

    /** What it has against the cache. */
    List<Finding> judge(RawCache cache) {
        boolean index = cache.form() == ArtifactForm.INDEX;
        boolean manifest = cache.form() == ArtifactForm.IMAGE_MANIFEST;
        return switch (this) {
            case ECR, GCR, ARTIFACTORY, QUAY, HARBOR ->
                index
                        ? List.of(finding(cache, Kind.REFUSED, "an index whose entries are no manifests", TO_MANIFEST))
                        : List.of();
            case ACR, DISTRIBUTION, DOCKER_HUB, GAR, GHCR, GITLAB -> List.of();
            case BUILDKIT_0_11 -> manifest ? List.of(unseen(cache, TO_INDEX)) : unpackable(cache);
            case DOCKER_20_10 -> manifest ? List.of(unseen(cache, TO_GZIP_INDEX)) : unreadable(cache);
        };
    }

    private Finding unseen(RawCache cache, String cure) {
        return finding(cache, Kind.UNSEEN, "the image-manifest form gives no error and no hit", cure);
    }

    private List<Finding> unpackable(RawCache cache) {
        long zstd = layersOf(cache, MediaTypes.DOCKER_LAYER_ZSTD);
        String what = "it cannot unpack zstd with Docker's types, which "
                + (zstd == 1 ? "1 layer has" : zstd + " layers have") + ", and a build that hits one fails";
        return zstd == 0 ? List.of() : List.of(finding(cache, Kind.UNSEEN, what, TO_INDEX));
    }

    private List<Finding> unreadable(RawCache cache) {
        long zstd = layersOf(cache, MediaTypes.OCI_LAYER_ZSTD, MediaTypes.DOCKER_LAYER_ZSTD);
        String what = "it reads no zstd, which " + (zstd == 1 ? "1 layer is" : zstd + " layers are");
        return zstd == 0 ? List.of() : List.of(finding(cache, Kind.UNSEEN, what, TO_GZIP_INDEX));
    }

    /** How many layers have one of these media types. */
    private static long layersOf(RawCache cache, String... types) {
        return cache.parts().stream()
                .flatMap(part -> part.layers().stream())
                .map(Descriptor::mediaType)
                .filter(List.of(types)::contains)
                .count();
    }

    private Finding finding(RawCache cache, Kind kind, String what, String cure) {
        return new Finding(
                kind, "manifest", cache.manifest().map(manifest -> manifest.digest()), word + ": " + what, cure);
    }
}
