package dev.cachetool.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The server lets those in whom it should. */
final class AccessControlTest {
    private static final String TAGS = "/v2/team/app/tags/list";
    private static final String UPLOADS = "/v2/team/app/blobs/uploads/";

    @Test
    void basic_whenShownTheRightPassword_letsIn() throws Exception {
        try (FaultyRegistry registry =
                FaultyRegistry.options().basic("ann", "secret").start()) {
            Http http = new Http(registry);
            HttpResponse<byte[]> refused = http.send("GET", "/v2/");
            assertEquals(401, refused.statusCode());
            assertEquals("Basic realm=\"registry of a test\"", Http.header(refused, "WWW-Authenticate"));
            assertEquals(
                    401,
                    http.send("GET", "/v2/", "Authorization", basic("ann", "other"))
                            .statusCode());
            assertEquals(
                    200,
                    http.send("GET", "/v2/", "Authorization", basic("ann", "secret"))
                            .statusCode());
        }
    }

    @Test
    void bearer_whenNothingIsShown_tellsWhereTokensAreAndWhatTheyMustBeFor() throws Exception {
        try (FaultyRegistry registry =
                FaultyRegistry.options().bearer(new TokenIssuer()).start()) {
            Http http = new Http(registry);
            String service = "Bearer realm=\"" + registry.tokenUrl() + "\",service=\"registry of a test\"";
            assertEquals(service, Http.header(http.send("GET", "/v2/"), "WWW-Authenticate"));
            assertEquals(
                    service + ",scope=\"repository:team/app:pull\"",
                    Http.header(http.send("GET", TAGS), "WWW-Authenticate"));
            assertEquals(
                    service + ",scope=\"repository:team/app:pull,push repository:team/base:pull\"",
                    Http.header(http.send("POST", UPLOADS + "?mount=x&from=team/base"), "WWW-Authenticate"));
        }
    }

    @Test
    void bearer_whenTheTokenIsForLess_isInsufficient() throws Exception {
        TokenIssuer issuer = new TokenIssuer().user("ann", "secret", "team/.*:pull");
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start()) {
            Http http = new Http(registry);
            String token =
                    "Bearer " + token(get(http, registry, "repository:team/app:pull,push", basic("ann", "secret")));
            assertEquals(404, http.send("GET", TAGS, "Authorization", token).statusCode());
            HttpResponse<byte[]> refused = http.send("POST", UPLOADS, "Authorization", token);
            assertEquals(401, refused.statusCode());
            assertTrue(Http.header(refused, "WWW-Authenticate").endsWith("error=\"insufficient_scope\""));
            assertEquals(
                    401,
                    get(http, registry, "repository:team/app:pull", basic("ann", "other"))
                            .statusCode());
        }
    }

    @Test
    void bearer_whenAnonymousIsEnough_needsNoPassword() throws Exception {
        TokenIssuer issuer = new TokenIssuer().anonymous(".*:pull");
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start()) {
            Http http = new Http(registry);
            String token = "Bearer " + token(get(http, registry, "repository:team/app:pull,push"));
            assertEquals(404, http.send("GET", TAGS, "Authorization", token).statusCode());
            assertEquals(401, http.send("POST", UPLOADS, "Authorization", token).statusCode());
        }
    }

    @Test
    void token_whenUsedAsOftenAsItMay_hasExpired() throws Exception {
        TokenIssuer issuer = new TokenIssuer().anonymous(".*").uses(2);
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start()) {
            Http http = new Http(registry);
            String token = "Bearer " + token(get(http, registry, "repository:team/app:pull"));
            assertEquals(404, http.send("GET", TAGS, "Authorization", token).statusCode());
            assertEquals(404, http.send("GET", TAGS, "Authorization", token).statusCode());
            HttpResponse<byte[]> third = http.send("GET", TAGS, "Authorization", token);
            assertEquals(401, third.statusCode());
            assertTrue(Http.header(third, "WWW-Authenticate").endsWith("error=\"invalid_token\""));
        }
    }

    @Test
    void token_whenRefreshed_comesFromTheServerThatIssues() throws Exception {
        TokenIssuer issuer = new TokenIssuer()
                .user("ann", "secret")
                .refreshToken("identity", "ann")
                .expiresIn(Optional.empty())
                .fields("access_token");
        try (FaultyRegistry tokens = FaultyRegistry.options().issuing(issuer).start();
                FaultyRegistry registry = FaultyRegistry.options()
                        .bearer(issuer, tokens.tokenUrl())
                        .start()) {
            Http http = new Http(registry);
            assertTrue(Http.header(http.send("GET", TAGS), "WWW-Authenticate").contains(tokens.tokenUrl()));
            byte[] form = ("grant_type=refresh_token&service=s&client_id=c&scope="
                            + URLEncoder.encode("repository:team/app:pull repository:b:pull", UTF_8)
                            + "&refresh_token=identity")
                    .getBytes(UTF_8);
            HttpResponse<byte[]> answer =
                    http.send("POST", tokens.tokenUrl(), form, "Content-Type", "application/x-www-form-urlencoded");
            JsonValue json = JsonDocument.strict(answer.body(), "token");
            assertEquals(Set.of("access_token"), json.asObject().keySet());
            String token = "Bearer " + json.require("access_token").asString();
            assertEquals(404, http.send("GET", TAGS, "Authorization", token).statusCode());
            assertEquals(
                    List.of("identity"), tokens.log().requests().get(0).form().get("refresh_token"));
            assertEquals(1, tokens.log().mentioning("identity").size());
            issuer.revokeAll();
            assertEquals(401, http.send("GET", TAGS, "Authorization", token).statusCode());
        }
    }

    @Test
    void token_whenAskedForOffline_comesWithOneToRefreshIt() throws Exception {
        TokenIssuer issuer = new TokenIssuer().user("ann", "secret");
        try (FaultyRegistry registry = FaultyRegistry.options().bearer(issuer).start()) {
            Http http = new Http(registry);
            String refresh = JsonDocument.strict(
                            http.send(
                                            "GET",
                                            registry.tokenUrl() + "?offline_token=true",
                                            "Authorization",
                                            basic("ann", "secret"))
                                    .body(),
                            "token")
                    .require("refresh_token")
                    .asString();
            byte[] form = ("grant_type=refresh_token&refresh_token=" + refresh).getBytes(UTF_8);
            assertEquals(200, http.send("POST", registry.tokenUrl(), form).statusCode());
            assertFalse(issuer.issued().contains(refresh));
        }
    }

    private static HttpResponse<byte[]> get(Http http, FaultyRegistry registry, String scope, String... authorization)
            throws Exception {
        String target = registry.tokenUrl() + "?service=s&scope=" + URLEncoder.encode(scope, UTF_8);
        return authorization.length == 0
                ? http.send("GET", target)
                : http.send("GET", target, "Authorization", authorization[0]);
    }

    private static String token(HttpResponse<byte[]> answer) throws Exception {
        return JsonDocument.strict(answer.body(), "token").require("token").asString();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }
}
