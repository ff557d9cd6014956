package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.registry.TestArtifact.Lies;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proxies as the environment names them; a {@link FaultyRegistry} stands for both, the proxy and what is behind it. */
@Timeout(60)
final class RegistryProxyTest {
    private static final String BEHIND = "registry.example.com";
    private static final String PROXY_PASSWORD = "hunter8";

    @TempDir
    private Path folder;

    @Test
    void proxy_whenThereIsOne_isAskedForAllThatIsNotThisMachine() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000, 5_000);
        try (FaultyRegistry proxy = FaultyRegistry.start();
                FaultyRegistry near = FaultyRegistry.start();
                TestClient client = TestClient.options(Side.PUSH)
                        .plainHttp(BEHIND)
                        .environment(Map.of("http_proxy", proxy.url()))
                        .start()) {
            for (Lies where : Lies.values()) {
                artifact.pushTo(client.open(BEHIND + "/team/app", false), "latest", where, folder);
            }
            artifact.assertPublished(proxy, TestClient.REPOSITORY, "latest");
            artifact.assertPulledFrom(client.open(BEHIND + "/team/app", false), "latest");
            assertTrue(proxy.log().requests().stream()
                    .allMatch(r -> r.headers().first("Host").orElse("").equals(BEHIND)));
            assertTrue(
                    proxy.log().requests().stream().allMatch(r -> r.target().startsWith("http://" + BEHIND + "/v2/")));
            artifact.pushTo(client.open(near), "latest", Lies.IN_MEMORY, folder);
            artifact.assertPublished(near, TestClient.REPOSITORY, "latest");
        }
    }

    @Test
    void login_ofTheProxy_isShownToItAlone() throws IOException {
        TestArtifact artifact = TestArtifact.of(1, 300_000);
        try (FaultyRegistry proxy = FaultyRegistry.start();
                TestClient client = TestClient.options(Side.PUSH)
                        .plainHttp(BEHIND)
                        .environment(Map.of("HTTP_PROXY", "http://me:" + PROXY_PASSWORD + "@" + proxy.host() + "/"))
                        .start()) {
            proxy.on(".*", ".*")
                    .then((request, right) ->
                            request.header("Proxy-Authorization").isPresent()
                                    ? right.answer(request)
                                    : ServedResponse.of(407).withHeader("Proxy-Authenticate", "Basic realm=\"p\""));
            artifact.pushTo(client.open(BEHIND + "/team/app", false), "latest", Lies.IN_FILES, folder);
            artifact.assertPublished(proxy, TestClient.REPOSITORY, "latest");
            proxy.behave();
            proxy.on(".*", ".*").then(Fault.ignoreRequest(Fault.Cut.RST));
            RegistryTarget target = client.open(BEHIND + "/team/app", false);
            RegistryException e = assertThrows(RegistryException.class, () -> target.resolve("latest"));
            TestClient.assertHides(e, PROXY_PASSWORD);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://registry.example.com/, '', true",
        "https://registry.example.com/, '', true",
        "http://localhost:5000/, '', false",
        "http://127.0.0.1:5000/, '', false",
        "http://[::1]:5000/, '', false",
        "https://registry.example.com/, '*', false",
        "https://registry.example.com/, 'example.com', false",
        "https://example.com/, 'example.com', false",
        "https://example.com/, '.example.com', true",
        "https://registry.example.com/, ' a.b , .EXAMPLE.com ', false",
        "https://notexample.com/, 'example.com', true",
        "https://registry.example.com/, 'registry.example.com:443', false",
        "https://registry.example.com:5000/, 'registry.example.com:443', true",
        "https://registry.example.com:5000/, 'registry.example.com:5000', false",
        "https://10.1.2.3/, '10.1.2.3', false",
    })
    void noProxy_whenItNamesAHost_isObeyed(URI uri, String noProxy, boolean proxied) {
        EnvironmentProxies proxies = new EnvironmentProxies(Map.of(
                "HTTP_PROXY",
                "proxy.example.com:3128",
                "https_proxy",
                "http://proxy.example.com:3129",
                "NO_PROXY",
                noProxy));
        Proxy proxy = proxies.select(uri).get(0);
        assertEquals(proxied, proxy.type() == Proxy.Type.HTTP, proxy::toString);
        if (proxied) {
            assertTrue(proxy.address().toString().contains("https".equals(uri.getScheme()) ? ":3129" : ":3128"));
        }
    }

    @Test
    void proxy_whenNoneIsNamed_isNone() {
        assertEquals(
                List.of(Proxy.NO_PROXY),
                new EnvironmentProxies(Map.of()).select(URI.create("https://registry.example.com/")));
    }
}
