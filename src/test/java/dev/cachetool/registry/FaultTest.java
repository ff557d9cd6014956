package dev.cachetool.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server misbehaves as it is told: seen on a socket, byte for byte. */
@Timeout(120)
final class FaultTest {
    private static final byte[] BLOB = "0123456789".getBytes(UTF_8);
    private static final Digest DIGEST = Digest.sha256(BLOB);
    private static final String TARGET = "/v2/team/app/blobs/" + DIGEST;
    private static final String UPLOADS = "/v2/team/app/blobs/uploads/";

    private FaultyRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = FaultyRegistry.start();
        registry.addBlob("team/app", BLOB);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void rule_whenItIsForSome_happensToThoseOnly() throws Exception {
        FaultRule twice = registry.on("GET", RequestKind.BLOB).first(2).then(Fault.error(503, "UNAVAILABLE", "later"));
        FaultRule once = registry.on("GET", RequestKind.BLOB).nth(3).then(Fault.tooManyRequests("1"));
        FaultRule second = registry.on("HEAD", "/blobs/sha256:").every(2).then(Fault.status(405));
        FaultRule last = registry.on("PUT", RequestKind.BLOB).after(0).then(Fault.status(403));
        Http http = new Http(registry);
        int[] states = new int[4];
        for (int i = 0; i < states.length; i++) {
            states[i] = http.send("GET", TARGET).statusCode();
        }
        assertEquals("503 503 429 200", join(states));
        for (int i = 0; i < states.length; i++) {
            states[i] = http.send("HEAD", TARGET).statusCode();
        }
        assertEquals("200 405 200 405", join(states));
        assertEquals(2, twice.applied());
        assertEquals(1, once.applied());
        assertEquals(2, second.applied());
        assertEquals(0, last.applied());
        registry.behave();
        assertEquals(200, http.send("HEAD", TARGET).statusCode());
        assertEquals(405, http.send("PUT", TARGET).statusCode());
    }

    @Test
    void tooManyRequests_whenAnswered_sayWhen() throws Exception {
        registry.on("GET", RequestKind.BLOB).then(Fault.tooManyRequests("Thu, 26 Nov 2026 10:00:00 GMT"));
        String answer = get();
        assertTrue(answer.startsWith("HTTP/1.1 429 "), answer);
        assertTrue(answer.contains("\r\nRetry-After: Thu, 26 Nov 2026 10:00:00 GMT\r\n"), answer);
    }

    @Test
    void cut_whenInOrder_leavesEveryByteBefore() throws Exception {
        registry.on("GET", RequestKind.BLOB).first(1).then(Fault.cutAfter(4, Fault.Cut.FIN));
        String cut = get();
        assertTrue(cut.contains("\r\nContent-Length: 10\r\n"), cut);
        assertEquals("0123", body(cut));
        assertEquals("456789", body(get("Range: bytes=4-")));
        assertEquals(4, registry.log().requests().get(0).responseBytes());
    }

    @Test
    void cut_whenReset_isAnError() throws Exception {
        registry.on("GET", RequestKind.BLOB).then(Fault.cutAfter(0, Fault.Cut.RST));
        try (Socket socket = connect()) {
            ask(socket, "GET " + TARGET, "");
            assertThrows(SocketException.class, () -> socket.getInputStream().readAllBytes());
        }
    }

    @Test
    void cut_whenAtAnOffset_isAtThatByteInEveryRange() throws Exception {
        registry.on("GET", RequestKind.BLOB).then(Fault.cutAtOffset(6, Fault.Cut.FIN));
        assertEquals("012345", body(get()));
        assertEquals("45", body(get("Range: bytes=4-")));
        assertEquals("", body(get("Range: bytes=6-")));
    }

    @Test
    void range_whenIgnored_givesTheWholeBlob() throws Exception {
        registry.on("GET", RequestKind.BLOB).then(Fault.ignoreRange());
        String answer = get("Range: bytes=4-");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertEquals("0123456789", body(answer));
    }

    @Test
    void requestCut_whenInAChunk_keepsWhatCameBefore() throws Exception {
        Http http = new Http(registry);
        String location = Http.header(http.send("POST", UPLOADS), "Location");
        registry.on("PATCH", RequestKind.UPLOAD).first(1).then(Fault.cutRequestAfter(4, Fault.Cut.FIN));
        assertThrows(IOException.class, () -> http.send("PATCH", location, BLOB));
        assertEquals("0-3", Http.header(http.send("GET", location), "Range"));
        assertEquals(
                0, registry.log().requests("PATCH", RequestKind.UPLOAD).get(0).status());
    }

