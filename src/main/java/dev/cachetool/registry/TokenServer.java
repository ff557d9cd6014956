package dev.cachetool.registry;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.registry.Credential.IdentityToken;
import dev.cachetool.registry.Credential.Password;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import okhttp3.Challenge;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;

/**
 * Gets bearer tokens from the token server that a registry names in its challenge (distribution's token and OAuth2
 * specifications). It is the one other server that sees a login, as it always is for this scheme.
 */
final class TokenServer {
    private static final int LIMIT = 1 << 20;
    /** What a token is good for where the server does not say, by the specification. */
    private static final long USUAL_SECONDS = 60;
    /** A token is renewed so much earlier, since requests take their time. */
    private static final long EARLIER_SECONDS = 10;

    private final Requests requests;

    TokenServer(Requests requests) {
        this.requests = requests;
    }

    /** A token, and how long it is good for from now on. */
    record Grant(String token, Duration usable) {}

    /**
     * Gets a token.
     *
     * @throws RegistryException if the server cannot be reached, refuses, or answers with something else
     */
    Grant fetch(Challenge challenge, Scopes scopes, Credential credential) throws IOException, InterruptedException {
        Map<String, String> parameters = challenge.authParams();
        String service = parameters.getOrDefault("service", "");
        HttpUrl realm = HttpUrl.parse(parameters.getOrDefault("realm", ""));
        if (realm == null || !requests.mayBeAsked(realm)) {
            throw requests.failure(
                    RegistryException.Kind.UNREACHABLE,
                    "get a token for " + requests.registry(),
                    0,
                    "its token server is named by an address that is not asked"
                            + (realm == null ? "" : ": " + Urls.shown(realm)),
                    Optional.of("a token server is asked with https only, or on this machine"));
        }
        Requests.Call call = credential instanceof IdentityToken identity
                ? exchange(realm, service, scopes, identity)
                : plain(realm, service, scopes, credential);
        return requests.read(call, answered -> grant(realm, answered));
    }

    private Requests.Call plain(HttpUrl realm, String service, Scopes scopes, Credential credential) {
        HttpUrl.Builder url = realm.newBuilder();
        if (!service.isEmpty()) {
            url.addQueryParameter("service", service);
        }
        scopes.texts().forEach(scope -> url.addQueryParameter("scope", scope));
        Optional<String> login = Optional.empty();
        if (credential instanceof Password password) {
            url.addQueryParameter("account", password.username());
            login = Optional.of(Credentials.basic(password.username(), password.password(), StandardCharsets.UTF_8));
        }
        return Requests.Call.get(url.build(), action(realm)).withAuthorization(login);
    }

    private Requests.Call exchange(HttpUrl realm, String service, Scopes scopes, IdentityToken identity) {
        FormBody form = new FormBody.Builder(StandardCharsets.UTF_8)
                .add("grant_type", "refresh_token")
                .add("service", service)
                .add("client_id", "cachetool")
                .add("scope", String.join(" ", scopes.texts()))
                .add("refresh_token", identity.token())
                .build();
        return Requests.Call.post(realm, form, action(realm));
    }

    private String action(HttpUrl realm) {
        return "get a token for " + requests.registry() + " from " + Urls.shown(realm);
    }

    private Grant grant(HttpUrl realm, Wire.Answered answered) throws IOException {
        byte[] bytes;
        try (InputStream in = answered.response().body().byteStream()) {
            bytes = in.readNBytes(LIMIT);
        }
        try {
            JsonValue document = JsonDocument.asGoReads(bytes, "the token");
            String token = text(document, "token");
            if (token.isEmpty()) {
                token = text(document, "access_token");
            }
            // A token is one word in a header: anything else would be a header of the server's making.
            if (!token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                Optional<JsonValue> expires = document.get("expires_in");
                long seconds = expires.isPresent() && !expires.get().isNull()
                        ? expires.get().asLong()
                        : USUAL_SECONDS;
                long usable = Math.max(1, Math.max(seconds, USUAL_SECONDS) - EARLIER_SECONDS);
                return new Grant(token, Duration.ofSeconds(usable));
            }
        } catch (JsonException e) {
            // It is told below, without the bytes, which may hold a secret.
        }
        throw requests.failure(
                RegistryException.Kind.UNREACHABLE,
                action(realm),
                answered.status(),
                "its answer holds no token",
                Optional.empty());
    }

    private static String text(JsonValue document, String name) throws JsonException {
        Optional<JsonValue> value = document.get(name);
        return value.isPresent() && value.get().isString() ? value.get().asString() : "";
    }
}
