package dev.cachetool.registry;

import dev.cachetool.oci.Reference;
import java.io.Closeable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Talks to registries for one side of one command: holds its connections, tokens and retry budgets. Nothing is set up before
 * a repository is opened. For several threads. Closing it cancels what is under way.
 */
public final class RegistryClient implements Closeable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int IDLE_CONNECTIONS = 8;

    private final Side side;
    private final RegistrySettings settings;
    private final CredentialSource credentials;
    private final Pause pause;
    private final Map<String, Requests> byRegistry = new HashMap<>();
    private @Nullable OkHttpClient shared;
    private @Nullable StallWatch watch;

    /**
     * @param side what is done there
     * @param credentials asked when a registry wants a login
     */
    public RegistryClient(Side side, RegistrySettings settings, CredentialSource credentials) {
        this(side, settings, credentials, Pause.real());
    }

    RegistryClient(Side side, RegistrySettings settings, CredentialSource credentials, Pause pause) {
        this.side = side;
        this.settings = settings;
        this.credentials = credentials;
        this.pause = pause;
    }

    /**
     * Opens the repository of the reference; nothing is asked yet.
     *
     * @param insecure whether the registry may be one without encryption, or with a certificate that nobody vouches for
     * @param listener is told while bytes are sent
     */
    public RegistryTarget open(Reference reference, boolean insecure, TransferListener listener) {
        String registry = reference.registry();
        Requests requests = requests(registry, insecure);
        Authorizer authorizer =
                new Authorizer(registry, reference.repository(), credentials, new TokenServer(requests), pause);
        return new RegistryTarget(requests, authorizer, reference, side, listener);
    }

    /**
     * A file behind an address, which need not be a registry's; nothing is asked yet.
     *
     * @param url http or https; a login in it is shown to its host alone
     * @throws IllegalArgumentException if the text is no such address
     */
    public HttpFile file(String url) {
        HttpUrl address = HttpUrl.get(url);
        return new HttpFile(requests(hostOf(address), false), address);
    }

    /** The host of an address, as registries are named. */
    private static String hostOf(HttpUrl url) {
        String host = url.host().indexOf(':') >= 0 ? "[" + url.host() + "]" : url.host();
        return url.port() == HttpUrl.defaultPort(url.scheme()) ? host : host + ":" + url.port();
    }

    private synchronized Requests requests(String registry, boolean insecure) {
        return byRegistry.computeIfAbsent(registry + insecure, unused -> {
            Origin origin = new Origin(registry, settings.plainHttp().contains(registry), insecure);
            Clients clients = new Clients(plain(), settings.certificates(), origin, insecure);
            return new Requests(origin, new Wire(clients, watch()), settings.retry(), pause);
        });
    }

    private StallWatch watch() {
        if (watch == null) {
            watch = new StallWatch(settings.stall(), settings.timeout());
        }
        return watch;
    }

    private OkHttpClient plain() {
        if (shared == null) {
            shared = new OkHttpClient.Builder()
                    .followRedirects(false)
                    .followSslRedirects(false)
                    .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
                    .protocols(List.of(Protocol.HTTP_1_1))
                    .connectTimeout(CONNECT)
                    .readTimeout(Duration.ZERO)
                    .writeTimeout(Duration.ZERO)
                    .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 1, TimeUnit.MINUTES))
                    .socketFactory(new ChannelSockets())
                    .proxySelector(settings.proxies())
                    .proxyAuthenticator(settings.proxies().tunnelLogin())
                    .addNetworkInterceptor(settings.proxies().requestLogin())
                    .addNetworkInterceptor(new LengthCheck())
                    .addNetworkInterceptor(new FileSending())
                    .addNetworkInterceptor(chain -> chain.proceed(chain.request()
                            .newBuilder()
                            .header("User-Agent", settings.userAgent())
                            .build()))
                    .build();
        }
        return shared;
    }

    @Override
    public synchronized void close() {
        if (watch != null) {
            watch.close();
        }
        if (shared != null) {
            shared.dispatcher().cancelAll();
            shared.connectionPool().evictAll();
        }
    }
}