    @Test
    void answer_whenLost_wasDoneAllTheSame() throws Exception {
        byte[] manifest = FaultyRegistryTest.manifest(DIGEST, BLOB.length);
        registry.on("PUT", RequestKind.MANIFEST).nth(1).then(Fault.loseAnswer(Fault.Cut.FIN));
        Http http = new Http(registry);
        assertThrows(
                IOException.class,
                () -> http.send("PUT", "/v2/team/app/manifests/a", manifest, "Content-Type", MediaTypes.OCI_MANIFEST));
        assertTrue(registry.manifest("team/app", "a").isPresent());
    }

    @Test
    void stall_whenReleased_goesOn() throws Exception {
        Gate gate = new Gate();
        registry.on("GET", RequestKind.BLOB).then(Fault.stallAfter(3, gate));
        try (Socket socket = connect()) {
            ask(socket, "GET " + TARGET, "Connection: close\r\n");
            gate.awaitReached();
            LoggedRequest request = registry.log().requests().get(0);
            assertEquals(3, request.responseBytes());
            gate.open();
            assertEquals("0123456789", body(rest(socket)));
        }
    }

    @Test
    void stall_whenTheRegistryIsClosed_ends() throws Exception {
        Gate before = new Gate();
        Gate within = new Gate();
        registry.on("GET", RequestKind.BLOB).then(Fault.stall(before));
        registry.on("POST", RequestKind.UPLOAD).then(Fault.stallRequestAfter(2, within));
        try (Socket one = connect();
                Socket two = connect()) {
            ask(one, "GET " + TARGET, "");
            ask(two, "POST " + UPLOADS + "?digest=" + DIGEST, "Content-Length: 10\r\n");
            two.getOutputStream().write(BLOB);
            before.awaitReached();
            within.awaitReached();
            registry.close();
            assertEquals(0, registry.log().requests().get(0).status());
        }
    }

    @Test
    void body_whenSentInPieces_waitsForThePermits() throws Exception {
        Semaphore permits = new Semaphore(2);
        registry.on("GET", RequestKind.BLOB).then(Fault.pieces(3, permits));
        try (Socket socket = connect()) {
            ask(socket, "GET " + TARGET, "Connection: close\r\n");
            InputStream in = socket.getInputStream();
            String sent = "";
            while (!sent.endsWith("012345")) {
                sent += (char) in.read();
            }
            assertEquals(6, registry.log().requests().get(0).responseBytes());
            permits.release(2);
            assertEquals("6789", rest(socket));
        }
    }

    @Test
    void body_whenSpoilt_isAsLongOrSaysItsLength() throws Exception {
        registry.on("GET", RequestKind.BLOB).nth(1).then(Fault.wrongByteAt(2));
        registry.on("GET", RequestKind.BLOB).nth(2).then(Fault.shortened(7));
        registry.on("GET", RequestKind.BLOB).nth(3).then(Fault.otherBody("01234567890".getBytes(UTF_8)));
        assertEquals("0133456789", body(get()));
        String shorter = get();
        assertEquals("0123456", body(shorter));
        assertTrue(shorter.contains("\r\nContent-Length: 7\r\n"), shorter);
        assertTrue(get().contains("\r\nContent-Length: 11\r\n"));
    }

    @Test
    void length_whenALie_endsTheConnection() throws Exception {
        registry.on("GET", RequestKind.BLOB).nth(1).then(Fault.lengthOffBy(5));
        registry.on("GET", RequestKind.BLOB).nth(2).then(Fault.lengthOffBy(-5));
        for (String length : new String[] {"15", "5"}) {
            try (Socket socket = connect()) {
                ask(socket, "GET " + TARGET, "");
                String answer = rest(socket);
                assertTrue(answer.contains("\r\nContent-Length: " + length + "\r\n"), answer);
                assertEquals("0123456789", body(answer));
            }
        }
    }

    @Test
    void length_whenMissing_isToldByChunksOrTheEnd() throws Exception {
        registry.on("GET", RequestKind.BLOB).nth(1).then(Fault.framed(ServedResponse.Framing.CHUNKED));
        registry.on("GET", RequestKind.BLOB).nth(2).then(Fault.framed(ServedResponse.Framing.UNTIL_CLOSE));
        assertEquals("a\r\n0123456789\r\n0\r\n\r\n", body(get()));
        try (Socket socket = connect()) {
            ask(socket, "GET " + TARGET, "");
            String answer = rest(socket);
            assertFalse(answer.contains("Content-Length"), answer);
            assertEquals("0123456789", body(answer));
        }
    }

