package dev.cachetool.registry;

import static dev.cachetool.registry.Scenario.ends;
import static dev.cachetool.registry.Scenario.survived;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.content.Manifest;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pulls from a registry that misbehaves: every byte is right in the end, or the failure says what it is. */
@Timeout(60)
final class PullFaultTest {
    private static final String REPOSITORY = TestClient.REPOSITORY;
    private static final String OTHER = "sha256:" + "0".repeat(64);

    private final TokenIssuer issuer = new TokenIssuer().user(TestClient.USER, TestClient.PASSWORD);

    /** A date so many seconds from now, as it stands in a header. */
    static String date(int seconds) {
        return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                .format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(seconds));
    }

    static Stream<Scenario> faults() {
        List<Scenario> all = new ArrayList<>();
        for (RequestKind kind : List.of(RequestKind.MANIFEST, RequestKind.BLOB)) {
            for (int status : new int[] {408, 500, 502, 503, 504}) {
                all.add(survived(
                        status + " four times for a " + kind,
                        r -> r.on("GET", kind).first(4).then(Fault.status(status))));
            }
            all.add(ends(
                    "503 always for a " + kind,
                    Kind.UNREACHABLE,
                    "503 Service Unavailable, 5 tries in ",
                    r -> r.on("GET", kind).then(Fault.status(503))));
            for (int times : new int[] {1, 2}) {
                all.add(survived(
                        "429 in seconds " + times + " times for a " + kind,
                        r -> r.on("GET", kind).first(times).then(Fault.tooManyRequests("7"))));
                all.add(survived(
                        "429 with a date " + times + " times for a " + kind,
                        r -> r.on("GET", kind).first(times).then(Fault.tooManyRequests(date(30)))));
            }
            all.add(ends(
                    "429 of an hour for a " + kind,
                    Kind.UNREACHABLE,
                    "it asks to wait 3600 s",
                    r -> r.on("GET", kind).then(Fault.tooManyRequests("3600"))));
            all.add(ends(
                    "403 for a " + kind,
                    Kind.REFUSED,
                    "403 Forbidden: DENIED: not yours",
                    r -> r.on("GET", kind).then(Fault.error(403, "DENIED", "not yours"))));
            all.add(ends(
                    "401 always for a " + kind,
                    Kind.REFUSED,
                    "does not take this login",
                    r -> r.on("GET", kind)
                            .then(Fault.unauthorized(
                                    "Bearer realm=\"" + r.tokenUrl() + "\",service=\"s\",error=\"invalid_token\""))));
            all.add(survived(
                    "401 once for a " + kind,
                    r -> r.on("GET", kind)
                            .first(1)
                            .then(Fault.unauthorized("Bearer realm=\"" + r.tokenUrl() + "\",service=\"s\""))));
            for (String length : List.of("-3", "-1", "many", "99999999999999999999")) {
                all.add(survived(
                        "the length " + length + ", once, for a " + kind,
                        r -> r.on("GET", kind).first(1).then(Fault.header("Content-Length", length))));
            }
            all.add(ends(
                    "no real length, always, for a " + kind,
                    Kind.UNREACHABLE,
                    "a length that is none",
                    r -> r.on("GET", kind).then(Fault.header("Content-Length", "-3"))));
            all.add(ends(
                    "redirect loop for a " + kind,
                    Kind.UNREACHABLE,
                    "redirected more than 10 times",
                    r -> r.on("GET", kind).then(Fault.redirectLoop(307))));
            all.add(ends(
                    "redirect to nowhere for a " + kind,
                    Kind.UNREACHABLE,
                    "to nowhere",
                    r -> r.on("GET", kind).then(Fault.status(302))));
            for (Fault.Cut cut : Fault.Cut.values()) {
                all.add(survived(
                        cut + " before the answer, once, for a " + kind,
                        r -> r.on("GET", kind).first(1).then(Fault.loseAnswer(cut))));
                all.add(survived(
                        cut + " in the middle, once, for a " + kind,
                        r -> r.on("GET", kind).first(1).then(Fault.cutAfter(100, cut))));
                all.add(ends(
                        cut + " always for a " + kind,
                        Kind.UNREACHABLE,
                        "5 tries in ",
                        r -> r.on("GET", kind).then(Fault.ignoreRequest(cut))));
            }
            all.add(survived(
                    "stall before the answer, once, for a " + kind,
                    r -> r.on("GET", kind).first(1).then(Fault.stall(new Gate()))));
            all.add(survived(
                    "stall in the middle, once, for a " + kind,
                    r -> r.on("GET", kind).first(1).then(Fault.stallAfter(100, new Gate()))));
            all.add(survived("slow body of a " + kind, r -> r.on("GET", kind).then(Fault.pieces(997))));
            all.add(survived(
                    "chunks for a " + kind, r -> r.on("GET", kind).then(Fault.framed(ServedResponse.Framing.CHUNKED))));
            all.add(survived(
                    "no length for a " + kind,
                    r -> r.on("GET", kind).then(Fault.framed(ServedResponse.Framing.UNTIL_CLOSE))));
            all.add(survived("early hints for a " + kind, r -> r.on("GET", kind).then(Fault.interim(103))));
            all.add(survived(
                    "connections closed unannounced after a " + kind,
                    r -> r.on("GET", kind).then(Fault.closeUnannounced())));
            all.add(survived(
                    "redirect to another host for a " + kind,
                    r -> r.on("GET", kind).nth(1).then(Fault.redirect(307, r.url()))));
            all.add(ends(
                    "wrong byte of a " + kind,
                    DigestMismatchException.class,
                    "has the digest",
                    r -> r.on("GET", kind).then(Fault.wrongByteAt(50))));
            all.add(ends(
                    "too few bytes of a " + kind,
                    DigestMismatchException.class,
                    "blob sha256:",
                    r -> r.on("GET", kind).then(Fault.shortened(60))));
            all.add(ends(
                    "other bytes for a " + kind,
                    DigestMismatchException.class,
                    "blob sha256:",
                    r -> r.on("GET", kind).then(Fault.otherBody("{}".getBytes(StandardCharsets.UTF_8)))));
            all.add(ends(
                    "more bytes for a " + kind,
                    DigestMismatchException.class,
                    "blob sha256:",
                    r -> r.on("GET", kind).then(Fault.otherBody(new byte[400_000]))));
            all.add(ends(
                    "a length that is too short for a " + kind,
                    DigestMismatchException.class,
                    "blob sha256:",
                    r -> r.on("GET", kind).then(Fault.lengthOffBy(-1))));
        }
        all.add(ends(
                "a length that is too long for a manifest",
                Kind.UNREACHABLE,
                "the connection was cut",
                r -> r.on("GET", RequestKind.MANIFEST).then(Fault.lengthOffBy(1))));
        all.add(ends(
                "a length that is too long for a blob",
                DigestMismatchException.class,
                "300001 bytes",
                r -> r.on("GET", RequestKind.BLOB).then(Fault.lengthOffBy(1))));
        all.add(ends(
                "another Docker-Content-Digest of a manifest",
                DigestMismatchException.class,
                OTHER,
                r -> r.on("GET", RequestKind.MANIFEST).then(Fault.header("Docker-Content-Digest", OTHER))));
        all.add(survived(
                "another Docker-Content-Digest of a blob whose bytes are right",
                r -> r.on("GET", RequestKind.BLOB).then(Fault.header("Docker-Content-Digest", OTHER))));
        all.add(survived(
                "no Docker-Content-Digest", r -> r.on("GET", ".*").then(Fault.withoutHeader("Docker-Content-Digest"))));
        all.add(survived(
                "a manifest of no particular type",
                r -> r.on("GET", RequestKind.MANIFEST).then(Fault.header("Content-Type", "application/json"))));
        all.add(ends(
                "a manifest that is too large",
                BlobTooLargeException.class,
                "",
                r -> r.on("GET", RequestKind.MANIFEST).then(Fault.otherBody(new byte[(int) Manifest.LIMIT + 1]))));
        all.add(ends(
                "a blob that is not there",
                BlobNotFoundException.class,
                "is not in ",
                r -> r.on("GET", RequestKind.BLOB).then(Fault.error(404, "BLOB_UNKNOWN", "not here"))));
        all.add(survived(
                "cut every 50000 bytes, ranges honoured",
                r -> r.on("GET", RequestKind.BLOB).then(Fault.cutAfter(50_000, Fault.Cut.FIN))));
        all.add(survived("cut at byte 200000 once, ranges ignored", r -> {
            r.on("GET", RequestKind.BLOB).then(Fault.ignoreRange());
            r.on("GET", RequestKind.BLOB).first(1).then(Fault.cutAfter(200_000, Fault.Cut.FIN));
        }));
        all.add(ends(
                "cut at byte 200000 always, ranges ignored",
                Kind.UNREACHABLE,
                "the connection was cut (at byte 200000 of 300000), 5 tries in ",
                r -> r.on("GET", RequestKind.BLOB)
                        .then(Fault.cutAfter(200_000, Fault.Cut.FIN).and(Fault.ignoreRange()))));
        all.add(ends(
                "cut at byte 200000 of the blob always",
                Kind.UNREACHABLE,
                "(at byte 200000 of 300000), 5 tries in ",
                r -> r.on("GET", RequestKind.BLOB).then(Fault.cutAtOffset(200_000, Fault.Cut.FIN))));
        all.add(ends(
                "stall always",
                Kind.UNREACHABLE,
                "nothing moved for 150 ms, 5 tries in ",
                r -> r.on("GET", RequestKind.BLOB).then(Fault.stall(new Gate()))));
        all.add(survived(
                "gzip around the blob", r -> r.on("GET", RequestKind.BLOB).then(Fault.gzipped())));
        all.add(survived("gzip around the blob, cut once", r -> {
            r.on("GET", RequestKind.BLOB).first(1).then(Fault.cutAfter(100_000, Fault.Cut.FIN));
            r.on("GET", RequestKind.BLOB).then(Fault.gzipped().and(Fault.ignoreRange()));
        }));
        all.add(survived("gzip said of a blob that is sent as it is, cut once", r -> {
            r.on("GET", RequestKind.BLOB).then(Fault.header("Content-Encoding", "gzip"));
            r.on("GET", RequestKind.BLOB).first(1).then(Fault.cutAfter(100_000, Fault.Cut.FIN));
        }));
        all.add(survived("chunks that end early, once", r -> {
            r.on("GET", RequestKind.BLOB).first(1).then(Fault.cutAfter(100_000, Fault.Cut.FIN));
            r.on("GET", RequestKind.BLOB).then(Fault.framed(ServedResponse.Framing.CHUNKED));
        }));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void pull_underAFault_isRightOrSaysWhatWentWrong(Scenario scenario) throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000);
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient client =
                        TestClient.options(Side.PULL).stall(scenario.stall()).start()) {
            artifact.addTo(registry, REPOSITORY, "latest");
            scenario.setup().on(registry);
            RegistryTarget source = client.open(registry);
            if (scenario.outcome().isEmpty()) {
                artifact.assertPulledFrom(source, "latest");
            } else {
                scenario.assertIs(
                        assertThrows(IOException.class, () -> artifact.assertPulledFrom(source, "latest")),
                        registry,
                        issuer);
            }
        }
    }

    @Test
    void retryAfter_whenItIsObeyed_isTheWait() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 1000);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PULL)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            registry.on("GET", RequestKind.MANIFEST).first(2).then(Fault.tooManyRequests("7"));
            registry.on("GET", RequestKind.BLOB).first(1).then(Fault.tooManyRequests(date(40)));
            artifact.assertPulledFrom(client.open(registry), "latest");
            List<Duration> waits = client.pause.waits();
            assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(7)), waits.subList(0, 2));
            assertEquals(3, waits.size());
            assertTrue(waits.get(2).toSeconds() > 20 && waits.get(2).toSeconds() <= 40, waits::toString);
        }
    }

    @Test
    void retryAfter_whenItIsAnHour_endsAfterOneRequest() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PULL)) {
            registry.on("GET", RequestKind.MANIFEST).then(Fault.tooManyRequests("3600"));
            RegistryTarget source = client.open(registry);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertEquals(
                    "could not pull " + source.name()
                            + ":latest: 429 Too Many Requests: TOOMANYREQUESTS: slow down; it asks to"
                            + " wait 3600 s, more than the 60 s of --max-retry-after",
                    e.getMessage());
            assertEquals("1 GET manifest", registry.log().summary());
            assertEquals(List.of(), client.pause.waits());
        }
    }

    @Test
    void download_whenCutOnce_goesOnAtTheByteThatItBrokeAt() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PULL)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            registry.on("GET", RequestKind.BLOB).first(1).then(Fault.cutAfter(123_456, Fault.Cut.FIN));
            try (InputStream in = client.open(registry).open(artifact.blobs().get(0))) {
                assertEquals(300_000, in.readAllBytes().length);
            }
            List<LoggedRequest> all = registry.log().requests("GET", RequestKind.BLOB);
            assertEquals(2, all.size());
            assertEquals(Optional.of("bytes=123456-"), all.get(1).headers().first("Range"));
            assertEquals(300_000 - 123_456, all.get(1).responseBytes());
        }
    }

    @Test
    void loop_whenEveryTokenIsRefused_endsAfterAFewRequests() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient client = TestClient.of(Side.PULL)) {
            registry.on("GET", RequestKind.MANIFEST)
                    .then(Fault.unauthorized("Bearer realm=\"" + registry.tokenUrl() + "\",service=\"s\""));
            RegistryTarget source = client.open(registry);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertEquals(401, e.status());
            assertTrue(e.getMessage().endsWith("\nlog in with: docker login " + registry.host()), e::getMessage);
            assertEquals("4 GET token, 5 GET manifest", registry.log().summary());
        }
    }

    @Test
    void head_whenItIsNotSupported_isDoneWithoutIt() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000);
        Descriptor other = Descriptor.of(MediaTypes.OCI_LAYER, new byte[] {1});
        for (int status : new int[] {405, 501}) {
            try (FaultyRegistry registry = FaultyRegistry.start();
                    TestClient client = TestClient.of(Side.PULL)) {
                artifact.addTo(registry, REPOSITORY, "latest");
                registry.on("HEAD", ".*").then(Fault.status(status));
                RegistryTarget source = client.open(registry);
                assertEquals(Optional.of(artifact.manifest().digest()), source.digestOf("latest"));
                assertEquals(Optional.empty(), source.digestOf("other"));
                assertTrue(source.contains(artifact.blobs().get(0)));
                assertEquals(false, source.contains(other));
            }
        }
    }

    @Test
    void digestOf_whenAnotherClientPushedInBetween_tells() throws IOException {
        TestArtifact first = TestArtifact.of(1, 1000);
        TestArtifact second = TestArtifact.of(2, 1000);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PUSH)) {
            first.addTo(registry, REPOSITORY, "latest");
            RegistryTarget target = client.open(registry);
            assertEquals(Optional.of(first.manifest().digest()), target.digestOf("latest"));
            registry.on("HEAD", RequestKind.MANIFEST)
                    .then(Fault.before(() -> second.addTo(registry, REPOSITORY, "latest")));
            assertEquals(Optional.of(second.manifest().digest()), target.digestOf("latest"));
            assertEquals("2 HEAD manifest", registry.log().summary());
        }
    }

    @Test
    void manifestByDigest_whenItIsAnother_isNotTaken() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 1000);
        TestArtifact other = TestArtifact.of(2, 1000);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PULL)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            Digest wanted = artifact.manifest().digest();
            registry.on("GET", RequestKind.MANIFEST)
                    .then(Fault.otherBody(other.manifest().bytes())
                            .and(Fault.header(
                                    "Docker-Content-Digest",
                                    other.manifest().digest().toString())));
            RegistryTarget source = client.open(registry);
            DigestMismatchException e = assertThrows(DigestMismatchException.class, () -> source.resolve(wanted));
            assertEquals(wanted, e.expected());
        }
    }

    @Test
    void connections_whenEverySecondIsDroppedAndNoneLasts_areMadeAgain() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000, 10);
        try (FaultyRegistry registry =
                        FaultyRegistry.options().dropEveryConnection(2).start();
                TestClient client = TestClient.of(Side.PULL)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            registry.on(".*", ".*").then(Fault.closeUnannounced());
            artifact.assertPulledFrom(client.open(registry), "latest");
        }
    }

    @Test
    void token_whenItExpiresEveryThirdRequest_isRenewed() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000, 10, 20, 30, 40);
        try (FaultyRegistry registry =
                        FaultyRegistry.options().bearer(issuer.uses(3)).start();
                TestClient client = TestClient.of(Side.PULL)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            registry.on("GET", RequestKind.BLOB).then(Fault.cutAfter(100_000, Fault.Cut.FIN));
            artifact.assertPulledFrom(client.open(registry), "latest");
            assertTrue(registry.log().count("GET", RequestKind.TOKEN) >= 3);
        }
    }

    @Test
    void reader_whenItTakesItsTime_isNoStall() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 4_000_000);
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.options(Side.PULL)
                        .stall(Duration.ofSeconds(1))
                        .retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO))
                        .start()) {
            artifact.addTo(registry, REPOSITORY, "latest");
            registry.on("GET", RequestKind.MANIFEST).then(Fault.stall(new Gate()));
            RegistryTarget source = client.open(registry);
            try (InputStream in = source.open(artifact.blobs().get(0))) {
                in.readNBytes(10);
                // Takes until one that stands still was noticed.
                assertThrows(RegistryException.class, () -> source.resolve("latest"));
                assertEquals(4_000_000 - 10, in.readAllBytes().length);
            }
            assertEquals("1 GET blob, 1 GET manifest", registry.log().summary());
        }
    }

    /** Does something once the server stands at the gate. */
    private static Thread whenReached(Gate gate, Runnable deed) {
        Thread thread = new Thread(() -> {
            try {
                gate.awaitReached();
                deed.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void interrupt_whileTheRegistryStandsStill_endsTheRequestForGood() throws Exception {
        TestArtifact artifact = TestArtifact.of(1, 300_000);
        Thread caller = Thread.currentThread();
        for (RequestKind kind : List.of(RequestKind.MANIFEST, RequestKind.BLOB)) {
            try (FaultyRegistry registry = FaultyRegistry.start();
                    TestClient client = TestClient.of(Side.PULL)) {
                artifact.addTo(registry, REPOSITORY, "latest");
                Gate gate = new Gate();
                registry.on("GET", kind).then(Fault.stallAfter(100, gate));
                RegistryTarget source = client.open(registry);
                Thread interrupter = whenReached(gate, caller::interrupt);
                IOException e = assertThrows(IOException.class, () -> artifact.assertPulledFrom(source, "latest"));
                assertTrue(Thread.interrupted(), e::toString);
                interrupter.join();
                assertEquals(1, registry.log().count("GET", kind));
            }
        }
    }

    @Test
    void close_whileARequestIsUnderWay_endsIt() throws Exception {
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PULL)) {
            Gate gate = new Gate();
            registry.on("GET", RequestKind.MANIFEST).then(Fault.stall(gate));
            RegistryTarget source = client.open(registry);
            Thread closer = whenReached(gate, client::close);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertTrue(e.getMessage().contains("the program ends"), e::getMessage);
            closer.join();
        }
    }

    @Test
    void timeout_whenItIsOver_endsWhatIsUnderWay() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.start();
                TestClient client = TestClient.options(Side.PULL)
                        .timeout(Duration.ofMillis(200))
                        .start()) {
            registry.on("GET", RequestKind.MANIFEST).then(Fault.stall(new Gate()));
            RegistryTarget source = client.open(registry);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertTrue(e.getMessage().endsWith(": not done within the 200 ms of --timeout"), e::getMessage);
            assertEquals("1 GET manifest", registry.log().summary());
        }
    }
}
