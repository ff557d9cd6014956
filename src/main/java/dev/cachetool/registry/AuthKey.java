package dev.cachetool.registry;

import java.util.Locale;
import java.util.Set;

/**
 * What a key of an auth file stands for: a registry, or the repositories of it below a path.
 *
 * @param host {@code host[:port]} in lower case; Docker Hub is {@code docker.io}, whichever of its names is used
 * @param path a repository, or the beginning of its name up to a slash; empty for the whole registry
 */
record AuthKey(String host, String path) {
    private static final String HUB = "docker.io";
    private static final Set<String> HUB_HOSTS = Set.of(HUB, "index.docker.io", "registry-1.docker.io");

    /** Docker writes the login of Docker Hub under the address of its first registry. */
    private static final String HUB_ADDRESS = "https://index.docker.io/v1/";

    AuthKey {
        String lower = host.toLowerCase(Locale.ROOT);
        host = HUB_HOSTS.contains(lower) ? HUB : lower;
    }

    /**
     * Reads {@code host[:port]} and {@code host[:port]/path}. A URL stands for its host, whatever its path is, as it does for
     * Docker and Podman; and so does a host with {@code /v1/} or {@code /v2/}, which is the rest of a URL.
     */
    static AuthKey parse(String text) {
        int scheme = text.indexOf("://");
        boolean url = scheme >= 0;
        String rest = url ? text.substring(scheme + "://".length()) : text;
        if (rest.endsWith("/v1/") || rest.endsWith("/v2/")) {
            rest = rest.substring(0, rest.length() - "/v1/".length());
        }
        while (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        int slash = rest.indexOf('/');
        return slash < 0
                ? new AuthKey(rest, "")
                : new AuthKey(rest.substring(0, slash), url ? "" : rest.substring(slash + 1));
    }

    /** The text that the programs write that log in, and that a helper is asked for. */
    String text() {
        if (path.isEmpty()) {
            return host.equals(HUB) ? HUB_ADDRESS : host;
        }
        return host + "/" + path;
    }
}
