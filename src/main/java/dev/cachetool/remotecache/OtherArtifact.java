package dev.cachetool.remotecache;

import dev.cachetool.content.Manifest;
import dev.cachetool.content.Source;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands where a cache was looked for.
 *
 * @param what it is, as a noun
 * @param next what would work, a line
 */
record OtherArtifact(String what, String next) {
    private static final String EMPTY_CONFIG = "application/vnd.oci.empty.v1+json";
    private static final String MAKE = "name the tag of a cache; cachetool export and buildx's --cache-to write one";
    private static final String INLINE =
            "name the tag of a cache, or build the image with an inline one: --cache-to type=inline";

    /** What people call artifacts, by the begin of their artifact type, or of their config's or layers' media type. */
    private static final Map<String, String> KNOWN = Map.of(
            "application/vnd.cncf.helm.", "a Helm chart",
            "application/vnd.in-toto", "an attestation",
            "application/vnd.dev.cosign.", "a signature of cosign's",
            "application/vnd.dev.sigstore.", "a signature of sigstore's",
            "application/vnd.wasm.", "a WebAssembly module",
            "application/vnd.cyclonedx", "a bill of materials (CycloneDX)",
            "application/spdx", "a bill of materials (SPDX)");

    /** The most names of platforms that are told. */
    private static final int SHOWN = 4;

    static OtherArtifact of(Source source, Manifest manifest, CacheListing listing) throws IOException {
        if (MediaTypes.isIndex(manifest.mediaType())) {
            return ofIndex(ImageIndex.parse(manifest.bytes(), source.name() + " (index)"), listing);
        }
        CacheListing.Image image = listing.images().get(0);
        Optional<String> known = known(image.image());
        if (known.isPresent()) {
            return new OtherArtifact(known.get(), MAKE);
        }
        if (image.isRunnable()) {
            return new OtherArtifact(
                    "a runnable image"
                            + platform(source, image.image().config())
                                    .map(p -> " " + p)
                                    .orElse("") + " without an inline cache",
                    INLINE);
        }
        String type = image.image().artifactType().isEmpty()
                ? image.image().config().mediaType()
                : image.image().artifactType();
        return new OtherArtifact(
                type.isEmpty() || type.equals(EMPTY_CONFIG)
                        ? "an artifact that does not say what it is"
                        : "an artifact of the type " + type,
                MAKE);
    }

    private static OtherArtifact ofIndex(ImageIndex index, CacheListing listing) {
        List<String> platforms = new ArrayList<>();
        int images = 0;
        int indexes = 0;
        for (Descriptor entry : index.manifests()) {
            boolean attestation =
                    "attestation-manifest".equals(entry.annotations().get("vnd.docker.reference.type"));
            if (MediaTypes.isManifest(entry.mediaType()) && !attestation) {
                images++;
                entry.platform().map(Platform::toString).ifPresent(platforms::add);
            } else if (MediaTypes.isIndex(entry.mediaType())) {
                indexes++;
            }
        }
        if (index.manifests().isEmpty()) {
            return new OtherArtifact("an empty index", MAKE);
        }
        if (images == 0) {
            return new OtherArtifact(
                    indexes == 0
                            ? "an index that lists neither a cache config nor an image"
                            : "an index of " + counted(indexes, "index", "indexes")
                                    + ", which BuildKit writes for no cache",
                    MAKE);
        }
        String names = platforms.isEmpty()
                ? ""
                : " (" + String.join(", ", platforms.subList(0, Math.min(SHOWN, platforms.size())))
                        + (platforms.size() > SHOWN ? ", …" : "") + ")";
        boolean gone = !listing.missing().isEmpty() && listing.images().isEmpty();
        return new OtherArtifact(
                "an index of " + counted(images, "image", "images") + names
                        + (gone ? ", of which none is there" : ", none with an inline cache"),
                INLINE);
    }

    private static String counted(int number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }

    private static Optional<String> known(ImageManifest image) {
        List<String> types =
                new ArrayList<>(List.of(image.artifactType(), image.config().mediaType()));
        image.layers().stream().limit(1).map(Descriptor::mediaType).forEach(types::add);
        for (String type : types) {
            for (Map.Entry<String, String> each : KNOWN.entrySet()) {
                if (type.startsWith(each.getKey())) {
                    return Optional.of(each.getValue());
                }
            }
        }
        return Optional.empty();
    }

    /** The platform that an image's config names. */
    private static Optional<String> platform(Source source, Descriptor config) throws IOException {
        try {
            JsonValue value = JsonDocument.asGoReads(
                    source.readAll(config, CacheArtifact.CONFIG_LIMIT), source.name() + " (image config)");
            Optional<JsonValue> os = value.get("os");
            Optional<JsonValue> architecture = value.get("architecture");
            return os.isEmpty() || architecture.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new Platform(os.get().asString(), architecture.get().asString(), "").toString());
        } catch (JsonException e) {
            return Optional.empty();
        }
    }
}
