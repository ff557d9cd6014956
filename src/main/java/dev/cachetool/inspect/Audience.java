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

    private static final String TO_MANIFEST = "cachetool copy SPEC OTHER --form=image-manifest";
    private static final String TO_INDEX = "cachetool copy SPEC OTHER --form=index";

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
                        ? List.of(finding(
                                cache, Kind.REFUSED, "an index whose entries are no manifests; write: " + TO_MANIFEST))
                        : List.of();
            case ACR, DISTRIBUTION, DOCKER_HUB, GAR, GHCR, GITLAB -> List.of();
            case BUILDKIT_0_11 ->
                manifest
                        ? List.of(finding(
                                cache,
                                Kind.UNSEEN,
                                "the image-manifest form gives no error and no hit; write: " + TO_INDEX))
                        : List.of();
            case DOCKER_20_10 -> {
                if (manifest) {
                    yield List.of(finding(
                            cache,
                            Kind.UNSEEN,
                            "the image-manifest form gives no error and no hit; write: " + TO_INDEX
                                    + ", with compression=gzip"));
                }
                long zstd = cache.parts().stream()
                        .flatMap(part -> part.layers().stream())
                        .map(Descriptor::mediaType)
                        .filter(type ->
                                type.equals(MediaTypes.OCI_LAYER_ZSTD) || type.equals(MediaTypes.DOCKER_LAYER_ZSTD))
                        .count();
                yield zstd == 0
                        ? List.of()
                        : List.of(finding(
                                cache,
                                Kind.UNSEEN,
                                "it reads no zstd, which " + zstd + " layers have; copy it with compression=gzip"));
            }
        };
    }

    private Finding finding(RawCache cache, Kind kind, String what) {
        return new Finding(kind, "manifest", cache.manifest().map(manifest -> manifest.digest()), word + ": " + what);
    }
}
