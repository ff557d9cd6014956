package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTransfer;
import dev.cachetool.content.IncompleteTransferException;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.registry.TestArtifact.Lies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pushes and pulls while the registry misbehaves at random: all is right to the last byte, or the failure is one that has a
 * name, nothing half of a push can be seen, and the same again goes on. Every seed gives the same faults, though not always at
 * the same requests, since several are under way at once.
 */
@Timeout(3600)
final class FaultCampaignTest {
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 5_000 : 40;
    private static final String REPOSITORY = TestClient.REPOSITORY;
    private static final List<String> METHODS = List.of("HEAD", "GET", "POST", "PUT|PATCH", "GET|PUT", ".*");
    private static final List<RequestKind> KINDS =
            List.of(RequestKind.BLOB, RequestKind.UPLOAD, RequestKind.MANIFEST, RequestKind.TOKEN);

    /** How long nothing may move, with faults and without. */
    private static final Duration SHORT = Duration.ofMillis(100);

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private int survived;

    @Test
    void transfers_underRandomFaults_areRightOrEndWithAName() throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            run(seed);
        }
        // Most faults are such that pass.
        assertTrue(survived > CASES, () -> survived + " of " + 2 * CASES + " were survived");
    }

    private void run(int seed) throws Exception {
        Random random = new Random(seed);
        Path own = Files.createDirectory(folder.resolve("seed-" + seed));
        TokenIssuer issuer = new TokenIssuer().user(TestClient.USER, TestClient.PASSWORD);
        if (random.nextBoolean()) {
            issuer.uses(3 + random.nextInt(5));
        }
        TestArtifact artifact = TestArtifact.of(seed, 200_000, 1 + random.nextInt(90_000), 1, 20);
        FaultyRegistry.Options options =
                FaultyRegistry.options().bearer(issuer).uploadLocation(any(random, UploadLocation.values()));
        if (random.nextInt(4) == 0) {
            options.dropEveryConnection(2 + random.nextInt(4));
        }
        try (FaultyRegistry registry = options.start()) {
            misbehave(registry, random);
            Lies where = any(random, Lies.values());
            int threads = 1 + random.nextInt(4);
            boolean pushed = attempt(seed, issuer, () -> push(registry, artifact, where, own, threads, SHORT));
            if (pushed) {
                artifact.assertPublished(registry, REPOSITORY, "latest");
            } else {
                assertEquals(List.of(), registry.missing(REPOSITORY), "seed " + seed);
                registry.behave();
                push(registry, artifact, where, own, threads, LONG);
                artifact.assertPublished(registry, REPOSITORY, "latest");
            }
            registry.behave();
            misbehave(registry, random);
            if (!attempt(seed, issuer, () -> pull(registry, artifact, SHORT))) {
                registry.behave();
                pull(registry, artifact, LONG);
            }
        }
    }

    /** A transfer. */
    @FunctionalInterface
    private interface Transfer {
        void run() throws IOException, InterruptedException;
    }

    private static void push(
            FaultyRegistry registry, TestArtifact artifact, Lies where, Path folder, int threads, Duration stall)
            throws IOException, InterruptedException {
        try (TestClient client = TestClient.options(Side.PUSH).stall(stall).start()) {
            RegistryTarget target = client.open(registry);
            List<Blob> blobs = artifact.blobs(where, folder);
            new BlobTransfer(threads).run(blobs, target, (blob, how) -> {});
            target.tag("latest", artifact.manifest());
        }
    }

    private static void pull(FaultyRegistry registry, TestArtifact artifact, Duration stall) throws IOException {
        try (TestClient client = TestClient.options(Side.PULL).stall(stall).start()) {
            artifact.assertPulledFrom(client.open(registry), "latest");
        }
    }

    private boolean attempt(int seed, TokenIssuer issuer, Transfer transfer) throws InterruptedException {
        try {
            transfer.run();
            survived++;
            return true;
        } catch (IOException e) {
            IOException failure = e instanceof IncompleteTransferException incomplete ? incomplete.failure() : e;
            boolean named = failure instanceof RegistryException
                    || failure instanceof DigestMismatchException
                    || failure instanceof BlobNotFoundException;
            assertTrue(named, () -> "seed " + seed + ": " + failure);
            TestClient.assertHides(e, TestClient.PASSWORD);
            issuer.issued().forEach(token -> TestClient.assertHides(e, token));
            return false;
        }
    }

    private static void misbehave(FaultyRegistry registry, Random random) {
        int rules = 1 + random.nextInt(4);
        for (int i = 0; i < rules; i++) {
            FaultRule rule =
                    registry.on(METHODS.get(random.nextInt(METHODS.size())), KINDS.get(random.nextInt(KINDS.size())));
            switch (random.nextInt(6)) {
                case 0 -> rule.nth(1 + random.nextInt(4));
                case 1, 2 -> rule.first(1 + random.nextInt(3));
                case 3 -> rule.every(3 + random.nextInt(3));
                case 4 -> rule.every(2);
                default -> rule.after(random.nextInt(30));
            }
            rule.then(fault(random));
        }
    }

    private static Fault fault(Random random) {
        Fault.Cut cut = any(random, Fault.Cut.values());
        int at = random.nextInt(200_000);
        return switch (random.nextInt(22)) {
            case 0 -> Fault.status(500);
            case 1 -> Fault.status(502).unread();
            case 2 -> Fault.status(503);
            case 3 -> Fault.status(408).unread();
            case 4 -> Fault.tooManyRequests(Integer.toString(random.nextInt(100)));
            case 5 -> Fault.tooManyRequests(PullFaultTest.date(random.nextInt(100)));
            case 6 -> Fault.status(new int[] {400, 403, 404, 405, 413, 416, 501}[random.nextInt(7)]);
            case 7 -> Fault.cutAfter(at, cut);
            case 8 -> Fault.cutRequestAfter(at, cut);
            case 9 -> Fault.loseAnswer(cut);
            case 10 -> Fault.ignoreRequest(cut);
            case 11 -> Fault.stallAfter(at, new Gate());
            case 12 -> Fault.stallRequestAfter(at, new Gate());
            case 13 -> Fault.pieces(5_000);
            case 14 -> Fault.wrongByteAt(at);
            case 15 -> Fault.gzipped();
            case 16 -> Fault.ignoreRange();
            case 17 -> Fault.framed(ServedResponse.Framing.CHUNKED);
            case 18 -> Fault.framed(ServedResponse.Framing.UNTIL_CLOSE);
            case 19 -> Fault.closeUnannounced();
            case 20 -> Fault.lengthOffBy(random.nextBoolean() ? 3 : -3);
            default -> Fault.redirectLoop(307);
        };
    }

    private static <T> T any(Random random, T[] all) {
        return List.of(all).get(random.nextInt(all.length));
    }
}
