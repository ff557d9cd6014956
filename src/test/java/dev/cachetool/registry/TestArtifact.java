package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Blob;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Target;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A manifest with its blobs: layers of bytes that do not compress, and the config of a cache at the end. */
record TestArtifact(Manifest manifest, List<byte[]> contents, List<Descriptor> blobs) {
    /** One whose blobs are other ones for every seed. */
    static TestArtifact of(long seed, int... sizes) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        List<Descriptor> blobs = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            byte[] bytes;
            try (InputStream in = new GeneratedBlob(sizes[i], seed * 1000 + i).open(0)) {
                bytes = in.readAllBytes();
            }
            contents.add(bytes);
            blobs.add(Descriptor.of(MediaTypes.OCI_LAYER_GZIP, bytes));
        }
        byte[] config = ("{\"seed\":" + seed + "}").getBytes(StandardCharsets.UTF_8);
        Descriptor described = Descriptor.of(MediaTypes.CACHE_CONFIG, config);
        byte[] manifest = new ImageManifest(MediaTypes.OCI_MANIFEST, described, blobs, Map.of()).toBytes();
        contents.add(config);
        blobs.add(described);
        return new TestArtifact(Manifest.of(MediaTypes.OCI_MANIFEST, manifest), contents, blobs);
    }

    /** The bytes of its largest layer, which stands first. */
    byte[] layer() {
        return contents.get(0);
    }

    /** Puts it there, as if it had been pushed. */
    void addTo(FaultyRegistry registry, String repository, String tag) {
        contents.forEach(bytes -> registry.addBlob(repository, bytes));
        registry.addManifest(repository, tag, manifest.mediaType(), manifest.bytes());
    }

    /** Where a blob's bytes lie that is pushed. */
    enum Lies {
        IN_MEMORY,
        /** In plain files, which can be sent by the kernel. */
        IN_FILES
    }

    /** Its blobs. */
    List<Blob> blobs(Lies where, Path folder) throws IOException {
        List<Blob> all = new ArrayList<>();
        for (int i = 0; i < blobs.size(); i++) {
            all.add(blob(i, where, folder));
        }
        return all;
    }

    private Blob blob(int i, Lies where, Path folder) throws IOException {
        Descriptor descriptor = blobs.get(i);
        byte[] bytes = contents.get(i);
        Optional<Path> file = where == Lies.IN_FILES
                ? Optional.of(
                        Files.write(folder.resolve("blob-" + descriptor.digest().shortText()), bytes))
                : Optional.empty();
        return new Blob() {
            @Override
            public Descriptor descriptor() {
                return descriptor;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public Optional<Path> file() {
                return file;
            }
        };
    }

    /** Pushes its blobs one after the other, and then the manifest. */
    void pushTo(Target target, String tag, Lies where, Path folder) throws IOException {
        for (Blob blob : blobs(where, folder)) {
            target.ingest(blob);
        }
        target.tag(tag, manifest);
    }

    /** Pulls what is at the tag: it is this, to the last byte. */
    void assertPulledFrom(Target target, String tag) throws IOException {
        Manifest found = target.resolve(tag).orElseThrow();
        assertArrayEquals(manifest.bytes(), found.bytes());
        assertEquals(manifest.mediaType(), found.mediaType());
        assertEquals(manifest.digest(), found.digest());
        for (int i = 0; i < blobs.size(); i++) {
            try (InputStream in = target.open(blobs.get(i))) {
                assertArrayEquals(contents.get(i), in.readAllBytes());
            }
        }
    }

    /** It is in the registry as a whole, to the last byte. */
    void assertPublished(FaultyRegistry registry, String repository, String tag) throws IOException {
        assertArrayEquals(
                manifest.bytes(),
                registry.manifest(repository, tag).orElseThrow().bytes());
        for (int i = 0; i < blobs.size(); i++) {
            try (InputStream in = registry.blob(repository, blobs.get(i).digest())
                    .orElseThrow()
                    .open(0)) {
                assertArrayEquals(contents.get(i), in.readAllBytes());
            }
        }
        assertEquals(List.of(), registry.missing(repository));
    }

    /** Nothing stands at the tag, and whatever blob the registry has is the right one. */
    void assertNotPublished(FaultyRegistry registry, String repository, String tag) throws IOException {
        assertTrue(registry.manifest(repository, tag).isEmpty(), "something was published");
        assertEquals(List.of(), registry.missing(repository));
        for (int i = 0; i < blobs.size(); i++) {
            Optional<Payload> blob = registry.blob(repository, blobs.get(i).digest());
            if (blob.isPresent()) {
                try (InputStream in = blob.get().open(0)) {
                    assertArrayEquals(contents.get(i), in.readAllBytes());
                }
            }
        }
    }
}
