package dev.cachetool.cli.options;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How registries are reached.
 *
 * @param from the login for sources; empty where it is looked up
 * @param to the login for targets; empty where it is looked up
 * @param plainHttp hosts ({@code host[:port]}) that are asked without encryption
 * @param timeout how long everything may take; empty for no bound
 * @param maxRetryAfter the longest wait that a registry may ask for
 */
public record Access(
        Optional<Login> from,
        Optional<Login> to,
        Set<String> plainHttp,
        Optional<Duration> timeout,
        Duration maxRetryAfter) {
    /** The longest wait that a registry may ask for where nobody says otherwise. */
    public static final Duration USUAL_RETRY_AFTER = Duration.ofSeconds(60);

    /** The variables that hold passwords; no flag has one. */
    public static final String FROM_PASSWORD = "CACHETOOL_FROM_PASSWORD";

    public static final String TO_PASSWORD = "CACHETOOL_TO_PASSWORD";

    /** That of a command line that says nothing of it. */
    public static final Access USUAL =
            new Access(Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), USUAL_RETRY_AFTER);

    public Access {
        plainHttp = Set.copyOf(plainHttp);
    }

    /** A name and its password, which no text ever shows. */
    public record Login(String username, String password) {
        @Override
        public String toString() {
            return "login of " + username;
        }
    }
}
