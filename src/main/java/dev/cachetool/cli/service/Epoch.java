package dev.cachetool.cli.service;

import dev.cachetool.cli.command.BadEnvironmentException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The instant that SOURCE_DATE_EPOCH names. */
final class Epoch {
    private Epoch() {}

    /**
     * It, in seconds since 1970; empty where it is not set.
     *
     * @throws BadEnvironmentException if it is no such number
     */
    static Optional<Instant> of(Map<String, String> environment) throws IOException {
        String value = environment.get("SOURCE_DATE_EPOCH");
        if (value == null || value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(value)));
        } catch (NumberFormatException | DateTimeException e) {
            throw new BadEnvironmentException("SOURCE_DATE_EPOCH", value, "a number of seconds since 1970", e);
        }
    }
}
