package dev.cachetool.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server behaves as the specification has it, as long as nobody tells it otherwise. */
final class FaultyRegistryTest {
    private static final byte[] BLOB = "0123456789".getBytes(UTF_8);
    private static final Digest DIGEST = Digest.sha256(BLOB);
    private static final String BLOBS = "/v2/team/app/blobs/";
    private static final String UPLOADS = BLOBS + "uploads/";
    private static final String MANIFESTS = "/v2/team/app/manifests/";

    @Test
    void repository_whenUnknown_hasNoManifestsBlobsOrTags() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            Http http = new Http(registry);
            assertEquals(200, http.send("GET", "/v2/").statusCode());
            for (String target : List.of(MANIFESTS + "cache", BLOBS + DIGEST, "/v2/team/app/tags/list")) {
                HttpResponse<byte[]> answer = http.send("GET", target);
                assertEquals(404, answer.statusCode(), target);
                assertTrue(Http.text(answer).startsWith("{\"errors\":[{\"code\":\"NAME_UNKNOWN\""), target);
            }
            assertEquals(404, http.send("HEAD", BLOBS + DIGEST).statusCode());
        }
    }

    @Test
    void blob_whenPushedInOneRequest_isThere() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            Http http = new Http(registry);
            HttpResponse<byte[]> pushed = http.send("POST", UPLOADS + "?digest=" + DIGEST, BLOB);
            assertEquals(201, pushed.statusCode());
            assertEquals(DIGEST.toString(), Http.header(pushed, "Docker-Content-Digest"));
            assertArrayEquals(
                    BLOB, http.send("GET", Http.header(pushed, "Location")).body());
            HttpResponse<byte[]> head = http.send("HEAD", BLOBS + DIGEST);
            assertEquals("10", Http.header(head, "Content-Length"));
            assertEquals(List.of(DIGEST), registry.blobs("team/app"));
        }
    }

    @Test
    void blob_whenItsBytesHaveAnotherDigest_isRefused() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            Http http = new Http(registry);
            HttpResponse<byte[]> pushed = http.send("POST", UPLOADS + "?digest=" + Digest.sha256("other"), BLOB);
            assertEquals(400, pushed.statusCode());
            assertTrue(Http.text(pushed).contains("DIGEST_INVALID"), Http.text(pushed));
            assertEquals(List.of(), registry.blobs("team/app"));
            assertEquals(0, registry.openUploads());
        }
    }

    @ParameterizedTest
    @EnumSource
    void upload_whenItComesInChunks_goesOnAtTheLastLocation(UploadLocation way) throws Exception {
        try (FaultyRegistry registry =
                FaultyRegistry.options().uploadLocation(way).start()) {
            Http http = new Http(registry);
            HttpResponse<byte[]> begun = http.send("POST", UPLOADS);
            assertEquals(202, begun.statusCode());
            HttpResponse<byte[]> first =
                    http.send("PATCH", Http.header(begun, "Location"), "0123".getBytes(UTF_8), "Content-Range", "0-3");
            assertEquals(202, first.statusCode());
            assertEquals("0-3", Http.header(first, "Range"));
            HttpResponse<byte[]> gap =
                    http.send("PATCH", Http.header(first, "Location"), "67".getBytes(UTF_8), "Content-Range", "6-7");
            assertEquals(416, gap.statusCode());
            HttpResponse<byte[]> state = http.send("GET", Http.header(begun, "Location"));
            assertEquals(204, state.statusCode());
            assertEquals("0-3", Http.header(state, "Range"));
            String location = Http.header(state, "Location");
            HttpResponse<byte[]> done = http.send(
                    "PUT",
                    location + (location.contains("?") ? "&" : "?") + "digest=" + DIGEST,
                    "456789".getBytes(UTF_8));
            assertEquals(201, done.statusCode(), Http.text(done));
            assertArrayEquals(BLOB, http.send("GET", BLOBS + DIGEST).body());
            assertEquals(way == UploadLocation.RELATIVE, location.startsWith("/"));
            assertEquals(way == UploadLocation.STATEFUL, location.contains("?"));
        }
    }

    @Test
    void upload_whenItGoesOnAtAnEarlierLocation_isRefusedWhereTheLocationCounts() throws Exception {
        try (FaultyRegistry registry =
                FaultyRegistry.options().uploadLocation(UploadLocation.STATEFUL).start()) {
            Http http = new Http(registry);
            String first = Http.header(http.send("POST", UPLOADS), "Location");
            assertEquals(202, http.send("PATCH", first, BLOB).statusCode());
            assertEquals(400, http.send("PUT", first + "&digest=" + DIGEST).statusCode());
        }
    }

    @Test
    void upload_whenGivenUp_isUnknown() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            Http http = new Http(registry);
            String location = Http.header(http.send("POST", UPLOADS), "Location");
            assertEquals(1, registry.openUploads());
            assertEquals(204, http.send("DELETE", location).statusCode());
            assertEquals(404, http.send("GET", location).statusCode());
        }
    }

    @Test
    void mount_whenTheOtherRepositoryHasTheBlob_pushesNothing() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            registry.addBlob("team/base", BLOB);
            Http http = new Http(registry);
            assertEquals(
                    201,
                    http.send("POST", UPLOADS + "?mount=" + DIGEST + "&from=team/base")
                            .statusCode());
            assertEquals(
                    202,
                    http.send("POST", UPLOADS + "?mount=" + DIGEST + "&from=team/none")
                            .statusCode());
            assertEquals(List.of(DIGEST), registry.blobs("team/app"));
            assertEquals("2 POST mount", registry.log().summary());
        }
    }

    @Test
    void blob_whenARangeIsAskedFor_givesThatPart() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            registry.addBlob("team/app", BLOB);
            Http http = new Http(registry);
            Map<String, String> parts =
                    Map.of("bytes=4-", "456789", "bytes=2-4", "234", "bytes=-3", "789", "bytes=8-99", "89");
            for (Map.Entry<String, String> part : parts.entrySet()) {
                HttpResponse<byte[]> answer = http.send("GET", BLOBS + DIGEST, "Range", part.getKey());
                assertEquals(206, answer.statusCode(), part.getKey());
                assertEquals(part.getValue(), Http.text(answer), part.getKey());
            }
            HttpResponse<byte[]> answer = http.send("GET", BLOBS + DIGEST, "Range", "bytes=10-");
            assertEquals(416, answer.statusCode());
            assertEquals("bytes */10", Http.header(answer, "Content-Range"));
        }
    }

    @Test
    void manifest_whenItRefersToWhatIsNotThere_isRefused() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            Http http = new Http(registry);
            byte[] manifest = manifest(DIGEST, BLOB.length);
            HttpResponse<byte[]> early = put(http, "cache", manifest);
            assertEquals(400, early.statusCode());
            assertTrue(Http.text(early).contains("MANIFEST_BLOB_UNKNOWN"), Http.text(early));
            registry.addBlob("team/app", BLOB);
            assertEquals(201, put(http, "cache", manifest).statusCode());
            assertEquals(List.of(), registry.missing("team/app"));
            assertEquals(202, http.send("DELETE", BLOBS + DIGEST).statusCode());
            assertEquals(List.of(DIGEST), registry.missing("team/app"));
        }
    }

    @Test
    void manifest_whenItsSizesTypeOrDigestAreWrong_isRefused() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            registry.addBlob("team/app", BLOB);
            Http http = new Http(registry);
            byte[] manifest = manifest(DIGEST, BLOB.length);
            assertEquals(400, put(http, "cache", manifest(DIGEST, 11)).statusCode());
            assertEquals(400, put(http, "cache", BLOB).statusCode());
            assertEquals(400, put(http, DIGEST.toString(), manifest).statusCode());
            assertEquals(
                    400,
                    http.send("PUT", MANIFESTS + "cache", manifest, "Content-Type", MediaTypes.OCI_INDEX)
                            .statusCode());
            assertEquals(Optional.empty(), registry.manifest("team/app", "cache"));
        }
    }

    @Test
    void manifest_whenPushed_isFoundByTagAndDigestUntilDeleted() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            registry.addBlob("team/app", BLOB);
            Http http = new Http(registry);
            byte[] manifest = manifest(DIGEST, BLOB.length);
            String digest = Digest.sha256(manifest).toString();
            put(http, "cache", manifest);
            for (String reference : List.of("cache", digest)) {
                HttpResponse<byte[]> got = http.send("GET", MANIFESTS + reference);
                assertArrayEquals(manifest, got.body());
                assertEquals(MediaTypes.OCI_MANIFEST, Http.header(got, "Content-Type"));
                assertEquals(digest, Http.header(got, "Docker-Content-Digest"));
                HttpResponse<byte[]> head = http.send("HEAD", MANIFESTS + reference);
                assertEquals(String.valueOf(manifest.length), Http.header(head, "Content-Length"));
            }
            assertEquals(202, http.send("DELETE", MANIFESTS + digest).statusCode());
            assertEquals(404, http.send("GET", MANIFESTS + "cache").statusCode());
            assertEquals(List.of(), registry.tags("team/app"));
        }
    }

    @Test
    void tags_whenTheyFillMoreThanAPage_leadToTheNext() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.options().tagsPage(2).start()) {
            for (String tag : List.of("c", "a", "e", "b", "d")) {
                registry.addManifest("team/app", tag, MediaTypes.OCI_MANIFEST, BLOB);
            }
            Http http = new Http(registry);
            HttpResponse<byte[]> first = http.send("GET", "/v2/team/app/tags/list?n=100");
            assertEquals("{\"name\":\"team/app\",\"tags\":[\"a\",\"b\"]}", Http.text(first));
            assertEquals("</v2/team/app/tags/list?last=b&n=2>; rel=\"next\"", Http.header(first, "Link"));
            HttpResponse<byte[]> last = http.send("GET", "/v2/team/app/tags/list?last=d&n=2");
            assertEquals("{\"name\":\"team/app\",\"tags\":[\"e\"]}", Http.text(last));
            assertEquals("", Http.header(last, "Link"));
        }
    }

    @Test
    void upload_whenOnlySizeAndDigestAreKept_isABlobThatIsMadeAgain() throws Exception {
        GeneratedBlob blob = new GeneratedBlob(3_000_001, 7);
        byte[] bytes = blob.open(0).readAllBytes();
        try (FaultyRegistry registry = FaultyRegistry.options().keepAtMost(1000).start()) {
            registry.recognize(blob);
            Http http = new Http(registry);
            assertEquals(
                    201,
                    http.send("POST", UPLOADS + "?digest=" + blob.digest(), bytes)
                            .statusCode());
            byte[] part = http.send("GET", BLOBS + blob.digest(), "Range", "bytes=2999995-")
                    .body();
            assertArrayEquals(Arrays.copyOfRange(bytes, 2_999_995, bytes.length), part);
            assertArrayEquals(bytes, http.send("GET", BLOBS + blob.digest()).body());
        }
    }

    @Test
    void generatedBlob_whenReadFromAnyPlace_hasTheSameBytes() throws IOException {
        GeneratedBlob blob = new GeneratedBlob(1001, 42);
        byte[] whole = blob.open(0).readAllBytes();
        assertEquals(Digest.sha256(whole), blob.digest());
        for (int offset : new int[] {0, 1, 7, 8, 9, 500, 1000, 1001}) {
            assertArrayEquals(
                    Arrays.copyOfRange(whole, offset, whole.length),
                    blob.open(offset).readAllBytes(),
                    "from " + offset);
        }
        assertEquals(new GeneratedBlob(1001, 42).digest(), blob.digest());
        assertEquals(
                2, Set.of(new GeneratedBlob(1001, 43).digest(), blob.digest()).size());
    }

    @Test
    void log_whenRequestsCame_knowsThemAndWhatTheyCarried() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            Http http = new Http(registry);
            http.send("HEAD", BLOBS + DIGEST);
            http.send("HEAD", BLOBS + DIGEST, "Authorization", "Basic YW5uOnNlY3JldA==");
            http.send("POST", UPLOADS + "?digest=" + DIGEST, BLOB);
            http.send("GET", BLOBS + DIGEST);
            RequestLog log = registry.log();
            assertEquals("2 HEAD blob, 1 GET blob, 1 POST upload", log.summary());
            assertEquals("1 GET blob, 1 POST upload", log.summary(r -> r.status() < 300));
            assertEquals(Map.of("HEAD " + BLOBS + DIGEST, 2L), log.repeated());
            assertEquals(1, log.mentioning("ann:secret").size());
            LoggedRequest second = log.requests().get(1);
            assertEquals(Optional.of("Basic"), second.authorizationScheme());
            assertEquals(10, log.requests("POST", RequestKind.UPLOAD).get(0).requestBytes());
            assertEquals(10, log.requests("GET", RequestKind.BLOB).get(0).responseBytes());
        }
    }

    @Test
    void tls_whenSpoken_showsTheCertificateThatWasAskedFor() throws Exception {
        try (FaultyRegistry registry =
                FaultyRegistry.options().tls(TestTls.needingClient()).start()) {
            assertEquals(200, new Http(registry).send("GET", "/v2/").statusCode());
            registry.addBlob("team/app", BLOB);
            assertArrayEquals(
                    BLOB, new Http(registry).send("GET", BLOBS + DIGEST).body());
        }
        try (FaultyRegistry registry =
                FaultyRegistry.options().tls(TestTls.ofOtherHost()).start()) {
            assertThrows(SSLHandshakeException.class, () -> new Http(registry).send("GET", "/v2/"));
        }
    }

    private static HttpResponse<byte[]> put(Http http, String reference, byte[] manifest)
            throws IOException, InterruptedException {
        return http.send("PUT", MANIFESTS + reference, manifest, "Content-Type", MediaTypes.OCI_MANIFEST);
    }

    static byte[] manifest(Digest config, long size) {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":{\"mediaType\":\""
                        + MediaTypes.CACHE_CONFIG + "\",\"digest\":\"" + config + "\",\"size\":" + size
                        + "},\"layers\":[]}")
                .getBytes(UTF_8);
    }
}
