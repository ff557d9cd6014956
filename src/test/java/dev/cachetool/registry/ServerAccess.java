package dev.cachetool.registry;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who may do what: gives the refusal, or nothing where the request may go on. */
@FunctionalInterface
interface ServerAccess {
    /** The name under which registries ask for tokens. */
    String SERVICE = "registry of a test";

    /** Refuses, or not. */
    Optional<ServedResponse> refusal(ServedRequest request);

    /** Lets everyone do everything. */
    static ServerAccess open() {
        return request -> Optional.empty();
    }

    /** Lets the user do everything. */
    static ServerAccess basic(String user, String password) {
        String[] wanted = {user, password};
        return request -> TokenIssuer.basic(request)
                        .filter(shown -> Arrays.equals(shown, wanted))
                        .isPresent()
                ? Optional.empty()
                : Optional.of(unauthorized("Basic realm=\"" + SERVICE + "\""));
    }

    /** Lets those in who bring a token of the issuer, which can be had at the realm. */
    static ServerAccess bearer(TokenIssuer issuer, Function<ServedRequest, String> realm) {
        return request -> {
            Map<String, Set<String>> needed = needed(request);
            Set<String> grants = new TreeSet<>();
            needed.forEach((name, actions) -> actions.forEach(action -> grants.add(name + ":" + action)));
            String challenge = "Bearer realm=\"" + realm.apply(request) + "\",service=\"" + SERVICE + "\"";
            if (!needed.isEmpty()) {
                challenge += ",scope=\"" + scopes(needed) + "\"";
            }
            Optional<String> shown = request.header("Authorization")
                    .filter(value -> value.startsWith("Bearer "))
                    .map(value -> value.substring("Bearer ".length()));
            if (shown.isEmpty()) {
                return Optional.of(unauthorized(challenge));
            }
            return switch (issuer.verify(shown.get(), grants)) {
                case GOOD -> Optional.empty();
                case UNKNOWN -> Optional.of(unauthorized(challenge + ",error=\"invalid_token\""));
                case INSUFFICIENT -> Optional.of(unauthorized(challenge + ",error=\"insufficient_scope\""));
            };
        };
    }

    private static ServedResponse unauthorized(String challenge) {
        return DistributionApi.error(401, "UNAUTHORIZED", "authentication required")
                .withHeader("WWW-Authenticate", challenge);
    }

    /** The actions that the request needs in each repository, as Docker's registry asks for them. */
    private static Map<String, Set<String>> needed(ServedRequest request) {
        Map<String, Set<String>> needed = new LinkedHashMap<>();
        Matcher m = Pattern.compile("/v2/(.+)/(blobs|manifests|tags)/.*").matcher(request.path());
        if (m.matches()) {
            boolean session = m.group(2).equals("blobs") && request.path().contains("/blobs/uploads/");
            needed.put(
                    m.group(1),
                    switch (request.method()) {
                        case "HEAD", "GET" -> session ? pullAndPush() : new TreeSet<>(List.of("pull"));
                        case "DELETE" -> session ? pullAndPush() : new TreeSet<>(List.of("delete"));
                        default -> pullAndPush();
                    });
            request.parameter("from")
                    .filter(from -> request.method().equals("POST"))
                    .ifPresent(from ->
                            needed.computeIfAbsent(from, f -> new TreeSet<>()).add("pull"));
        }
        return needed;
    }

    private static Set<String> pullAndPush() {
        return new TreeSet<>(List.of("pull", "push"));
    }

    private static String scopes(Map<String, Set<String>> needed) {
        StringBuilder scopes = new StringBuilder();
        needed.forEach((name, actions) -> scopes.append(scopes.length() == 0 ? "" : " ")
                .append("repository:" + name + ":" + String.join(",", actions)));
        return scopes.toString();
    }
}
