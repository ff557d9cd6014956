package dev.cachetool.cli;

import dev.cachetool.content.Blob;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A layout that a test puts together document by document, right or wrong. */
final class RawLayout {
    private final Path directory;
    private final List<Descriptor> layers = new ArrayList<>();
    private Blob config = Blob.of(MediaTypes.CACHE_CONFIG, "{}".getBytes(StandardCharsets.UTF_8));

    private RawLayout(Path directory) {
        this.directory = directory;
    }

    static RawLayout in(Path directory) {
        return new RawLayout(directory);
    }

    /** Puts the blob there. */
    Descriptor blob(String mediaType, byte[] bytes) throws IOException {
        Blob blob = Blob.of(mediaType, bytes);
        try (Target target = LayoutDirectory.create(directory)) {
            target.ingest(blob);
        }
        return blob.descriptor();
    }

    /** Puts the plain tar there, as a layer that says what its diffID is. */
    Descriptor layer(byte[] tar) throws IOException {
        return blob(MediaTypes.OCI_LAYER, tar)
                .withAnnotation(Annotations.UNCOMPRESSED, Digest.sha256(tar).toString());
    }

    /** Lists it in the manifest, there or not. */
    RawLayout list(Descriptor layer) {
        layers.add(layer);
        return this;
    }

    /** Takes this config. */
    RawLayout config(String json) {
        return config(MediaTypes.CACHE_CONFIG, json.getBytes(StandardCharsets.UTF_8));
    }

    RawLayout config(String mediaType, byte[] bytes) {
        config = Blob.of(mediaType, bytes);
        return this;
    }

    /** Writes an image manifest; gives the SPEC. */
    String manifest() throws IOException {
        blob(config.descriptor().mediaType(), config.open().readAllBytes());
        return manifest(config.descriptor());
    }

    /** Writes an image manifest with this config, there or not; gives the SPEC. */
    String manifest(Descriptor described) throws IOException {
        return tag(
                MediaTypes.OCI_MANIFEST,
                new ImageManifest(MediaTypes.OCI_MANIFEST, described, layers, Map.of()).toBytes());
    }

    /** Writes an index of the listed layers and the config; gives the SPEC. */
    String index() throws IOException {
        List<Descriptor> entries = new ArrayList<>(layers);
        entries.add(blob(config.descriptor().mediaType(), config.open().readAllBytes()));
        return tag(MediaTypes.OCI_INDEX, new ImageIndex(MediaTypes.OCI_INDEX, entries, Map.of()).toBytes());
    }

    /** Writes the manifest; gives the SPEC. */
    String tag(String mediaType, byte[] manifest) throws IOException {
        try (Target target = LayoutDirectory.create(directory)) {
            target.tag("latest", Manifest.of(mediaType, manifest));
        }
        return "oci:" + directory;
    }

    /** The file of the blob. */
    Path file(Digest digest) {
        return directory.resolve("blobs/sha256").resolve(digest.encoded());
    }

    /** Removes the blob. */
    RawLayout lose(Descriptor blob) throws IOException {
        Files.delete(file(blob.digest()));
        return this;
    }
}
