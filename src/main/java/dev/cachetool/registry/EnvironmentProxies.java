package dev.cachetool.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.Authenticator;
import okhttp3.Connection;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name, in capitals or not: a host {@code example.com} in NO_PROXY
 * stands for those below it too, {@code .example.com} for those alone, {@code *} for all, and a port may follow. This machine
 * is never asked through a proxy.
 */
public final class EnvironmentProxies extends ProxySelector {
    private static final String LOGIN = "Proxy-Authorization";

    private final Optional<HttpUrl> http;
    private final Optional<HttpUrl> https;
    private final List<String> exceptions;

    public EnvironmentProxies(Map<String, String> environment) {
        this.http = proxy(environment, "http_proxy");
        this.https = proxy(environment, "https_proxy");
        this.exceptions = List.of(
                value(environment, "no_proxy").toLowerCase(Locale.ROOT).strip().split("[\\s,]+"));
    }

    private static String value(Map<String, String> environment, String name) {
        String small = environment.getOrDefault(name, "");
        return small.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : small;
    }

    private static Optional<HttpUrl> proxy(Map<String, String> environment, String name) {
        String value = value(environment, name).strip();
        if (value.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(HttpUrl.parse(value.contains("://") ? value : "http://" + value));
    }

    @Override
    public List<Proxy> select(URI uri) {
        Optional<HttpUrl> proxy = "https".equals(uri.getScheme()) ? https : http;
        if (proxy.isEmpty() || isExcepted(uri)) {
            return List.of(Proxy.NO_PROXY);
        }
        return List.of(new Proxy(
                Proxy.Type.HTTP,
                InetSocketAddress.createUnresolved(
                        proxy.get().host(), proxy.get().port())));
    }

    private boolean isExcepted(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        if (Origin.isLoopback(host)) {
            return true;
        }
        for (String exception : exceptions) {
            int colon = exception.lastIndexOf(':');
            boolean hasPort = colon > 0 && exception.substring(colon + 1).matches("[0-9]+");
            if (hasPort && !exception.substring(colon + 1).equals(String.valueOf(port(uri)))) {
                continue;
            }
            String name = hasPort ? exception.substring(0, colon) : exception;
            if (name.equals("*")) {
                return true;
            }
            if (!name.isEmpty()) {
                String below = name.startsWith(".") ? name : "." + name;
                if (host.equals(name) || host.endsWith(below)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : HttpUrl.defaultPort(String.valueOf(uri.getScheme()));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // The connection fails with the same exception.
    }

    /** Shows the proxy the login that stands in its address, when a tunnel through it begins. */
    Authenticator tunnelLogin() {
        return (route, response) -> {
            if (response.request().header(LOGIN) != null) {
                return null;
            }
            return login(true)
                    .map(login ->
                            response.request().newBuilder().header(LOGIN, login).build())
                    .orElse(null);
        };
    }

    /** Shows the proxy that login with every request that it passes on: a blob on its way could not be sent again. */
    Interceptor requestLogin() {
        return chain -> {
            Connection connection = chain.connection();
            boolean passedOn = !chain.request().url().isHttps()
                    && connection != null
                    && connection.route().proxy().type() == Proxy.Type.HTTP;
            Optional<String> login = passedOn ? login(false) : Optional.empty();
            return chain.proceed(
                    login.isEmpty()
                            ? chain.request()
                            : chain.request()
                                    .newBuilder()
                                    .header(LOGIN, login.get())
                                    .build());
        };
    }

    private Optional<String> login(boolean encrypted) {
        @Nullable HttpUrl proxy = (encrypted ? https : http).orElse(null);
        if (proxy == null || proxy.username().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Credentials.basic(proxy.username(), proxy.password(), StandardCharsets.UTF_8));
    }
}
