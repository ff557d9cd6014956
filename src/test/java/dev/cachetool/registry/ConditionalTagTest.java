package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Blob;
import dev.cachetool.content.Manifest;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tags that are written under a condition, while others write them: at registries that look at it, and such that do not. */
@Timeout(120)
final class ConditionalTagTest {
    private static final String TAG = "main";

    private FaultyRegistry registry;
    private TestClient client;
    private RegistryTarget target;

    @BeforeEach
    void start() throws IOException {
        start(FaultyRegistry.options());
    }

    private void start(FaultyRegistry.Options options) throws IOException {
        registry = options.start();
        client = TestClient.of(Side.PUSH);
        target = client.open(registry);
    }

    @AfterEach
    void close() {
        client.close();
        registry.close();
    }

    private void startWithConditions() throws IOException {
        close();
        start(FaultyRegistry.options().conditions());
    }

    private static Blob config(int number) {
        return Blob.of(MediaTypes.CACHE_CONFIG, ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static Manifest manifest(int number) {
        return Manifest.of(
                MediaTypes.OCI_MANIFEST,
                new ImageManifest(MediaTypes.OCI_MANIFEST, config(number).descriptor(), List.of(), Map.of()).toBytes());
    }

    /** What another client does. */
    private void otherWrites(int number) {
        registry.addManifest(
                TestClient.REPOSITORY,
                TAG,
                MediaTypes.OCI_MANIFEST,
                manifest(number).bytes());
    }

    private boolean write(int number, Optional<Integer> seen) throws IOException {
        target.ingest(config(number));
        return target.tagIf(TAG, manifest(number), seen.map(n -> manifest(n).digest()));
    }

    private void assertStands(int number) {
        assertEquals(
                manifest(number).digest(),
                registry.manifest(TestClient.REPOSITORY, TAG).orElseThrow().digest());
    }

    private int puts() {
        return registry.log().count("PUT", RequestKind.MANIFEST);
    }

    @Test
    void write_whenAnotherClientWroteSinceTheTagWasRead_sendsNothingAndWaits() throws IOException {
        otherWrites(1);
        assertFalse(write(2, Optional.empty()));
        assertStands(1);
        assertEquals(0, puts());
        assertEquals(1, client.pause.waits().size());
    }

    @Test
    void write_whenAnotherClientWritesBetweenLookAndWrite_isRefusedWhereTheRegistryCompares() throws IOException {
        startWithConditions();
        otherWrites(1);
        registry.on("HEAD", RequestKind.MANIFEST).nth(1).then(Fault.afterwards(() -> otherWrites(3)));
        assertFalse(write(2, Optional.of(1)));
        assertStands(3);
        assertEquals(1, puts());
        assertTrue(write(2, Optional.of(3)));
        assertStands(2);
    }

    @Test
    void write_ofANewTagThatAnotherClientWritesMeanwhile_isRefusedWhereTheRegistryCompares() throws IOException {
        startWithConditions();
        registry.on("HEAD", RequestKind.MANIFEST).nth(1).then(Fault.afterwards(() -> otherWrites(3)));
        assertFalse(write(2, Optional.empty()));
        assertStands(3);
    }

    /** What stays open where a registry does not compare: nothing tells this writer, but the other one, which looks again. */
    @Test
    void write_whenAnotherClientWritesBetweenLookAndWrite_replacesThatWhereTheRegistryDoesNotCompare()
            throws IOException {
        otherWrites(1);
        registry.on("HEAD", RequestKind.MANIFEST).nth(1).then(Fault.afterwards(() -> otherWrites(3)));
        assertTrue(write(2, Optional.of(1)));
        assertStands(2);

        assertEquals(
                Optional.of(manifest(2).digest()),
                target.settled(TAG, manifest(3).digest()));
    }

    @Test
    void write_whenTheLookIsTooOld_looksAgainBeforeItSends() throws IOException {
        otherWrites(1);
        registry.on("HEAD", RequestKind.MANIFEST).nth(1).then(Fault.afterwards(() -> {
            client.pause.pass(ConditionalTag.FRESH.plusMillis(1));
            otherWrites(3);
        }));
        assertFalse(write(2, Optional.of(1)));
        assertStands(3);
        assertEquals(2, registry.log().count("HEAD", RequestKind.MANIFEST));
    }

    @Test
    void write_whenEveryLookIsTooOld_isDoneInTheEnd() throws IOException {
        otherWrites(1);
        registry.on("HEAD", RequestKind.MANIFEST)
                .then(Fault.afterwards(() -> client.pause.pass(ConditionalTag.FRESH.plusMillis(1))));
        assertTrue(write(2, Optional.of(1)));
        assertStands(2);
    }

    @Test
    void write_whoseAnswerIsLost_isSeenToBeDoneAndNotSentAgain() throws IOException {
        registry.on("PUT", RequestKind.MANIFEST).first(1).then(Fault.loseAnswer(Fault.Cut.FIN));
        assertTrue(write(2, Optional.empty()));
        assertStands(2);
        assertEquals(1, puts());
    }

    @Test
    void write_whenTheRegistryIsBusy_looksAgainBeforeTheNextTry() throws IOException {
        registry.on("PUT", RequestKind.MANIFEST).first(1).then((request, right) -> {
            otherWrites(3);
            return DistributionApi.error(503, "UNAVAILABLE", "busy");
        });
        assertFalse(write(2, Optional.empty()));
        assertStands(3);
    }

    @Test
    void write_whenTheRegistryStaysBusy_saysSo() {
        registry.on("PUT", RequestKind.MANIFEST).then(Fault.status(503));
        RegistryException e = assertThrows(RegistryException.class, () -> write(2, Optional.empty()));
        assertEquals(RegistryException.Kind.UNREACHABLE, e.kind());
        assertEquals(5, puts());
    }

    @Test
    void write_whenTheRegistryRefusesTheForm_saysSo() {
        registry.on("PUT", RequestKind.MANIFEST).then(Fault.error(400, "MANIFEST_INVALID", "no"));
        RegistryException e = assertThrows(RegistryException.class, () -> write(2, Optional.empty()));
        assertEquals(RegistryException.Kind.FORM_REJECTED, e.kind());
    }

    @Test
    void write_whenConditionsThatHoldAreRefused_leavesThemOut() throws IOException {
        otherWrites(1);
        registry.on("PUT", RequestKind.MANIFEST)
                .then((request, right) -> request.header("If-Match").isPresent()
                        ? DistributionApi.error(412, "PRECONDITION_FAILED", "no")
                        : right.answer(request));
        assertTrue(write(2, Optional.of(1)));
        assertStands(2);
        assertEquals(3, puts());
    }

    @Test
    void write_whenTheEntityTagIsWeak_setsNoCondition() throws IOException {
        otherWrites(1);
        registry.on("HEAD", RequestKind.MANIFEST).then(Fault.header("ETag", "W/\"1\""));
        assertTrue(write(2, Optional.of(1)));
        assertEquals(
                Optional.empty(),
                registry.log()
                        .requests("PUT", RequestKind.MANIFEST)
                        .get(0)
                        .headers()
                        .first("If-Match"));
    }

    @Test
    void settled_whenNothingHappens_waitsLongerThanAnyWriterHasAndLooksOftenMeanwhile() throws IOException {
        assertTrue(write(2, Optional.empty()));
        registry.log().clear();
        Digest digest = manifest(2).digest();
        assertEquals(Optional.of(digest), target.settled(TAG, digest));
        Duration waited = client.pause.waits().stream().reduce(Duration.ZERO, Duration::plus);
        assertTrue(waited.compareTo(ConditionalTag.SETTLE) >= 0, waited::toString);
        assertEquals(5, registry.log().count("HEAD", RequestKind.MANIFEST));
    }

    @Test
    void settled_whenTheRegistryIsSlow_waitsLonger() throws IOException {
        registry.on("PUT", RequestKind.MANIFEST).then(Fault.before(() -> client.pause.pass(ConditionalTag.SETTLE)));
        assertTrue(write(2, Optional.empty()));
        target.settled(TAG, manifest(2).digest());
        Duration waited = client.pause.waits().stream().reduce(Duration.ZERO, Duration::plus);
        assertTrue(waited.compareTo(ConditionalTag.SETTLE.multipliedBy(2)) >= 0, waited::toString);
    }

    @Test
    void settled_whenAnotherClientWrites_endsWithThat() throws IOException {
        assertTrue(write(2, Optional.empty()));
        registry.on("HEAD", RequestKind.MANIFEST).nth(3).then(Fault.before(() -> otherWrites(3)));
        assertEquals(
                Optional.of(manifest(3).digest()),
                target.settled(TAG, manifest(2).digest()));
    }
}
