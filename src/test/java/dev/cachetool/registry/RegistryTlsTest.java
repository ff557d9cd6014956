package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.registry.RegistryException.Kind;
import dev.cachetool.registry.TestArtifact.Lies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections, and when there are none. */
@Timeout(60)
final class RegistryTlsTest {
    private static final String REPOSITORY = TestClient.REPOSITORY;

    @TempDir
    private Path folder;

    private static FaultyRegistry start(TestTls tls) throws IOException {
        return FaultyRegistry.options().tls(tls).start();
    }

    /** The folder of the registry below the folders of all. */
    private Path certificatesOf(FaultyRegistry registry) throws IOException {
        return Files.createDirectories(folder.resolve("certs.d").resolve(registry.host()));
    }

    private TestClient.Options client() {
        return TestClient.options(Side.PUSH).certificateFolder(folder.resolve("certs.d"));
    }

    private RegistryException refusal(FaultyRegistry registry, TestClient client) {
        RegistryTarget source = client.open(registry);
        RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
        assertEquals(Kind.UNREACHABLE, e.kind());
        assertEquals(List.of(), client.pause.waits());
        return e;
    }

    @Test
    void push_whenTheAuthorityIsNamedByTheEnvironment_isEncrypted() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000);
        try (FaultyRegistry registry = start(TestTls.server());
                TestClient client = client().authorities(TestTls.authority()).start()) {
            registry.on("PUT|PATCH", RequestKind.UPLOAD).then(Fault.cutRequestAfter(120_000, Fault.Cut.RST));
            registry.on("GET", RequestKind.BLOB).then(Fault.cutAfter(120_000, Fault.Cut.FIN));
            for (Lies where : Lies.values()) {
                RegistryTarget target = client.open(registry);
                artifact.pushTo(target, "latest", where, folder);
                artifact.assertPublished(registry, REPOSITORY, "latest");
                artifact.assertPulledFrom(target, "latest");
            }
        }
    }

    @Test
    void connections_whenEverySecondIsDropped_areMadeAgain() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000);
        try (FaultyRegistry registry = FaultyRegistry.options()
                        .tls(TestTls.server())
                        .dropEveryConnection(2)
                        .start();
                TestClient client = client().authorities(TestTls.authority()).start()) {
            registry.on("PUT", RequestKind.UPLOAD).every(2).then(Fault.ignoreRequest(Fault.Cut.RST));
            RegistryTarget target = client.open(registry);
            artifact.pushTo(target, "latest", Lies.IN_FILES, folder);
            artifact.assertPublished(registry, REPOSITORY, "latest");
        }
    }

    @Test
    void authority_whenItLiesInTheRegistrysFolder_isTrustedForThatRegistryAlone() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 1_000);
        try (FaultyRegistry registry = start(TestTls.server());
                FaultyRegistry other = start(TestTls.server());
                TestClient client = client().start()) {
            Files.copy(TestTls.authority(), certificatesOf(registry).resolve("ca.crt"));
            artifact.addTo(registry, REPOSITORY, "latest");
            artifact.assertPulledFrom(client.open(registry), "latest");
            refusal(other, client);
        }
    }

    @Test
    void authority_whenItIsNotKnown_isAnErrorThatNamesTheWayOut() throws IOException {
        try (FaultyRegistry registry = start(TestTls.server());
                TestClient client = client().start()) {
            String message = refusal(registry, client).getMessage();
            assertTrue(
                    message.startsWith(
                            "could not look at " + registry.host() + "/team/app:latest: no encrypted connection: "),
                    message);
            assertTrue(
                    message.endsWith(
                            "\nwhere the registry has a certificate authority of its own, name its file in SSL_CERT_FILE"),
                    message);
        }
    }

    @Test
    void certificate_whenItIsOfAnotherHost_isRefused() throws IOException {
        try (FaultyRegistry registry = start(TestTls.ofOtherHost());
                TestClient client = client().authorities(TestTls.authority()).start()) {
            refusal(registry, client);
        }
    }

    @Test
    void insecure_whenItIsAskedFor_takesAnyCertificate() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 1_000);
        for (TestTls tls : List.of(TestTls.server(), TestTls.ofOtherHost())) {
            try (FaultyRegistry registry = start(tls);
                    TestClient client = client().start()) {
                artifact.addTo(registry, REPOSITORY, "latest");
                artifact.assertPulledFrom(client.open(registry.host() + "/team/app", true), "latest");
            }
        }
    }

    @Test
    void clientCertificate_whenItLiesInTheRegistrysFolder_isShown() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 1_000);
        try (FaultyRegistry registry = start(TestTls.needingClient())) {
            try (TestClient client = client().authorities(TestTls.authority()).start()) {
                RegistryTarget source = client.open(registry);
                assertThrows(RegistryException.class, () -> source.resolve("latest"));
            }
            Path own = certificatesOf(registry);
            Files.copy(TestTls.clientCertificate(), own.resolve("me.cert"));
            try (TestClient client = client().authorities(TestTls.authority()).start()) {
                RegistryTarget source = client.open(registry);
                IOException e = assertThrows(IOException.class, () -> source.resolve("latest"));
                assertEquals("could not read " + own.resolve("me.key") + ": no such file", e.getMessage());
            }
            Files.copy(TestTls.clientKey(), own.resolve("me.key"));
            try (TestClient client = client().authorities(TestTls.authority()).start()) {
                artifact.addTo(registry, REPOSITORY, "latest");
                artifact.assertPulledFrom(client.open(registry), "latest");
            }
        }
    }

    @Test
    void certificates_whenTheyCannotBeRead_areNamedAtOnce() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path damaged = Files.writeString(
                folder.resolve("damaged.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Path absent = folder.resolve("absent.pem");
        try (FaultyRegistry registry = start(TestTls.server())) {
            for (Path file : List.of(empty, damaged, absent)) {
                try (TestClient client = client().authorities(file).start()) {
                    RegistryTarget source = client.open(registry);
                    IOException e = assertThrows(IOException.class, () -> source.resolve("latest"));
                    assertTrue(e.getMessage().startsWith("could not read "), e::getMessage);
                    assertTrue(e.getMessage().contains(file.toString()), e::getMessage);
                    assertEquals(List.of(), client.pause.waits());
                }
            }
        }
    }

    @Test
    void plainHttp_whenItIsAskedFor_isAllThatIsTried() throws IOException {
        try (FaultyRegistry registry = start(TestTls.server());
                TestClient client = client().authorities(TestTls.authority())
                        .plainHttp(registry.host())
                        .start()) {
            RegistryTarget source = client.open(registry);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertEquals(Kind.UNREACHABLE, e.kind());
            assertEquals(List.of(), registry.log().requests());
        }
    }

    @Test
    void redirect_fromHttpsToHttp_isNotFollowed() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 1_000);
        try (FaultyRegistry registry = start(TestTls.server());
                FaultyRegistry plain = FaultyRegistry.start();
                TestClient client = client().authorities(TestTls.authority()).start()) {
            artifact.addTo(plain, REPOSITORY, "latest");
            registry.on("GET", ".*").then(Fault.redirect(307, plain.url()));
            RegistryTarget source = client.open(registry);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertTrue(e.getMessage().contains("redirected from https to plain http"), e::getMessage);
            assertEquals(List.of(), plain.log().requests());
        }
    }

    @Test
    void redirect_toAnotherServerThatNobodyVouchesFor_isNotFollowedIntoItEvenWhereInsecure() throws IOException {
        try (FaultyRegistry registry = start(TestTls.server());
                FaultyRegistry other = start(TestTls.ofOtherHost());
                TestClient client = client().start()) {
            registry.on("GET", ".*").then(Fault.redirect(307, other.url()));
            RegistryTarget source = client.open(registry.host() + "/team/app", true);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertTrue(e.getMessage().contains("no encrypted connection"), e::getMessage);
            assertEquals(List.of(), other.log().requests());
        }
    }
}
