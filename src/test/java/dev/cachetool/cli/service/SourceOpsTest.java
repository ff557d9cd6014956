package dev.cachetool.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cli.command.Problems;
import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.content.Blob;
import dev.cachetool.content.Compression;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerPacker;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.PackedLayer;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Platform;
import dev.cachetool.oci.Reference;
import dev.cachetool.registry.DockerRegistry;
import dev.cachetool.registry.RegistryTarget;
import dev.cachetool.registry.Side;
import dev.cachetool.registry.TransferListener;
import dev.cachetool.store.ImmutableRef;
import dev.cachetool.store.RemoteImmutableRef;
import dev.cachetool.store.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and results of images and files behind addresses, from servers on this machine. */
final class SourceOpsTest {
    @TempDir
    private Path temp;

    private Store store;
    private Places places;
    private HttpServer server;
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile String etag = "";
    private volatile String body = "one\n";

    @BeforeEach
    void start() throws IOException {
        store = Store.open(temp.resolve("store"), warning -> {});
        Files.createDirectory(temp.resolve("tmp"));
        places = new Places(
                new ByteArrayInputStream(new byte[0]),
                OutputStream.nullOutputStream(),
                temp.resolve("tmp"),
                Map.of("HOME", temp.toString()),
                "cachetool/test");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod());
            if (!etag.isEmpty()) {
                exchange.getResponseHeaders().set("ETag", etag);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : bytes.length);
            if (!head) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(0);
        store.close();
    }

    private SourceOps ops() {
        return places.sourceOps(temp, Access.USUAL, Optional.of(store.refs()), Reporter.silent());
    }

    /** A graph of one vertex; its op is JSON with ' for ". */
    private GraphSession session(String op, SourceOps ops) throws IOException {
        Path graph = temp.resolve("graph.json");
        Files.writeString(
                graph,
                "{\"schemaVersion\": 1, \"vertices\": [{\"name\": \"it\", \"op\": " + op.replace('\'', '"') + "}]}");
        return GraphSession.open(graph, temp, Map.of(), ops);
    }

    private static Vertex vertex(GraphSession session) {
        return session.definition().vertex(0);
    }

    private Digest key(String op, int index) throws IOException {
        try (SourceOps ops = ops()) {
            GraphSession session = session(op, ops);
            CacheMap map = session.cacheMaps().of(vertex(session), index);
            return map.digest();
        }
    }

    private String http(String more) {
        return "{'http': {'url': 'http://127.0.0.1:" + server.getAddress().getPort() + "/dir/file.txt'" + more + "}}";
    }

    // Files behind addresses

    @Test
    void http_withAChecksum_needsNoRequestForItsKeyAndIsFetchedOnce() throws IOException {
        String checksum = ", 'checksum': '" + Digest.sha256("one\n") + "'";
        try (SourceOps ops = ops()) {
            GraphSession session = session(http(checksum), ops);
            session.cacheMaps().of(vertex(session), 0);
            assertEquals(List.of(), asked);
            ImmutableRef ref = ops.execute(vertex(session), List.of());
            assertEquals(
                    List.of(TreeEntry.file("file.txt", 0644, 4, Digest.sha256("one\n"))),
                    ref.tree().entries());
            assertEquals("one\n", Files.readString(ref.mount().resolve("file.txt")));
            assertEquals(List.of("GET"), asked);
            ref.release();
        }
    }

    @Test
    void http_withAWrongChecksum_failsWithBothDigests() throws IOException {
        String wanted = Digest.sha256("two\n").toString();
        try (SourceOps ops = ops()) {
            GraphSession session = session(http(", 'checksum': '" + wanted + "'"), ops);
            IOException e = assertThrows(IOException.class, () -> ops.execute(vertex(session), List.of()));
            assertEquals(ExitCode.INTEGRITY, Problems.of(e).code());
            assertTrue(e.getMessage().contains(wanted), e.getMessage());
            assertTrue(e.getMessage().contains(Digest.sha256("one\n").toString()), e.getMessage());
        }
    }

    @Test
    void http_withAnEntityTag_isKnownByThat() throws IOException {
        etag = "\"1\"";
        Digest first = key(http(""), 0);
        body = "two\n";
        assertEquals(first, key(http(""), 0));
        etag = "\"2\"";
        assertNotEquals(first, key(http(""), 0));
        assertEquals(List.of("HEAD", "HEAD", "HEAD"), asked);
    }

    @Test
    void http_withoutAnyMark_isKnownByItsContentAndFetchedOnce() throws IOException {
        try (SourceOps ops = ops()) {
            GraphSession session = session(http(""), ops);
            Digest key = session.cacheMaps().of(vertex(session), 0).digest();
            assertEquals(key(http(", 'checksum': '" + Digest.sha256("one\n") + "'"), 0), key);
            ops.execute(vertex(session), List.of()).release();
            assertEquals(List.of("HEAD", "GET"), asked);
        }
        Digest before = key(http(""), 0);
        body = "two\n";
        assertNotEquals(before, key(http(""), 0));
    }

    @Test
    void http_thatChangesBeforeItIsFetched_fails() throws IOException {
        etag = "\"1\"";
        try (SourceOps ops = ops()) {
            GraphSession session = session(http(""), ops);
            session.cacheMaps().of(vertex(session), 0);
            etag = "\"2\"";
            IOException e = assertThrows(IOException.class, () -> ops.execute(vertex(session), List.of()));
            assertTrue(e.getMessage().contains("changed between being looked at and being fetched"), e.getMessage());
        }
    }

    // Images

    private final class Repository implements AutoCloseable {
        private final Registries registries = places.registries(Access.USUAL);
        private final RegistryTarget target;
        final String name;

        Repository(DockerRegistry registry) {
            name = registry.host() + "/team/base";
            target = registries.open(
                    new Place.Registry(Reference.parse(name + ":1"), false), Side.PUSH, TransferListener.NONE);
        }

        /** Pushes an image with a layer that holds one file; gives back its manifest. */
        Manifest image(String file, boolean docker) throws IOException {
            Path root = Files.createDirectories(temp.resolve("root-" + file));
            Files.writeString(root.resolve(file), file);
            PackedLayer layer = new LayerPacker(LayerPacker.Options.of(Compression.GZIP))
                    .pack(
                            root,
                            FileTree.of(List.of(TreeEntry.file(file, 0644, file.length()))),
                            temp.resolve("layer-" + file));
            String json =
                    "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                            + layer.diffId() + "\"]}}";
            Blob config = Blob.of(
                    docker ? MediaTypes.DOCKER_CONFIG : MediaTypes.OCI_CONFIG, json.getBytes(StandardCharsets.UTF_8));
            target.ingest(layer);
            target.ingest(config);
            String type = docker ? MediaTypes.DOCKER_MANIFEST : MediaTypes.OCI_MANIFEST;
            Descriptor described = new Descriptor(
                    docker ? MediaTypes.DOCKER_LAYER_GZIP : MediaTypes.OCI_LAYER_GZIP,
                    layer.descriptor().digest(),
                    layer.descriptor().size(),
                    Map.of(),
                    Optional.empty());
            Manifest manifest = Manifest.of(
                    type, new ImageManifest(type, config.descriptor(), List.of(described), Map.of()).toBytes());
            target.publish(manifest);
            return manifest;
        }

        /** Tags an index of two images. */
        Manifest index(String tag, Manifest amd64, Manifest arm64) throws IOException {
            Manifest index = Manifest.of(
                    MediaTypes.OCI_INDEX,
                    new ImageIndex(
                                    MediaTypes.OCI_INDEX,
                                    List.of(forPlatform(amd64, "linux/amd64"), forPlatform(arm64, "linux/arm64/v8")),
                                    Map.of())
                            .toBytes());
            target.tag(tag, index);
            return index;
        }

        private static Descriptor forPlatform(Manifest manifest, String platform) {
            return new Descriptor(
                    manifest.mediaType(),
                    manifest.digest(),
                    manifest.bytes().length,
                    Map.of(),
                    Optional.of(Platform.parse(platform)));
        }

        @Override
        public void close() {
            registries.close();
        }
    }

    private static String image(String ref, String more) {
        return "{'image': {'ref': '" + ref + "'" + more + "}}";
    }

    @Test
    void image_ofAnIndex_isThatOfThePlatform() throws IOException {
        try (DockerRegistry registry = DockerRegistry.open(temp.resolve("registry"));
                Repository repository = new Repository(registry)) {
            Manifest index = repository.index("1", repository.image("a", false), repository.image("b", true));
            for (String tag : List.of(":1", "@" + index.digest())) {
                String amd64 = image(repository.name + tag, ", 'platform': 'linux/amd64'");
                String arm64 = image(repository.name + tag, ", 'platform': 'linux/arm64'");
                assertNotEquals(key(amd64, 0), key(arm64, 0));
                assertNotEquals(key(amd64, 1), key(arm64, 1));
                try (SourceOps ops = ops()) {
                    GraphSession session = session(arm64, ops);
                    ImmutableRef ref = ops.execute(vertex(session), List.of());
                    assertEquals("b", Files.readString(ref.mount().resolve("b")));
                    ref.release();
                }
            }
            assertEquals(
                    key(image(repository.name + ":1", ""), 0),
                    key(image(repository.name + "@" + index.digest(), ""), 0));
        }
    }

    @Test
    void image_thatIsExecuted_isLazy() throws IOException {
        try (DockerRegistry registry = DockerRegistry.open(temp.resolve("registry"));
                Repository repository = new Repository(registry);
                SourceOps ops = ops()) {
            Manifest manifest = repository.image("lazy", true);
            GraphSession session = session(image(repository.name + "@" + manifest.digest(), ""), ops);
            ImmutableRef ref = ops.execute(vertex(session), List.of());
            assertTrue(((RemoteImmutableRef) ref).isLazy());
            assertEquals("lazy", Files.readString(ref.mount().resolve("lazy")));
            assertFalse(((RemoteImmutableRef) ref).isLazy());
            ref.release();
        }
    }

    @Test
    void image_thatIsNone_isToldWhatItIs() throws IOException {
        try (DockerRegistry registry = DockerRegistry.open(temp.resolve("registry"));
                Repository repository = new Repository(registry);
                SourceOps ops = ops()) {
            Manifest image = repository.image("a", false);
            repository.index("index", image, image);
            Blob config = Blob.of(MediaTypes.CACHE_CONFIG, "{}".getBytes(StandardCharsets.UTF_8));
            repository.target.ingest(config);
            repository.target.tag(
                    "cache",
                    Manifest.of(
                            MediaTypes.OCI_MANIFEST,
                            new ImageManifest(MediaTypes.OCI_MANIFEST, config.descriptor(), List.of(), Map.of())
                                    .toBytes()));
            assertFails(ops, image(repository.name + ":cache", ""), "it is a build cache; caches are read with --from");
            assertFails(ops, image(repository.name + ":none", ""), "there is no such tag");
            assertFails(
                    ops,
                    image(repository.name + ":index", ", 'platform': 'linux/riscv64'"),
                    "it has no image for linux/riscv64; it has some for linux/amd64, linux/arm64/v8");
        }
    }

    private void assertFails(SourceOps ops, String op, String words) throws IOException {
        GraphSession session = session(op, ops);
        IOException e =
                assertThrows(IOException.class, () -> session.cacheMaps().of(vertex(session), 1));
        assertTrue(e.getMessage().endsWith(words), e.getMessage());
        assertEquals(ExitCode.NOT_FOUND, Problems.of(e).code());
    }

    @Test
    void image_withADigestAndNoRegistry_isKnownByTheDigestAlone() throws IOException {
        String op = image("127.0.0.1:9/base@" + Digest.sha256("x"), "");
        assertEquals(key(op, 0), key(op, 0));
        assertFalse(key(op, 0).isRandom());
        assertTrue(key(op, 1).isRandom());
    }
}
