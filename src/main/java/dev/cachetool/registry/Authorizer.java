package dev.cachetool.registry;

import dev.cachetool.registry.Credential.Password;
import dev.cachetool.registry.Credential.RegistryToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.Challenge;
import okhttp3.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * Answers the challenges of one registry for one repository: nothing is sent until it asks, then a password or a bearer
 * token, which is fetched once for all requests that need it, and again when it has run out. For several threads.
 */
final class Authorizer {
    private final String registry;
    private final String repository;
    private final CredentialSource credentials;
    private final TokenServer tokens;
    private final Pause pause;

    private final Map<Scopes, Token> cached = new HashMap<>();
    private @Nullable String basic;
    private @Nullable Challenge bearer;

    Authorizer(String registry, String repository, CredentialSource credentials, TokenServer tokens, Pause pause) {
        this.registry = registry;
        this.repository = repository;
        this.credentials = credentials;
        this.tokens = tokens;
        this.pause = pause;
    }

    /** A bearer token, and until when it is used: nanoseconds on the clock. */
    private record Token(String header, long until) {}

    /** What there is to show after a refusal. */
    enum Renewal {
        /** Nothing else. */
        NOTHING,
        /** Something that was had for this request. */
        OWN,
        /** A token that another request had fetched in the meantime. */
        OF_OTHERS
    }

    /**
     * The value of {@code Authorization} for a request, as far as it is known what the registry wants.
     *
     * @throws IOException if a token cannot be had
     */
    synchronized Optional<String> header(Scopes scopes) throws IOException, InterruptedException {
        if (basic != null) {
            return Optional.of(basic);
        }
        if (bearer == null) {
            return Optional.empty();
        }
        Token token = cached.get(scopes);
        if (token == null || token.until() - pause.nanos() < 0) {
            token = fetch(scopes, bearer);
        }
        return Optional.of(token.header());
    }

    /**
     * Takes note of a refusal (401).
     *
     * @param used the header that was refused; empty where none was sent
     * @return what there is now to show in its place
     * @throws IOException if a token cannot be had
     */
    synchronized Renewal refused(Scopes scopes, Optional<String> used, List<Challenge> challenges)
            throws IOException, InterruptedException {
        for (Challenge challenge : challenges) {
            if (isScheme(challenge, "bearer") && challenge.authParams().containsKey("realm")) {
                bearer = challenge;
                Token token = cached.get(scopes);
                if (token != null && !used.equals(Optional.of(token.header()))) {
                    return Renewal.OF_OTHERS;
                }
                Token fresh = fetch(scopes, challenge);
                return used.equals(Optional.of(fresh.header())) ? Renewal.NOTHING : Renewal.OWN;
            }
        }
        for (Challenge challenge : challenges) {
            if (isScheme(challenge, "basic") && credential() instanceof Password password) {
                basic = Credentials.basic(password.username(), password.password(), StandardCharsets.UTF_8);
                return used.equals(Optional.of(basic)) ? Renewal.NOTHING : Renewal.OWN;
            }
        }
        return Renewal.NOTHING;
    }

    private static boolean isScheme(Challenge challenge, String scheme) {
        return challenge.scheme().toLowerCase(Locale.ROOT).equals(scheme);
    }

    private Token fetch(Scopes scopes, Challenge challenge) throws IOException, InterruptedException {
        Credential known = credential();
        Token token;
        if (known instanceof RegistryToken given) {
            token = new Token("Bearer " + given.token(), Long.MAX_VALUE);
        } else {
            TokenServer.Grant grant = tokens.fetch(challenge, scopes, known);
            token = new Token(
                    "Bearer " + grant.token(), pause.nanos() + grant.usable().toNanos());
        }
        cached.put(scopes, token);
        return token;
    }

    /**
     * The login for the repository, which may have been renewed since it was last looked up.
     *
     * @throws IOException if it cannot be read
     */
    Credential credential() throws IOException {
        return credentials.find(registry, repository);
    }
}
