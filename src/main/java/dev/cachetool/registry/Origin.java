package dev.cachetool.registry;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import okhttp3.HttpUrl;

/**
 * Where a registry is asked: https, or plain http where that is allowed. A registry on this machine is asked without
 * encryption first, one that may be insecure at last; what answers stays. For several threads.
 */
final class Origin {
    private static final String DOCKER_HUB = "docker.io";
    private static final String DOCKER_HUB_HOST = "registry-1.docker.io";

    private final String registry;
    private final List<HttpUrl> candidates;
    private final boolean mayBePlain;
    private boolean settled;
    private int chosen;

    /**
     * @param registry {@code host[:port]}
     * @param plainHttp whether it is asked without encryption only
     * @param insecure whether it may be asked without encryption where it does not speak TLS
     * @throws IllegalArgumentException if the registry is no host
     */
    Origin(String registry, boolean plainHttp, boolean insecure) {
        this.registry = registry;
        String host = registry.equals(DOCKER_HUB) ? DOCKER_HUB_HOST : registry;
        List<String> schemes = new ArrayList<>();
        if (plainHttp) {
            schemes.add("http");
        } else if (isLoopback(registry)) {
            schemes.add("http");
            schemes.add("https");
        } else {
            schemes.add("https");
            if (insecure) {
                schemes.add("http");
            }
        }
        this.mayBePlain = plainHttp || insecure;
        this.candidates = schemes.stream()
                .map(scheme -> HttpUrl.get(scheme + "://" + host + "/"))
                .toList();
    }

    /** Whether the host is this machine for sure. */
    static boolean isLoopback(String registry) {
        HttpUrl url = HttpUrl.parse("http://" + registry + "/");
        if (url == null) {
            return false;
        }
        String host = url.host().toLowerCase(Locale.ROOT);
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("::1")
                || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    /** The address that the registry is asked at now; ends in a slash. */
    synchronized HttpUrl url() {
        return candidates.get(chosen);
    }

    /** The registry's host, as people write it. */
    String registry() {
        return registry;
    }

    /** How many addresses there are to try beside one. */
    int others() {
        return candidates.size() - 1;
    }

    /** Whether the address is one of the registry itself. */
    boolean isAt(HttpUrl url) {
        return candidates.stream().anyMatch(candidate -> Wire.isSameOrigin(candidate, url));
    }

    /** Whether it was asked for that logins may go without encryption. */
    boolean mayBePlain() {
        return mayBePlain;
    }

    /** An answer came from there that a registry gives. */
    synchronized void settle(HttpUrl used) {
        if (Wire.isSameOrigin(used, candidates.get(chosen))) {
            settled = true;
        }
    }

    /**
     * No answer came from there, or none that a registry gives.
     *
     * @return whether there is another address to try
     */
    synchronized boolean failed(HttpUrl used, IOException e) {
        boolean otherProtocol = e instanceof SSLException || e instanceof ProtocolException || isCutOff(e);
        return otherProtocol && next(used);
    }

    /** What spoke plain http was told to speak https. */
    synchronized boolean wantsHttps(HttpUrl used) {
        return next(used);
    }

    private boolean next(HttpUrl used) {
        if (!Wire.isSameOrigin(used, candidates.get(chosen))) {
            // Another thread has gone on already.
            return true;
        }
        if (settled || candidates.size() == 1) {
            return false;
        }
        chosen = (chosen + 1) % candidates.size();
        return true;
    }

    private static boolean isCutOff(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("unexpected end of stream") || message.contains("Connection reset");
    }
}
