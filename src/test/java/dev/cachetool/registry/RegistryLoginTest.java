package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.content.BlobTransfer;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.registry.RegistryException.Kind;
import dev.cachetool.registry.TestArtifact.Lies;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shows who asks to those who may know it, and to nobody else. */
@Timeout(60)
final class RegistryLoginTest {
    private static final String REPOSITORY = TestClient.REPOSITORY;
    private static final String REFRESH = "identity-token-hunter3";

    private final TokenIssuer issuer =
            new TokenIssuer().user(TestClient.USER, TestClient.PASSWORD).refreshToken(REFRESH, TestClient.USER);
    private TestArtifact artifact;

    @TempDir
    private Path folder;

    @BeforeEach
    void make() throws IOException {
        artifact = TestArtifact.of(1, 30_000, 500);
    }

    @Test
    void basic_whenTheRegistryAsks_isShownFromThenOn() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options()
                        .basic(TestClient.USER, TestClient.PASSWORD)
                        .start();
                TestClient client = TestClient.of(Side.PUSH)) {
            artifact.pushTo(client.open(registry), "latest", Lies.IN_MEMORY, folder);
            artifact.assertPublished(registry, REPOSITORY, "latest");
            assertEquals("1 HEAD blob", registry.log().summary(r -> r.status() == 401));
            List<LoggedRequest> all = registry.log().requests();
            assertEquals(Optional.empty(), all.get(0).authorizationScheme());
            assertTrue(
                    all.stream().skip(1).allMatch(r -> r.authorizationScheme().equals(Optional.of("Basic"))));
        }
    }

    @Test
    void basic_whenItIsWrong_isRefusedAtOnce() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options()
                        .basic(TestClient.USER, "another")
                        .start();
                TestClient client = TestClient.of(Side.PULL)) {
            RegistryTarget source = client.open(registry);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertEquals(Kind.REFUSED, e.kind());
            assertEquals(
                    "could not pull " + source.name()
                            + ":latest: 401 Unauthorized (the registry does not take this login)\nlog in with: docker login "
                            + registry.host(),
                    e.getMessage());
            TestClient.assertHides(e, TestClient.PASSWORD);
            assertEquals("2 GET manifest", registry.log().summary());
        }
    }

    @Test
    void login_whenThereIsNone_isAskedFor() throws IOException {
        try (FaultyRegistry basic = FaultyRegistry.options()
                        .basic(TestClient.USER, TestClient.PASSWORD)
                        .start();
                FaultyRegistry bearer = FaultyRegistry.options().bearer(issuer).start();
                TestClient client = TestClient.options(Side.PULL)
                        .credential(Credential.ANONYMOUS)
                        .start()) {
            for (FaultyRegistry registry : List.of(basic, bearer)) {
                RegistryTarget source = client.open(registry);
                RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
                assertEquals(Kind.REFUSED, e.kind());
                assertTrue(e.getMessage().contains("(the registry wants a login)"), e::getMessage);
            }
        }
    }

    @Test
    void bearer_withAPassword_isFetchedOncePerSideAndScope() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient push = TestClient.of(Side.PUSH);
                TestClient pull = TestClient.of(Side.PULL)) {
            artifact.pushTo(push.open(registry), "latest", Lies.IN_MEMORY, folder);
            artifact.assertPulledFrom(pull.open(registry), "latest");
            List<LoggedRequest> tokens = registry.log().requests("GET", RequestKind.TOKEN);
            assertEquals(2, tokens.size());
            assertEquals(
                    "/token?service=registry%20of%20a%20test&scope=repository%3Ateam%2Fapp%3Apull%2Cpush&account=ann",
                    tokens.get(0).target());
            assertTrue(tokens.get(1).target().contains("scope=repository%3Ateam%2Fapp%3Apull&"));
            assertEquals(Optional.of("Basic"), tokens.get(0).authorizationScheme());
            // The password is for the token server alone.
            assertEquals(tokens, registry.log().mentioning(TestClient.PASSWORD));
        }
    }

    @Test
    void bearer_withAnIdentityToken_isExchangedByAForm() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options()
                        .bearer(issuer.fields("access_token"))
                        .start();
                TestClient client = TestClient.options(Side.PULL)
                        .credential(new Credential.IdentityToken(REFRESH))
                        .start()) {
            artifact.addTo(registry, REPOSITORY, "latest");
            artifact.assertPulledFrom(client.open(registry), "latest");
            List<LoggedRequest> tokens = registry.log().requests("POST", RequestKind.TOKEN);
            assertEquals(1, tokens.size());
            assertEquals(List.of("refresh_token"), tokens.get(0).form().get("grant_type"));
            assertEquals(
                    List.of("repository:team/app:pull"), tokens.get(0).form().get("scope"));
            assertEquals(tokens, registry.log().mentioning(REFRESH));
        }
    }

    @Test
    void bearer_withARegistryToken_asksNoTokenServer() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient client = TestClient.options(Side.PULL)
                        .credential(new Credential.RegistryToken("hunter4"))
                        .start()) {
            RegistryTarget source = client.open(registry);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertEquals(Kind.REFUSED, e.kind());
            TestClient.assertHides(e, "hunter4");
            assertEquals("2 GET manifest", registry.log().summary());
            assertEquals(
                    Optional.of("Bearer hunter4"),
                    registry.log().requests().get(1).headers().first("Authorization"));
        }
    }

    @Test
    void bearer_whenAnonymousIsEnough_needsNoLogin() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options()
                        .bearer(issuer.anonymous(".*:pull"))
                        .start();
                TestClient client = TestClient.options(Side.PULL)
                        .credential(Credential.ANONYMOUS)
                        .start();
                TestClient push = TestClient.options(Side.PUSH)
                        .credential(Credential.ANONYMOUS)
                        .start()) {
            artifact.addTo(registry, REPOSITORY, "latest");
            artifact.assertPulledFrom(client.open(registry), "latest");
            assertEquals(
                    Optional.empty(),
                    registry.log().requests("GET", RequestKind.TOKEN).get(0).authorizationScheme());
            RegistryTarget target = push.open(registry);
            RegistryException e = assertThrows(
                    RegistryException.class,
                    () -> TestArtifact.of(2, 10).pushTo(target, "latest", Lies.IN_MEMORY, folder));
            assertEquals(Kind.REFUSED, e.kind());
        }
    }

    @Test
    void bearer_whenTheTokenServerRefusesTheLogin_saysSo() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start()) {
            List<Credential> wrong = List.of(
                    new Credential.Password(TestClient.USER, "wrong-hunter"),
                    new Credential.IdentityToken("wrong-hunter"));
            for (Credential credential : wrong) {
                try (TestClient client =
                        TestClient.options(Side.PULL).credential(credential).start()) {
                    RegistryTarget source = client.open(registry);
                    RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
                    assertEquals(Kind.REFUSED, e.kind());
                    assertEquals(
                            "could not get a token for " + registry.host() + " from " + registry.tokenUrl()
                                    + ": 401 Unauthorized (the registry does not take this login)\nlog in with: docker login "
                                    + registry.host(),
                            e.getMessage());
                    TestClient.assertHides(e, "wrong-hunter");
                }
            }
        }
    }

    @Test
    void bearer_whenTheTokenServerFailsAtFirst_isAskedAgain() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient client = TestClient.of(Side.PULL)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            registry.on("GET", RequestKind.TOKEN).nth(1).then(Fault.status(503));
            registry.on("GET", RequestKind.TOKEN).nth(2).then(Fault.cutAfter(10, Fault.Cut.RST));
            registry.on("GET", RequestKind.TOKEN).nth(3).then(Fault.tooManyRequests("3"));
            artifact.assertPulledFrom(client.open(registry), "latest");
            assertEquals(4, registry.log().count("GET", RequestKind.TOKEN));
        }
    }

    @Test
    void bearer_whenTheTokenServersAnswerIsNone_saysSoWithoutShowingIt() throws IOException {
        for (String answer : List.of("{}", "no JSON: hunter5", "{\"token\":\"hunter5\\r\\nX: y\"}", "{\"token\":5}")) {
            try (FaultyRegistry registry =
                            FaultyRegistry.options().bearer(issuer).start();
                    TestClient client = TestClient.of(Side.PULL)) {
                registry.on("GET", RequestKind.TOKEN)
                        .then(Fault.response(ServedResponse.of(200).withBody("application/json", answer)));
                RegistryTarget source = client.open(registry);
                RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
                assertTrue(e.getMessage().endsWith(": its answer holds no token"), e::getMessage);
                TestClient.assertHides(e, "hunter5");
            }
        }
    }

    @Test
    void bearer_whenItsTimeIsUp_isRenewedBeforeItIsRefused() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options()
                        .bearer(issuer.expiresIn(Optional.of(120)))
                        .start();
                TestClient client = TestClient.of(Side.PULL)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            RegistryTarget source = client.open(registry);
            source.resolve("latest");
            client.pause.pass(Duration.ofSeconds(100));
            source.resolve("latest");
            assertEquals(1, registry.log().count("GET", RequestKind.TOKEN));
            client.pause.pass(Duration.ofSeconds(15));
            source.resolve("latest");
            assertEquals(2, registry.log().count("GET", RequestKind.TOKEN));
            assertEquals("1 GET manifest", registry.log().summary(r -> r.status() == 401));
            issuer.revokeAll();
            source.resolve("latest");
            assertEquals(3, registry.log().count("GET", RequestKind.TOKEN));
        }
    }

    @Test
    void tokens_whenSeveralRequestsNeedOne_areFetchedOnceForAll() throws Exception {
        TestArtifact many = TestArtifact.of(1, 10, 20, 30, 40, 50, 60, 70);
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient client = TestClient.of(Side.PUSH)) {
            RegistryTarget target = client.open(registry);
            new BlobTransfer(8).run(many.blobs(Lies.IN_MEMORY, folder), target, (blob, how) -> {});
            assertEquals(1, registry.log().count("GET", RequestKind.TOKEN));
        }
    }

    @Test
    void scopes_forAMount_areJoined() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient from = TestClient.of(Side.PULL);
                TestClient to = TestClient.of(Side.PUSH)) {
            artifact.addTo(registry, "team/base", "latest");
            RegistryTarget source = from.open(registry, "team/base");
            RegistryTarget target = to.open(registry);
            assertEquals(
                    Ingested.MOUNTED, target.ingest(source.blob(artifact.blobs().get(0))));
            assertTrue(registry.log()
                    .requests("GET", RequestKind.TOKEN)
                    .get(1)
                    .target()
                    .contains("scope=repository%3Ateam%2Fapp%3Apull%2Cpush&scope=repository%3Ateam%2Fbase%3Apull"));
        }
    }

    @Test
    void credentials_whenTheSidesHaveTheirOwn_areNotMixed() throws IOException {
        TokenIssuer two =
                new TokenIssuer().user("reader", "secret-r", ".*:pull").user("writer", "secret-w", ".*");
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(two).start();
                TestClient from = TestClient.options(Side.PULL)
                        .credentials(new FixedCredential("reader", "secret-r"))
                        .start();
                TestClient to = TestClient.options(Side.PUSH)
                        .credentials(new FixedCredential("writer", "secret-w"))
                        .start()) {
            artifact.pushTo(to.open(registry), "latest", Lies.IN_MEMORY, folder);
            assertEquals(List.of(), registry.log().mentioning("secret-r"));
            registry.log().clear();
            artifact.assertPulledFrom(from.open(registry), "latest");
            assertEquals(List.of(), registry.log().mentioning("secret-w"));
        }
    }

    @Test
    void credential_whenARedirectLeadsToAnotherPortOrHost_staysBehind() throws IOException {
        TestArtifact big = TestArtifact.of(1, 300_000);
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                FaultyRegistry storage = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PULL)) {
            big.addTo(registry, REPOSITORY, "latest");
            big.addTo(storage, REPOSITORY, "latest");
            for (String base : List.of(storage.url(), storage.otherUrl())) {
                for (int status : new int[] {301, 302, 303, 307, 308}) {
                    registry.behave();
                    registry.on("GET", RequestKind.BLOB)
                            .then(Fault.redirect(status, request -> base + request.path() + "?signature=hunter6"));
                    big.assertPulledFrom(client.open(registry), "latest");
                }
            }
            // A download that breaks goes on at the registry, which names the place anew.
            storage.on("GET", RequestKind.BLOB).then(Fault.cutAfter(100_000, Fault.Cut.FIN));
            big.assertPulledFrom(client.open(registry), "latest");
            assertEquals(24, storage.log().requests().size());
            assertTrue(storage.log().requests().stream()
                    .allMatch(r -> r.authorizationScheme().isEmpty()));
            assertNoSecretIn(storage.log());
            storage.on("GET", RequestKind.BLOB).then(Fault.status(403));
            RegistryTarget source = client.open(registry);
            IOException e = assertThrows(IOException.class, () -> big.assertPulledFrom(source, "latest"));
            TestClient.assertHides(e, "hunter6");
        }
    }

    @Test
    void credential_whenTheRegistryHasAnotherNameInARedirect_staysBehind() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options()
                        .basic(TestClient.USER, TestClient.PASSWORD)
                        .start();
                TestClient client = TestClient.of(Side.PULL)) {
            artifact.addTo(registry, REPOSITORY, "latest");
            registry.on("GET", RequestKind.BLOB).then(Fault.redirect(307, registry.otherUrl()));
            RegistryTarget source = client.open(registry);
            RegistryException e =
                    assertThrows(RegistryException.class, () -> artifact.assertPulledFrom(source, "latest"));
            assertEquals(Kind.REFUSED, e.kind());
            List<LoggedRequest> others = registry.log().requests().stream()
                    .filter(r -> r.headers().first("Host").orElse("").startsWith("localhost"))
                    .toList();
            assertEquals(1, others.size());
            assertEquals(Optional.empty(), others.get(0).authorizationScheme());
        }
    }

    @Test
    void credential_whenUploadsGoToAnotherHost_staysBehind() throws IOException {
        TestArtifact big = TestArtifact.of(1, 300_000);
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                FaultyRegistry storage = FaultyRegistry.start();
                TestClient client = TestClient.of(Side.PUSH)) {
            // The one answers for both, so the upload can end at the other.
            registry.on("PUT", RequestKind.UPLOAD).then(Fault.redirect(307, request -> storage.url() + "/other?x=1"));
            storage.on("PUT", "/other").then(Fault.status(201));
            RegistryTarget target = client.open(registry);
            target.ingest(big.blobs(Lies.IN_FILES, folder).get(0));
            target.ingest(big.blobs(Lies.IN_MEMORY, folder).get(1));
            assertEquals(2, storage.log().requests().size());
            assertEquals(300_000, storage.log().requests().get(0).requestBytes());
            assertNoSecretIn(storage.log());
        }
    }

    @Test
    void identityToken_whenTheTokenServerRedirectsTheForm_staysBehind() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                FaultyRegistry thief = FaultyRegistry.start();
                TestClient client = TestClient.options(Side.PULL)
                        .credential(new Credential.IdentityToken(REFRESH))
                        .start()) {
            registry.on("POST", RequestKind.TOKEN).then(Fault.redirect(307, thief.url()));
            RegistryTarget source = client.open(registry);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertTrue(e.getMessage().contains("redirected with a login to another server"), e::getMessage);
            TestClient.assertHides(e, REFRESH);
            assertEquals(List.of(), thief.log().requests());
        }
    }

    @Test
    void tokenServer_whenItIsNotEncryptedAndNotHere_isNotAsked() throws IOException {
        try (FaultyRegistry registry = FaultyRegistry.options()
                        .tls(TestTls.server())
                        .bearer(issuer, "http://tokens.example.com/token?service=hunter7")
                        .start();
                TestClient client = TestClient.options(Side.PULL)
                        .authorities(TestTls.authority())
                        .start()) {
            RegistryTarget source = client.open(registry);
            RegistryException e = assertThrows(RegistryException.class, () -> source.resolve("latest"));
            assertEquals(
                    "could not get a token for " + registry.host()
                            + ": its token server is named by an address that is not asked: http://tokens.example.com/token\n"
                            + "a token server is asked with https only, or on this machine",
                    e.getMessage());
        }
    }

    @Test
    void login_whenItCannotBeRead_isSaidAsItIs() throws IOException {
        CredentialException failure =
                CredentialException.ofFile("registry.example.com", "config.json", "it is no JSON", "repair it", null);
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start();
                TestClient client = TestClient.options(Side.PULL)
                        .credentials((host, repository) -> {
                            throw failure;
                        })
                        .start()) {
            RegistryTarget source = client.open(registry);
            assertEquals(failure, assertThrows(CredentialException.class, () -> source.resolve("latest")));
        }
    }

    private void assertNoSecretIn(RequestLog log) {
        List<String> secrets = new ArrayList<>(Set.of(TestClient.PASSWORD, REFRESH));
        secrets.addAll(issuer.issued());
        secrets.forEach(secret -> assertEquals(List.of(), log.mentioning(secret)));
    }
}
