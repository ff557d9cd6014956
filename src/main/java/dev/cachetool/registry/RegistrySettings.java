package dev.cachetool.registry;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How registries are talked to.
 *
 * @param userAgent how the program calls itself
 * @param plainHttp hosts ({@code host[:port]}) that are asked without encryption
 * @param retry which failures are tried again
 * @param stall how long nothing may move before a connection counts as broken
 * @param timeout how long everything may take; empty for no bound
 * @param certificates whom to trust, and with what certificate to show who asks
 * @param proxies which proxy is used for an address
 */
public record RegistrySettings(
        String userAgent,
        Set<String> plainHttp,
        RetryPolicy retry,
        Duration stall,
        Optional<Duration> timeout,
        Certificates certificates,
        EnvironmentProxies proxies) {
    /** How long nothing may move where nobody says otherwise. */
    public static final Duration USUAL_STALL = Duration.ofSeconds(60);

    public RegistrySettings {
        plainHttp = Set.copyOf(plainHttp);
    }

    /** The settings that the environment has, where nothing else is said. */
    public static RegistrySettings of(String userAgent, Map<String, String> environment) {
        return new RegistrySettings(
                userAgent,
                Set.of(),
                RetryPolicy.USUAL,
                USUAL_STALL,
                Optional.empty(),
                Certificates.of(environment),
                new EnvironmentProxies(environment));
    }
}
