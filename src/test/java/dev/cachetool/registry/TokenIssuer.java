package dev.cachetool.registry;

import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Issues bearer tokens for whom it knows, and says later what they are good for (the token specification of Docker's
 * distribution: {@code GET} with or without {@code Basic}, {@code POST} with a refresh token or password). Several
 * registries can share one.
 */
public final class TokenIssuer {
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, Account> refreshTokens = new HashMap<>();
    private final Map<String, Token> tokens = new HashMap<>();
    private final SecureRandom random = new SecureRandom();
    private Account anonymous = new Account("", Pattern.compile("(?!)"));
    private int uses = Integer.MAX_VALUE;
    private Optional<Integer> expiresIn = Optional.of(300);
    private List<String> fields = List.of("token", "access_token");

    private record Account(String password, Pattern grants) {}

    private static final class Token {
        private final Set<String> grants;
        private int usesLeft;

        Token(Set<String> grants, int usesLeft) {
            this.grants = grants;
            this.usesLeft = usesLeft;
        }
    }

    /** What a token is worth. */
    enum Verdict {
        GOOD,
        UNKNOWN,
        INSUFFICIENT
    }

    /** Knows the user, who may do everything. */
    public TokenIssuer user(String name, String password) {
        return user(name, password, ".*");
    }

    /** Knows the user, who may do what matches wholly, such as {@code team/.*:(pull|push)}. */
    public synchronized TokenIssuer user(String name, String password, String grants) {
        accounts.put(name, new Account(password, Pattern.compile(grants)));
        return this;
    }

    /** Lets anyone do what matches wholly, such as {@code .*:pull}. */
    public synchronized TokenIssuer anonymous(String grants) {
        anonymous = new Account("", Pattern.compile(grants));
        return this;
    }

    /** Takes the refresh token (identity token) for the user, who is known already. */
    public synchronized TokenIssuer refreshToken(String token, String user) {
        refreshTokens.put(token, accounts.get(user));
        return this;
    }

    /** Makes every token from now on expire after so many requests that it was shown with. */
    public synchronized TokenIssuer uses(int requests) {
        uses = requests;
        return this;
    }

    /** Says that tokens are good for so many seconds; empty: says nothing. What they are good for does not change. */
    public synchronized TokenIssuer expiresIn(Optional<Integer> seconds) {
        expiresIn = seconds;
        return this;
    }

    /** Answers with the token in these fields only: {@code token}, {@code access_token}. */
    public synchronized TokenIssuer fields(String... names) {
        fields = List.of(names);
        return this;
    }

    /** Makes all tokens worthless that were issued so far. */
    public synchronized void revokeAll() {
        tokens.clear();
    }

    /** All tokens that are good still, as they were issued. */
    public synchronized Set<String> issued() {
        return Set.copyOf(tokens.keySet());
    }

    synchronized Verdict verify(String text, Set<String> needed) {
        Token token = tokens.get(text);
        if (token == null || token.usesLeft == 0) {
            return Verdict.UNKNOWN;
        }
        token.usesLeft--;
        return token.grants.containsAll(needed) ? Verdict.GOOD : Verdict.INSUFFICIENT;
    }

    /** Answers a request for a token. */
    synchronized ServedResponse answer(ServedRequest request) throws IOException {
        Map<String, List<String>> asked = request.query();
        Optional<Account> account;
        if (request.method().equals("POST")) {
            asked = ServedRequest.form(new String(request.readBody(), StandardCharsets.UTF_8));
            account = switch (field(asked, "grant_type")) {
                case "refresh_token" -> Optional.ofNullable(refreshTokens.get(field(asked, "refresh_token")));
                case "password" -> account(field(asked, "username"), field(asked, "password"));
                default -> Optional.empty();
            };
        } else {
            Optional<String[]> basic = basic(request);
            account = basic.isPresent() ? account(basic.get()[0], basic.get()[1]) : Optional.of(anonymous);
        }
        if (account.isEmpty()) {
            return DistributionApi.error(401, "UNAUTHORIZED", "incorrect username or password");
        }
        return issue(account.get(), asked);
    }

    private ServedResponse issue(Account account, Map<String, List<String>> asked) {
        Set<String> grants = new TreeSet<>();
        for (String scopes : asked.getOrDefault("scope", List.of())) {
            for (String scope : List.of(scopes.split(" ", -1))) {
                grants.addAll(actions(scope));
            }
        }
        grants.removeIf(grant -> !account.grants().matcher(grant).matches());
        String text = "token-" + randomText();
        tokens.put(text, new Token(grants, uses));
        Optional<String> refresh = Optional.empty();
        if (field(asked, "offline_token").equals("true")
                || field(asked, "access_type").equals("offline")) {
            refresh = Optional.of("refresh-" + randomText());
            refreshTokens.put(refresh.get(), account);
        }
        return ServedResponse.of(200).withBody("application/json", tokenAnswer(text, refresh));
    }

    private String tokenAnswer(String text, Optional<String> refresh) {
        byte[] body = JsonWriter.bytes(json -> {
            json.beginObject();
            for (String name : fields) {
                json.name(name).value(text);
            }
            if (refresh.isPresent()) {
                json.name("refresh_token").value(refresh.get());
            }
            if (expiresIn.isPresent()) {
                json.name("expires_in").value(expiresIn.get());
            }
            json.endObject();
        });
        return new String(body, StandardCharsets.UTF_8);
    }

    /** {@code repository:NAME:ACTION,ACTION} as {@code NAME:ACTION} each. */
    private static List<String> actions(String scope) {
        int last = scope.lastIndexOf(':');
        List<String> actions = new ArrayList<>();
        if (scope.startsWith("repository:") && last > "repository:".length()) {
            for (String action : List.of(scope.substring(last + 1).split(",", -1))) {
                actions.add(scope.substring("repository:".length(), last) + ":" + action);
            }
        }
        return actions;
    }

    private Optional<Account> account(String name, String password) {
        return Optional.ofNullable(accounts.get(name))
                .filter(known -> known.password().equals(password));
    }

    private String randomText() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String field(Map<String, List<String>> fields, String name) {
        return fields.getOrDefault(name, List.of("")).get(0);
    }

    /** User and password of a {@code Basic} credential. */
    static Optional<String[]> basic(ServedRequest request) {
        return request.header("Authorization")
                .filter(value -> value.startsWith("Basic "))
                .map(value -> new String(Base64.getDecoder().decode(value.substring(6)), StandardCharsets.UTF_8))
                .filter(value -> value.contains(":"))
                .map(value -> value.split(":", 2));
    }
}
