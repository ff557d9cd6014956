package dev.cachetool.registry;

import static dev.cachetool.registry.Scenario.ends;
import static dev.cachetool.registry.Scenario.survived;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobTransfer;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.content.Manifest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.registry.RegistryException.Kind;
import dev.cachetool.registry.TestArtifact.Lies;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pushes to a registry that misbehaves: all is there in the end, or nothing at the tag and the failure says what it is. */
@Timeout(60)
final class PushFaultTest {
    private static final String REPOSITORY = TestClient.REPOSITORY;
    private static final String OTHER = "sha256:" + "0".repeat(64);

    private final TokenIssuer issuer = new TokenIssuer().user(TestClient.USER, TestClient.PASSWORD);

    @TempDir
    private Path folder;

    /** A request of a push. */
    private record Point(String method, RequestKind kind) {
        FaultRule on(FaultyRegistry registry) {
            return registry.on(method, kind);
        }

        @Override
        public String toString() {
            return method + " " + kind;
        }
    }

    private static final List<Point> POINTS = List.of(
            new Point("HEAD", RequestKind.BLOB),
            new Point("POST", RequestKind.UPLOAD),
            new Point("PUT", RequestKind.UPLOAD),
            new Point("PUT", RequestKind.MANIFEST));

    static Stream<Arguments> faults() {
        List<Scenario> all = new ArrayList<>();
        for (Point at : POINTS) {
            for (int status : new int[] {408, 500, 502, 503, 504}) {
                all.add(survived(
                        status + " four times at " + at, r -> at.on(r).first(4).then(Fault.status(status))));
            }
            all.add(ends(
                    "503 always at " + at,
                    Kind.UNREACHABLE,
                    "503 Service Unavailable",
                    r -> at.on(r).then(Fault.status(503))));
            for (int times : new int[] {1, 2}) {
                all.add(survived(
                        "429 in seconds " + times + " times at " + at,
                        r -> at.on(r).first(times).then(Fault.tooManyRequests("7"))));
                all.add(survived(
                        "429 with a date " + times + " times at " + at,
                        r -> at.on(r).first(times).then(Fault.tooManyRequests(PullFaultTest.date(30)))));
            }
            all.add(ends(
                    "429 of an hour at " + at,
                    Kind.UNREACHABLE,
                    "429 Too Many Requests",
                    r -> at.on(r).then(Fault.tooManyRequests("3600"))));
            all.add(ends(
                    "403 at " + at,
                    Kind.REFUSED,
                    "403 Forbidden",
                    r -> at.on(r).then(Fault.error(403, "DENIED", "not yours"))));
            all.add(ends(
                    "403 before the body is read at " + at,
                    Kind.REFUSED,
                    "403 Forbidden",
                    r -> at.on(r).then(Fault.error(403, "DENIED", "not yours").unread())));
            all.add(ends(
                    "401 always at " + at,
                    Kind.REFUSED,
                    "does not take this login",
                    r -> at.on(r)
                            .then(Fault.unauthorized(
                                    "Bearer realm=\"" + r.tokenUrl() + "\",service=\"s\",error=\"invalid_token\""))));
            all.add(survived(
                    "401 twice before the body is read at " + at,
                    r -> at.on(r)
                            .first(2)
                            .then(Fault.unauthorized("Bearer realm=\"" + r.tokenUrl() + "\",service=\"s\"")
                                    .unread())));
            all.add(ends(
                    "redirect loop at " + at,
                    Kind.UNREACHABLE,
                    "redirected more than 10 times",
                    r -> at.on(r).then(Fault.redirectLoop(307))));
            for (Fault.Cut cut : Fault.Cut.values()) {
                all.add(survived(
                        cut + " before the answer, once, at " + at,
                        r -> at.on(r).first(1).then(Fault.loseAnswer(cut))));
                all.add(survived(
                        cut + " without anything done, once, at " + at,
                        r -> at.on(r).first(1).then(Fault.ignoreRequest(cut))));
                all.add(ends(
                        cut + " always at " + at,
                        Kind.UNREACHABLE,
                        "5 tries in ",
                        r -> at.on(r).then(Fault.ignoreRequest(cut))));
            }
            all.add(survived(
                    "no real length, once, at " + at,
                    r -> at.on(r).first(1).then(Fault.header("Content-Length", "-3"))));
            all.add(survived(
                    "503 with no real length, once, at " + at,
                    r -> at.on(r)
                            .first(1)
                            .then(Fault.header("Content-Length", "-3").and(Fault.status(503)))));
            all.add(survived("stall once at " + at, r -> at.on(r).first(1).then(Fault.stall(new Gate()))));
            all.add(survived(
                    "stall after it was done, once, at " + at,
                    r -> at.on(r).first(1).then(Fault.stallAnswer(new Gate()))));
            all.add(survived(
                    "connections closed unannounced after " + at, r -> at.on(r).then(Fault.closeUnannounced())));
        }
        for (Fault.Cut cut : Fault.Cut.values()) {
            all.add(survived(
                    cut + " at byte 100000, once",
                    r -> r.on("PUT", RequestKind.UPLOAD).first(1).then(Fault.cutRequestAfter(100_000, cut))));
            all.add(survived(
                    cut + " after every 100000 bytes",
                    r -> r.on("PUT|PATCH", RequestKind.UPLOAD).then(Fault.cutRequestAfter(100_000, cut))));
        }
        all.add(survived(
                "stall at byte 100000, once",
                r -> r.on("PUT", RequestKind.UPLOAD).first(1).then(Fault.stallRequestAfter(100_000, new Gate()))));
        all.add(survived("an upload that is lost", r -> {
            r.on("PUT", RequestKind.UPLOAD).first(1).then(Fault.cutRequestAfter(100_000, Fault.Cut.FIN));
            r.on("GET", RequestKind.UPLOAD).then(Fault.error(404, "BLOB_UPLOAD_UNKNOWN", "gone"));
        }));
        all.add(survived(
                "an upload that is forgotten at its end",
                r -> r.on("PUT", RequestKind.UPLOAD).first(1).then(Fault.error(404, "BLOB_UPLOAD_UNKNOWN", "gone"))));
        all.add(survived("no word of how much arrived", r -> {
            r.on("PUT", RequestKind.UPLOAD).first(1).then(Fault.cutRequestAfter(100_000, Fault.Cut.FIN));
            r.on("GET", RequestKind.UPLOAD).then(Fault.withoutHeader("Range"));
        }));
        all.add(survived("chunks that are refused", r -> {
            r.on("PUT", RequestKind.UPLOAD).first(1).then(Fault.cutRequestAfter(100_000, Fault.Cut.FIN));
            r.on("PATCH", RequestKind.UPLOAD).first(1).then(Fault.error(416, "BLOB_UPLOAD_INVALID", "not from there"));
        }));
        all.add(survived(
                "damage on the way, once",
                r -> r.on("PUT", RequestKind.UPLOAD).first(1).then((request, right) -> {
                    byte[] bytes = request.readBody();
                    bytes[bytes.length / 2] ^= 1;
                    return right.answer(request.withBody(new ByteArrayInputStream(bytes)));
                })));
        all.add(ends(
                "damage on the way, always",
                Kind.DAMAGED,
                "what arrived is not the blob (DIGEST_INVALID",
                r -> r.on("PUT", RequestKind.UPLOAD)
                        .then((request, right) ->
                                right.answer(request.withBody(new ByteArrayInputStream(new byte[10]))))));
        all.add(survived("HEAD not supported", r -> r.on("HEAD", ".*").then(Fault.status(405))));
        all.add(ends(
                "another digest of what was uploaded",
                DigestMismatchException.class,
                OTHER,
                r -> r.on("PUT", RequestKind.UPLOAD).then(Fault.header("Docker-Content-Digest", OTHER))));
        all.add(ends(
                "no place to upload to",
                Kind.UNREACHABLE,
                "where the upload goes on",
                r -> r.on("POST", RequestKind.UPLOAD).then(Fault.withoutHeader("Location"))));
        all.add(ends(
                "200 where an upload begins",
                Kind.UNREACHABLE,
                "answered 200 where an upload begins",
                r -> r.on("POST", RequestKind.UPLOAD).then(Fault.status(200))));
        all.add(ends(
                "no such project",
                Kind.NOT_FOUND,
                "NAME_UNKNOWN: no such project",
                r -> r.on("POST", RequestKind.UPLOAD).then(Fault.error(404, "NAME_UNKNOWN", "no such project"))));
        all.add(ends(
                "no such project for the manifest",
                Kind.NOT_FOUND,
                "NAME_UNKNOWN: no such project",
                r -> r.on("PUT", RequestKind.MANIFEST).then(Fault.error(404, "NAME_UNKNOWN", "no such project"))));
        all.add(ends(
                "a layer that is too large",
                Kind.UNREACHABLE,
                "413 Content Too Large",
                r -> r.on("PUT", RequestKind.UPLOAD).then(Fault.status(413).unread())));
        all.add(ends(
                "a config type that is refused",
                Kind.FORM_REJECTED,
                "write image-manifest=false",
                r -> r.on("PUT", RequestKind.MANIFEST)
                        .then(Fault.refuseType(
                                MediaTypes.CACHE_CONFIG,
                                DistributionApi.error(400, "MANIFEST_INVALID", "unknown config")))));
        all.add(ends(
                "a form that is refused",
                Kind.FORM_REJECTED,
                "415 Unsupported Media Type",
                r -> r.on("PUT", RequestKind.MANIFEST)
                        .then(Fault.refuseType(MediaTypes.OCI_MANIFEST, ServedResponse.of(415)))));
        all.add(ends(
                "a manifest that is too large",
                Kind.FORM_REJECTED,
                "takes no manifest of ",
                r -> r.on("PUT", RequestKind.MANIFEST).then(Fault.refuseLargerThan(100))));
        all.add(ends(
                "a blob that is lost before the manifest",
                Kind.UNREACHABLE,
                "lost a blob that it had",
                r -> r.on("PUT", RequestKind.MANIFEST).then(Fault.error(400, "MANIFEST_BLOB_UNKNOWN", "not here"))));
        return all.stream().flatMap(scenario -> Stream.of(Lies.values()).map(where -> Arguments.of(scenario, where)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void push_underAFault_isWholeOrLeavesNothingAtTheTag(Scenario scenario, Lies where) throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000);
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient client =
                        TestClient.options(Side.PUSH).stall(scenario.stall()).start()) {
            scenario.setup().on(registry);
            RegistryTarget target = client.open(registry);
            if (scenario.outcome().isEmpty()) {
                artifact.pushTo(target, "latest", where, folder);
                artifact.assertPublished(registry, REPOSITORY, "latest");
            } else {
                IOException failure =
                        assertThrows(IOException.class, () -> artifact.pushTo(target, "latest", where, folder));
                scenario.assertIs(failure, registry, issuer);
                artifact.assertNotPublished(registry, REPOSITORY, "latest");
                // The same again, where it behaves, brings all of it there.
                registry.behave();
                try (TestClient next = TestClient.of(Side.PUSH)) {
                    artifact.pushTo(next.open(registry), "latest", where, folder);
                }
                artifact.assertPublished(registry, REPOSITORY, "latest");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(UploadLocation.class)
    void upload_whateverItsLocationLooksLike_goesOnThere(UploadLocation location) throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000);
        for (Lies where : Lies.values()) {
            try (FaultyRegistry registry = FaultyRegistry.options()
                            .bearer(issuer)
                            .uploadLocation(location)
                            .start();
                    TestClient client = TestClient.of(Side.PUSH)) {
                registry.on("PUT|PATCH", RequestKind.UPLOAD).then(Fault.cutRequestAfter(120_000, Fault.Cut.FIN));
                artifact.pushTo(client.open(registry), "latest", where, folder);
                artifact.assertPublished(registry, REPOSITORY, "latest");
                // What arrived before a cut is not sent again.
                long sent = registry.log().requests().stream()
                        .filter(r -> r.kind() == RequestKind.UPLOAD)
                        .mapToLong(LoggedRequest::requestBytes)
                        .sum();
                assertEquals(
                        artifact.contents().stream().mapToLong(b -> b.length).sum(), sent);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Lies.class)
    void token_whenItExpiresEveryThirdRequest_isRenewedInAllUploads(Lies where) throws Exception {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000, 10, 20, 30, 40, 50, 60, 70_000, 80, 90, 100);
        try (FaultyRegistry registry =
                        FaultyRegistry.options().bearer(issuer.uses(3)).start();
                TestClient client = TestClient.of(Side.PUSH)) {
            registry.on("PUT", RequestKind.UPLOAD).every(4).then(Fault.cutRequestAfter(5, Fault.Cut.FIN));
            RegistryTarget target = client.open(registry);
            new BlobTransfer(6).run(artifact.blobs(where, folder), target, (blob, how) -> {});
            target.tag("latest", artifact.manifest());
            artifact.assertPublished(registry, REPOSITORY, "latest");
            assertTrue(registry.log().count("GET", RequestKind.TOKEN) >= 13);
        }
    }

    @ParameterizedTest
    @EnumSource(Lies.class)
    void connections_whenEverySecondIsDropped_areMadeAgain(Lies where) throws Exception {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000, 10);
        try (FaultyRegistry registry =
                        FaultyRegistry.options().dropEveryConnection(2).start();
                TestClient client = TestClient.options(Side.PUSH)
                        .stall(Duration.ofSeconds(1))
                        .start()) {
            registry.on("PUT", RequestKind.UPLOAD).first(3).then(Fault.cutRequestAfter(5, Fault.Cut.FIN));
            registry.on("PUT", RequestKind.MANIFEST).first(1).then(Fault.ignoreRequest(Fault.Cut.RST));
            RegistryTarget target = client.open(registry);
            // one after the other: in parallel, the same upload could get every one of the dropped connections
            new BlobTransfer(1).run(artifact.blobs(where, folder), target, (blob, how) -> {});
            target.tag("latest", artifact.manifest());
            artifact.assertPublished(registry, REPOSITORY, "latest");
        }
    }

    @ParameterizedTest
    @EnumSource(Lies.class)
    void connections_whenNoneLasts_areMadeAgain(Lies where) throws Exception {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000, 10);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PUSH)) {
            registry.on(".*", ".*").then(Fault.closeUnannounced());
            RegistryTarget target = client.open(registry);
            new BlobTransfer(3).run(artifact.blobs(where, folder), target, (blob, how) -> {});
            target.tag("latest", artifact.manifest());
            artifact.assertPublished(registry, REPOSITORY, "latest");
        }
    }

    static Stream<Arguments> refusedMounts() {
        return Stream.of(
                Arguments.of("ignored", Fault.ignoreMount()),
                Arguments.of("405", Fault.status(405)),
                Arguments.of("403", Fault.error(403, "DENIED", "not from there")),
                Arguments.of("404", Fault.error(404, "BLOB_UNKNOWN", "not there")),
                Arguments.of("503", Fault.status(503)),
                Arguments.of("cut", Fault.ignoreRequest(Fault.Cut.RST)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedMounts")
    void mount_whenItIsRefused_isSentInstead(String name, Fault refusal) throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000);
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient from = TestClient.of(Side.PULL);
                TestClient to = TestClient.of(Side.PUSH)) {
            artifact.addTo(registry, "team/base", "latest");
            registry.on("POST", RequestKind.MOUNT).then(refusal);
            RegistryTarget source = from.open(registry, "team/base");
            RegistryTarget target = to.open(registry);
            for (var blob : artifact.blobs()) {
                assertEquals(Ingested.WRITTEN, target.ingest(source.blob(blob)));
            }
            target.tag("latest", artifact.manifest());
            artifact.assertPublished(registry, REPOSITORY, "latest");
            assertEquals(name.equals("ignored") ? 0 : 3, registry.log().count("POST", RequestKind.UPLOAD));
        }
    }

    @Test
    void mount_whenTheLoginMayNotReadThere_isSentInstead() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 30_000);
        TokenIssuer narrow = new TokenIssuer()
                .user(TestClient.USER, TestClient.PASSWORD, "team/app:.*")
                .user("reader", "other-secret", "team/base:pull");
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(narrow).start();
                TestClient from = TestClient.options(Side.PULL)
                        .credential(new Credential.Password("reader", "other-secret"))
                        .start();
                TestClient to = TestClient.of(Side.PUSH)) {
            artifact.addTo(registry, "team/base", "latest");
            RegistryTarget source = from.open(registry, "team/base");
            RegistryTarget target = to.open(registry);
            for (var blob : artifact.blobs()) {
                assertEquals(Ingested.WRITTEN, target.ingest(source.blob(blob)));
            }
            target.tag("latest", artifact.manifest());
            artifact.assertPublished(registry, REPOSITORY, "latest");
        }
    }

    @Test
    void manifest_whenTheRegistrySaysAnotherDigest_isAnError() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 1000);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PUSH)) {
            registry.on("PUT", RequestKind.MANIFEST).then(Fault.header("Docker-Content-Digest", OTHER));
            RegistryTarget target = client.open(registry);
            assertThrows(
                    DigestMismatchException.class, () -> artifact.pushTo(target, "latest", Lies.IN_MEMORY, folder));
        }
    }

    @Test
    void index_whenItIsRefused_namesTheOtherForm() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 1000);
        byte[] index = new ImageIndex(MediaTypes.OCI_INDEX, artifact.blobs(), Map.of()).toBytes();
        for (ServedResponse refusal : List.of(
                DistributionApi.error(400, "MANIFEST_INVALID", "no"),
                DistributionApi.error(404, "MANIFEST_BLOB_UNKNOWN", "no"),
                ServedResponse.of(405),
                ServedResponse.of(422))) {
            try (FaultyRegistry registry = FaultyRegistry.start();
                    TestClient client = TestClient.of(Side.PUSH)) {
                registry.on("PUT", RequestKind.MANIFEST).then(Fault.refuseType(MediaTypes.OCI_INDEX, refusal));
                RegistryTarget target = client.open(registry);
                for (Blob blob : artifact.blobs(Lies.IN_MEMORY, folder)) {
                    target.ingest(blob);
                }
                RegistryException e = assertThrows(
                        RegistryException.class, () -> target.tag("latest", Manifest.of(MediaTypes.OCI_INDEX, index)));
                assertEquals(Kind.FORM_REJECTED, e.kind());
                assertTrue(e.getMessage().endsWith("\nwrite image-manifest=true"), e::getMessage);
                assertEquals("1 PUT manifest", registry.log().summary(r -> r.kind() == RequestKind.MANIFEST));
            }
        }
    }

    @Test
    void file_whenItIsNotTheBlob_isFoundOutByTheRegistryAndNamed() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 30_000);
        Blob good = artifact.blobs(Lies.IN_FILES, folder).get(0);
        Path file = good.file().orElseThrow();
        byte[] bytes = Files.readAllBytes(file);
        bytes[20_000] ^= 1;
        Files.write(file, bytes);
        Blob damaged = new Blob() {
            @Override
            public Descriptor descriptor() {
                return good.descriptor();
            }

            @Override
            public InputStream open() throws IOException {
                return new VerifyingInputStream(
                        Files.newInputStream(file),
                        descriptor().digest(),
                        descriptor().size());
            }

            @Override
            public Optional<Path> file() {
                return Optional.of(file);
            }
        };
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PUSH)) {
            RegistryTarget target = client.open(registry);
            assertThrows(DigestMismatchException.class, () -> target.ingest(damaged));
            assertEquals(List.of(), registry.blobs(REPOSITORY));
            // It is not sent a second time to its end.
            assertEquals(
                    List.of(400),
                    registry.log().requests("PUT", RequestKind.UPLOAD).stream()
                            .map(LoggedRequest::status)
                            .filter(status -> status != 0)
                            .toList());
            // A file that became shorter is an error of this side as well.
            Files.write(file, new byte[10]);
            IOException e =
                    assertThrows(IOException.class, () -> client.open(registry).ingest(damaged));
            assertEquals(file + " became shorter while it was read", e.getMessage());
            Files.delete(file);
            assertThrows(NoSuchFileException.class, () -> client.open(registry).ingest(damaged));
        }
    }

    @Test
    void refusal_whenItIsForGood_isAskedForOnce() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 30_000);
        for (int status : new int[] {403, 405, 413, 415}) {
            try (FaultyRegistry registry = FaultyRegistry.start();
                    TestClient client = TestClient.of(Side.PUSH)) {
                registry.on("PUT", RequestKind.UPLOAD).then(Fault.status(status));
                RegistryTarget target = client.open(registry);
                assertThrows(RegistryException.class, () -> artifact.pushTo(target, "latest", Lies.IN_FILES, folder));
                assertEquals(
                        "1 HEAD blob, 1 POST upload, 1 PUT upload",
                        registry.log().summary());
            }
        }
    }

    @Test
    void registry_whenItIsDown_isGivenUpByAllUploadsTogether() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PUSH)) {
            registry.on(".*", ".*").then(Fault.status(503));
            RegistryTarget target = client.open(registry);
            List<Blob> blobs = artifact.blobs(Lies.IN_MEMORY, folder);
            assertThrows(RegistryException.class, () -> new BlobTransfer(12).run(blobs, target, (blob, how) -> {}));
            int asked = registry.log().requests().size();
            assertTrue(asked <= 20 + 12, () -> asked + " requests");
            assertEquals(
                    Set.of(503),
                    Set.copyOf(registry.log().requests().stream()
                            .map(LoggedRequest::status)
                            .toList()));
        }
    }
}
