package dev.cachetool.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Blob;
import dev.cachetool.content.Manifest;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a layout in a directory; the contract of targets is in {@link LayoutTargetsTest}. */
final class LayoutDirectoryTest {
    @TempDir
    private Path folder;

    private static Blob blob(String content) {
        return Blob.of(MediaTypes.OCI_LAYER, content.getBytes(StandardCharsets.UTF_8));
    }

    /** An image of one layer, with all that belongs to it, under the tag. */
    static Manifest write(LayoutDirectory layout, String tag, String content) throws IOException {
        Blob layer = blob(content);
        Blob config = Blob.of(MediaTypes.CACHE_CONFIG, "{}".getBytes(StandardCharsets.UTF_8));
        layout.ingest(layer);
        layout.ingest(config);
        Manifest manifest = Manifest.of(
                MediaTypes.OCI_MANIFEST,
                new ImageManifest(MediaTypes.OCI_MANIFEST, config.descriptor(), List.of(layer.descriptor()), Map.of())
                        .toBytes());
        layout.tag(tag, manifest);
        return manifest;
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String file(Digest digest) {
        return "blobs/sha256/" + digest.encoded();
    }

    @Test
    void layout_whenWritten_isLaidOutAsTheSpecificationSays() throws IOException {
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            Manifest manifest = write(layout, "v1", "one");
            assertEquals(
                    Set.of(
                            file(manifest.digest()),
                            file(Digest.sha256("one")),
                            file(Digest.sha256("{}")),
                            "index.json",
                            "oci-layout"),
                    files());
            assertEquals("{\"imageLayoutVersion\":\"1.0.0\"}", Files.readString(folder.resolve("oci-layout")));
            assertEquals(
                    "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":["
                            + "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
                            + manifest.digest() + "\",\"size\":" + manifest.bytes().length
                            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"v1\"}}]}",
                    Files.readString(folder.resolve("index.json")));
        }
    }

    @Test
    void layout_withoutVersionFile_isReadAndGetsOneWhenItIsWritten() throws IOException {
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            write(layout, "old", "one");
        }
        Files.delete(folder.resolve("oci-layout"));
        try (LayoutDirectory layout = LayoutDirectory.open(folder)) {
            assertTrue(layout.resolve("old").isPresent());
        }
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            write(layout, "new", "two");
            assertEquals(List.of("new", "old"), layout.tags());
        }
        assertTrue(Files.exists(folder.resolve("oci-layout")));
    }

    @Test
    void entries_thatNobodyKnows_stayAsTheyAre() throws IOException {
        String untagged = "{\"mediaType\":\"application/vnd.example+json\",\"digest\":\"" + Digest.sha256("x")
                + "\",\"size\":1,\"annotations\":{\"who\":\"knows\"},"
                + "\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\"}}";
        Files.writeString(
                folder.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + untagged + "],\"more\":1}");
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            write(layout, "v1", "one");
            assertEquals(List.of("v1"), layout.tags());
        }
        String index = Files.readString(folder.resolve("index.json"));
        assertTrue(index.contains("\"manifests\":[" + untagged + ",{"), index);
    }

    @Test
    void tag_thatStandsThereTwice_namesTheFirstAndIsWrittenOnce() throws IOException {
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            Manifest first = write(layout, "v1", "one");
            write(layout, "v2", "two");
            String twice = Files.readString(folder.resolve("index.json")).replace("\"v2\"", "\"v1\"");
            Files.writeString(folder.resolve("index.json"), twice);
            assertEquals(first.digest(), layout.resolve("v1").orElseThrow().digest());
            Manifest third = write(layout, "v1", "three");
            assertEquals(third.digest(), layout.resolve("v1").orElseThrow().digest());
            String index = Files.readString(folder.resolve("index.json"));
            assertEquals(index.indexOf("\"v1\""), index.lastIndexOf("\"v1\""));
        }
    }

    @Test
    void manifest_withoutMediaTypeInTheIndex_isWhatItsContentSays() throws IOException {
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            Manifest manifest = write(layout, "v1", "one");
            byte[] index =
                    new ImageIndex(MediaTypes.OCI_INDEX, List.of(blob("one").descriptor()), Map.of()).toBytes();
            layout.tag("i", Manifest.of(MediaTypes.OCI_INDEX, index));
            Files.writeString(
                    folder.resolve("index.json"),
                    Files.readString(folder.resolve("index.json"))
                            .replace("{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",", "{")
                            .replace(
                                    "{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\"",
                                    "{\"digest\""));
            assertEquals(
                    MediaTypes.OCI_MANIFEST, layout.resolve("v1").orElseThrow().mediaType());
            assertEquals(MediaTypes.OCI_INDEX, layout.resolve("i").orElseThrow().mediaType());
            assertEquals(
                    MediaTypes.OCI_MANIFEST,
                    layout.resolve(manifest.digest()).orElseThrow().mediaType());
        }
    }

    @Test
    void create_inADirectoryOfOtherFiles_namesOneAndTouchesNothing() throws IOException {
        Files.writeString(folder.resolve("thesis.tex"), "years of work");
        NotALayoutException e = assertThrows(NotALayoutException.class, () -> LayoutDirectory.create(folder));
        assertTrue(e.getMessage().contains("thesis.tex"), e.getMessage());
        assertEquals(folder.toString(), e.place());
        assertThrows(NotALayoutException.class, () -> LayoutDirectory.open(folder));
        assertEquals(Set.of("thesis.tex"), files());
    }

    @Test
    void create_whereAFirstExportWasKilled_takesTheDirectory() throws IOException {
        Files.createDirectories(folder.resolve("blobs/sha256"));
        Files.writeString(folder.resolve("oci-layout"), "{}");
        Files.writeString(folder.resolve("index.json.lock"), "");
        assertThrows(NoLayoutException.class, () -> LayoutDirectory.open(folder));
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            write(layout, "v1", "one");
        }
        assertFalse(Files.exists(folder.resolve("index.json.lock")), "the lock is free when nobody writes");
    }

    @Test
    void open_ofAFile_isNoLayout() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThrows(NotALayoutException.class, () -> LayoutDirectory.open(file));
        assertThrows(NotALayoutException.class, () -> LayoutDirectory.create(file));
        assertThrows(NoLayoutException.class, () -> LayoutDirectory.open(folder.resolve("none")));
        assertEquals("x", Files.readString(file));
    }

    @Test
    void tag_removesTemporaryFilesOfKilledProcesses_butNotOfLiveOnes() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("blobs/sha256"));
        List<Path> abandoned = new ArrayList<>();
        List<Path> live = new ArrayList<>();
        for (Path place : List.of(folder, blobs)) {
            abandoned.add(Files.writeString(place.resolve(".x.1.cachetool-tmp"), "x"));
            live.add(Files.writeString(place.resolve(".x.2.cachetool-tmp"), "x"));
            live.add(Files.writeString(place.resolve(".x.cachetool"), "x"));
        }
        abandoned.add(folder.resolve(".x.cachetool"));
        for (Path each : abandoned) {
            Files.setLastModifiedTime(each, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        }
        Files.delete(folder.resolve(".x.cachetool"));
        live.remove(folder.resolve(".x.cachetool"));
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            write(layout, "v1", "one");
        }
        abandoned.forEach(each -> assertFalse(Files.exists(each), each.toString()));
        live.forEach(each -> assertTrue(Files.exists(each), each.toString()));
    }

    @Test
    void close_whileABlobIsWritten_leavesNoTemporaryFile() throws IOException {
        LayoutDirectory layout = LayoutDirectory.create(folder);
        byte[] bytes = new byte[500_000];
        Blob closing = new Blob() {
            @Override
            public Descriptor descriptor() {
                return Descriptor.of(MediaTypes.OCI_LAYER, bytes);
            }

            @Override
            public InputStream open() {
                return new FilterInputStream(new ByteArrayInputStream(bytes)) {
                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        int n = super.read(buffer, offset, length);
                        if (n < 0) {
                            assertEquals(1, files().size(), "a temporary file");
                            layout.close();
                        }
                        return n;
                    }
                };
            }
        };
        assertThrows(IOException.class, () -> layout.ingest(closing));
        assertEquals(Set.of(), files());
        assertThrows(IOException.class, () -> layout.ingest(blob("late")));
        assertEquals(Set.of(), files());
    }

    @Test
    void tag_whenAnotherProcessRemovedABlob_isNotWritten() throws IOException {
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            Manifest before = write(layout, "v1", "one");
            layout.ingest(blob("two"));
            try (LayoutDirectory other = LayoutDirectory.create(folder)) {
                other.removeUnreferenced();
            }
            IOException e = assertThrows(IOException.class, () -> write(layout, "v1", "three"));
            assertTrue(e.getMessage().contains("another process removed it"), e.getMessage());
            assertEquals(before.digest(), layout.resolve("v1").orElseThrow().digest());
        }
    }

    @Test
    void removeUnreferenced_keepsAllThatAnyEntryLeadsTo() throws IOException {
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            write(layout, "v1", "one");
            layout.ingest(blob("of an index"));
            byte[] index = new ImageIndex(
                            MediaTypes.OCI_INDEX,
                            List.of(
                                    blob("of an index").descriptor(),
                                    blob("that is not there").descriptor()),
                            Map.of())
                    .toBytes();
            Manifest inner = Manifest.of(MediaTypes.OCI_INDEX, index);
            layout.ingest(Blob.of(inner.mediaType(), inner.bytes()));
            byte[] outer = new ImageIndex(MediaTypes.OCI_INDEX, List.of(inner.descriptor()), Map.of()).toBytes();
            layout.tag("i", Manifest.of(MediaTypes.OCI_INDEX, outer));
            Set<String> all = files();
            layout.ingest(blob("garbage"));
            layout.removeUnreferenced();
            assertEquals(all, files());
            write(layout, "v1", "two");
            layout.removeUnreferenced();
            assertFalse(files().contains(file(Digest.sha256("one"))));
            assertTrue(files().contains(file(Digest.sha256("of an index"))));
        }
    }

    @Test
    void removeUnreferenced_whenAManifestIsDamaged_removesNothing() throws IOException {
        try (LayoutDirectory layout = LayoutDirectory.create(folder)) {
            Manifest manifest = write(layout, "v1", "one");
            Path file = folder.resolve(file(manifest.digest()));
            byte[] bytes = Files.readAllBytes(file);
            bytes[10] ^= 1;
            Files.write(file, bytes);
            Set<String> all = files();
            assertThrows(DigestMismatchException.class, layout::removeUnreferenced);
            assertEquals(all, files());
        }
    }

    @Test
    void ingest_ofABlobWhoseFileHasAnotherSize_isNotTaken() throws IOException {
        Path file = Files.writeString(folder.resolve("source"), "longer than it was");
        Blob plain = new Blob() {
            @Override
            public Descriptor descriptor() {
                return blob("longer").descriptor();
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }

            @Override
            public Optional<Path> file() {
                return Optional.of(file);
            }
        };
        try (LayoutDirectory layout = LayoutDirectory.create(folder.resolve("layout"))) {
            assertThrows(DigestMismatchException.class, () -> layout.ingest(plain));
            assertFalse(layout.contains(plain.descriptor()));
            assertEquals(Set.of("source"), files());
        }
    }

    @Test
    void layouts_writtenByEveryVersionOfBuildKit_giveEveryBlobOfTheirTag() throws IOException {
        Path caches = Path.of("src/test/resources/fixtures/buildkit/caches");
        List<Path> layouts;
        try (Stream<Path> found = Files.list(caches)) {
            layouts = found.filter(cache -> Files.exists(cache.resolve("index.json")))
                    .sorted()
                    .toList();
        }
        int withoutVersionFile = 0;
        int indexes = 0;
        for (Path each : layouts) {
            try (LayoutDirectory layout = LayoutDirectory.open(each)) {
                withoutVersionFile += Files.exists(each.resolve("oci-layout")) ? 0 : 1;
                for (String tag : layout.tags()) {
                    Manifest manifest = layout.resolve(tag).orElseThrow();
                    indexes += MediaTypes.isIndex(manifest.mediaType()) ? 1 : 0;
                    assertArrayEquals(
                            manifest.bytes(),
                            layout.resolve(manifest.digest()).orElseThrow().bytes());
                }
                assertFalse(layout.tags().isEmpty(), each.toString());
            }
        }
        assertTrue(layouts.size() > 10 && withoutVersionFile > 0 && indexes > 0, layouts + " have lost their variety");
    }
}