    @Test
    void blob_whenGzipped_saysSo() throws Exception {
        registry.on("GET", RequestKind.BLOB).then(Fault.gzipped());
        String answer = get();
        assertTrue(answer.contains("\r\nContent-Encoding: gzip\r\n"), answer);
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(body(answer).getBytes(ISO_8859_1)))) {
            assertEquals("0123456789", new String(in.readAllBytes(), UTF_8));
        }
    }

    @Test
    void digestHeader_whenWrongOrMissing_isThatOnly() throws Exception {
        String other = Digest.sha256("other").toString();
        registry.on("GET", RequestKind.BLOB).nth(1).then(Fault.header("Docker-Content-Digest", other));
        registry.on("GET", RequestKind.BLOB).nth(2).then(Fault.withoutHeader("Docker-Content-Digest"));
        Http http = new Http(registry);
        assertEquals(other, Http.header(http.send("GET", TARGET), "Docker-Content-Digest"));
        assertEquals("", Http.header(http.send("GET", TARGET), "Docker-Content-Digest"));
    }

    @Test
    void redirect_whenToAnotherServer_isSeenThere() throws Exception {
        try (FaultyRegistry other = FaultyRegistry.start()) {
            other.addBlob("team/app", BLOB);
            registry.on("GET", RequestKind.BLOB).nth(1).then(Fault.redirect(307, other.otherUrl()));
            registry.on("GET", RequestKind.BLOB).nth(2).then(Fault.redirectLoop(302));
            Http http = new Http(registry);
            String location = Http.header(http.send("GET", TARGET), "Location");
            assertEquals("http://" + other.otherHost() + TARGET, location);
            assertEquals(200, http.send("GET", location).statusCode());
            assertEquals("1 GET blob", other.log().summary());
            assertEquals(TARGET, Http.header(http.send("GET", TARGET), "Location"));
        }
    }

    @Test
    void mount_whenIgnored_beginsAnUpload() throws Exception {
        registry.on("POST", RequestKind.MOUNT).then(Fault.ignoreMount());
        Http http = new Http(registry);
        assertEquals(
                202,
                http.send("POST", "/v2/b/blobs/uploads/?mount=" + DIGEST + "&from=team/app")
                        .statusCode());
        assertEquals(1, registry.openUploads());
    }

    @Test
    void manifest_whenOfARefusedTypeOrTooLarge_isNotTaken() throws Exception {
        byte[] manifest = FaultyRegistryTest.manifest(DIGEST, BLOB.length);
        registry.on("PUT", RequestKind.MANIFEST)
                .nth(1)
                .then(Fault.refuseType(MediaTypes.CACHE_CONFIG, DistributionApi.error(415, "MANIFEST_INVALID", "no")));
        registry.on("PUT", RequestKind.MANIFEST).nth(2).then(Fault.refuseLargerThan(manifest.length - 1));
        registry.on("PUT", RequestKind.MANIFEST)
                .then(Fault.refuseType(MediaTypes.OCI_INDEX, ServedResponse.of(400))
                        .and(Fault.refuseLargerThan(manifest.length)));
        Http http = new Http(registry);
        int[] states = new int[3];
        for (int i = 0; i < states.length; i++) {
            states[i] = http.send("PUT", "/v2/team/app/manifests/a", manifest, "Content-Type", MediaTypes.OCI_MANIFEST)
                    .statusCode();
        }
        assertEquals("415 413 201", join(states));
    }

    @Test
    void otherClient_whenItPushesInBetween_isWhatTheTagLeadsTo() throws Exception {
        byte[] ours = FaultyRegistryTest.manifest(DIGEST, BLOB.length);
        byte[] theirs = "{\"schemaVersion\":2}".getBytes(UTF_8);
        registry.on("PUT", RequestKind.MANIFEST)
                .then(Fault.afterwards(() -> registry.addManifest("team/app", "a", MediaTypes.OCI_MANIFEST, theirs)));
        Http http = new Http(registry);
        assertEquals(
                201,
                http.send("PUT", "/v2/team/app/manifests/a", ours, "Content-Type", MediaTypes.OCI_MANIFEST)
                        .statusCode());
        assertEquals(
                Optional.of(Digest.sha256(theirs)),
                registry.manifest("team/app", "a").map(HostedManifest::digest));
        assertNotEquals(Digest.sha256(theirs), Digest.sha256(ours));
    }

    @Test
    void connection_whenEverySecondIsDropped_isReset() throws Exception {
        try (FaultyRegistry dropping =
                FaultyRegistry.options().dropEveryConnection(2).start()) {
            for (boolean dropped : new boolean[] {false, true, false, true}) {
                int port = Integer.parseInt(dropping.host().split(":", 2)[1]);
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    if (dropped) {
                        assertThrows(IOException.class, () -> {
                            socket.getOutputStream().write(1);
                            if (socket.getInputStream().read() < 0) {
                                throw new IOException("ended");
                            }
                        });
                    } else {
                        ask(socket, "GET /v2/", "Connection: close\r\n");
                        assertTrue(rest(socket).startsWith("HTTP/1.1 200 "));
                    }
                }
            }
        }
    }

    @Test
    void connection_whenClosedUnannounced_endsAfterTheAnswer() throws Exception {
        registry.on("GET", RequestKind.BLOB).then(Fault.closeUnannounced());
        try (Socket socket = connect()) {
            ask(socket, "GET " + TARGET, "");
            String answer = rest(socket);
            assertFalse(answer.contains("Connection: close"), answer);
            assertEquals("0123456789", body(answer));
        }
    }

    @Test
    void connection_whenNothingIsWrong_servesOneRequestAfterTheOther() throws Exception {
        try (Socket socket = connect()) {
            ask(socket, "HEAD " + TARGET, "");
            ask(socket, "GET " + TARGET, "Connection: close\r\n");
            String answers = rest(socket);
            assertEquals(2, answers.split("HTTP/1.1 200 ", -1).length - 1, answers);
            assertEquals(1, registry.log().requests().get(1).connection());
        }
    }

    @Test
    void body_whenTheClientWaitsToBeAsked_isAskedForOrNot() throws Exception {
        registry.on("POST", RequestKind.UPLOAD).after(1).then(Fault.status(503));
        String expecting = "Content-Length: 10\r\nExpect: 100-continue\r\nConnection: close\r\n";
        try (Socket socket = connect()) {
            ask(socket, "POST " + UPLOADS + "?digest=" + DIGEST, expecting);
            String interim = "";
            while (!interim.endsWith("\r\n\r\n")) {
                interim += (char) socket.getInputStream().read();
            }
            assertTrue(interim.startsWith("HTTP/1.1 100 "), interim);
            socket.getOutputStream().write(BLOB);
            assertTrue(rest(socket).startsWith("HTTP/1.1 201 "));
        }
        try (Socket socket = connect()) {
            ask(socket, "POST " + UPLOADS + "?digest=" + DIGEST, expecting);
            assertTrue(rest(socket).startsWith("HTTP/1.1 503 "));
        }
    }

    @Test
    void answer_whenTheBodyIsNotRead_comesBeforeItsEnd() throws Exception {
        registry.on("POST", RequestKind.UPLOAD).then(Fault.status(403).unread());
        registry.on("GET", RequestKind.BLOB).then(Fault.interim(103));
        try (Socket socket = connect()) {
            ask(socket, "POST " + UPLOADS + "?digest=" + DIGEST, "Content-Length: 1000\r\n");
            String answer = rest(socket);
            assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
            assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
        }
        assertTrue(get().matches("(?s)HTTP/1.1 103 \\w+\r\n\r\nHTTP/1.1 200 .*"));
    }

    @Test
    void body_whenTheClientSendsItInChunks_isTakenWhole() throws Exception {
        try (Socket socket = connect()) {
            ask(socket, "POST " + UPLOADS + "?digest=" + DIGEST, "Transfer-Encoding: chunked\r\nConnection: close\r\n");
            socket.getOutputStream().write("4\r\n0123\r\n6;x=y\r\n456789\r\n0\r\n\r\n".getBytes(UTF_8));
            assertTrue(rest(socket).startsWith("HTTP/1.1 201 "));
        }
    }

    @Test
    void close_whenADeedOfATestFailed_saysSo() throws Exception {
        FaultyRegistry failing = FaultyRegistry.start();
        failing.on("GET", RequestKind.PING).then(Fault.before(() -> {
            throw new IllegalArgumentException("a mistake");
        }));
        assertThrows(IOException.class, () -> new Http(failing).send("GET", "/v2/"));
        IllegalStateException e = assertThrows(IllegalStateException.class, failing::close);
        assertEquals("a mistake", e.getCause().getMessage());
    }

    private String get(String... headers) throws IOException {
        try (Socket socket = connect()) {
            String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            ask(socket, "GET " + TARGET, lines + "Connection: close\r\n");
            return rest(socket);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(registry.host().split(":", 2)[1]));
    }

    private static void ask(Socket socket, String methodAndTarget, String headers) throws IOException {
        String head = methodAndTarget + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n";
        socket.getOutputStream().write(head.getBytes(UTF_8));
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static String join(int[] states) {
        StringBuilder text = new StringBuilder();
        for (int state : states) {
            text.append(text.length() == 0 ? "" : " ").append(state);
        }
        return text.toString();
    }
}
