package dev.cachetool.registry;

import java.io.IOException;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients of one registry: without encryption, with the registry's own certificates, and for other servers that it
 * names. All have the same connections. What encryption needs is set up when it is first needed. For several threads.
 */
final class Clients {
    private final OkHttpClient plain;
    private final Certificates certificates;
    private final Origin origin;
    private final boolean insecure;
    private @Nullable OkHttpClient own;
    private @Nullable OkHttpClient others;

    Clients(OkHttpClient plain, Certificates certificates, Origin origin, boolean insecure) {
        this.plain = plain;
        this.certificates = certificates;
        this.origin = origin;
        this.insecure = insecure;
    }

    /**
     * The client for an address.
     *
     * @throws SetupException if a certificate cannot be read
     */
    synchronized OkHttpClient of(HttpUrl url) throws SetupException {
        if (!url.isHttps()) {
            return plain;
        }
        if (origin.isAt(url)) {
            if (own == null) {
                own = secured(Optional.of(origin.registry()), insecure);
            }
            return own;
        }
        if (others == null) {
            others = secured(Optional.empty(), false);
        }
        return others;
    }

    /** Closes the connections that nobody uses now. */
    void leaveIdleConnections() {
        plain.connectionPool().evictAll();
    }

    private OkHttpClient secured(Optional<String> registry, boolean trustsAll) throws SetupException {
        try {
            return certificates.secured(plain, registry, trustsAll);
        } catch (IOException e) {
            throw new SetupException(e);
        }
    }
}
