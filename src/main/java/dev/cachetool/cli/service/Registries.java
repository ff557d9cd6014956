package dev.cachetool.cli.service;

import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.options.Place;
import dev.cachetool.registry.Certificates;
import dev.cachetool.registry.CredentialFiles;
import dev.cachetool.registry.CredentialSource;
import dev.cachetool.registry.EnvironmentProxies;
import dev.cachetool.registry.FixedCredential;
import dev.cachetool.registry.HttpFile;
import dev.cachetool.registry.RegistryClient;
import dev.cachetool.registry.RegistrySettings;
import dev.cachetool.registry.RegistryTarget;
import dev.cachetool.registry.RetryPolicy;
import dev.cachetool.registry.Side;
import dev.cachetool.registry.TransferListener;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The registries of one command: a client for each side, made when a place is in one. For several threads. Closing it
 * closes all connections.
 */
final class Registries implements Closeable {
    private final Access access;
    private final Map<String, String> environment;
    private final String userAgent;
    private final Map<Side, RegistryClient> clients = new EnumMap<>(Side.class);

    Registries(Access access, Map<String, String> environment, String userAgent) {
        this.access = access;
        this.environment = environment;
        this.userAgent = userAgent;
    }

    /**
     * Opens the repository of a place; nothing is asked yet.
     *
     * @param listener is told while bytes are sent
     */
    RegistryTarget open(Place.Registry place, Side side, TransferListener listener) {
        return client(side).open(place.reference(), place.insecure(), listener);
    }

    /**
     * A file behind an address; nothing is asked yet.
     *
     * @throws IllegalArgumentException if the text is no address
     */
    HttpFile file(String url) {
        return client(Side.PULL).file(url);
    }

    private synchronized RegistryClient client(Side side) {
        return clients.computeIfAbsent(side, wanted -> {
            RegistrySettings settings = new RegistrySettings(
                    userAgent,
                    access.plainHttp(),
                    RetryPolicy.USUAL.withLongestRetryAfter(access.maxRetryAfter()),
                    RegistrySettings.USUAL_STALL,
                    access.timeout(),
                    Certificates.of(environment),
                    new EnvironmentProxies(environment));
            Optional<Access.Login> login = wanted == Side.PULL ? access.from() : access.to();
            CredentialSource credentials = login.isPresent()
                    ? new FixedCredential(login.get().username(), login.get().password())
                    : new CredentialFiles(withoutPasswords(), home());
            return new RegistryClient(wanted, settings, credentials);
        });
    }

    /** The environment that credential helpers get. */
    private Map<String, String> withoutPasswords() {
        Map<String, String> others = new HashMap<>(environment);
        others.remove(Access.FROM_PASSWORD);
        others.remove(Access.TO_PASSWORD);
        return others;
    }

    private Path home() {
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
    }

    @Override
    public synchronized void close() {
        clients.values().forEach(RegistryClient::close);
        clients.clear();
    }
}
