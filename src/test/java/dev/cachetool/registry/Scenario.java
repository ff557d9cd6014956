package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;

/**
 * A way in which a registry misbehaves, and what comes of it.
 *
 * @param setup makes the registry misbehave
 * @param outcome the kind of the {@link RegistryException}, or the name of another exception; empty where it is survived
 * @param says what the message says
 */
record Scenario(String name, Setup setup, String outcome, String says) {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Makes a registry misbehave. */
    @FunctionalInterface
    interface Setup {
        void on(FaultyRegistry registry) throws IOException;
    }

    static Scenario survived(String name, Setup setup) {
        return new Scenario(name, setup, "", "");
    }

    static Scenario ends(String name, RegistryException.Kind kind, String says, Setup setup) {
        return new Scenario(name, setup, kind.name(), says);
    }

    static Scenario ends(String name, Class<? extends IOException> exception, String says, Setup setup) {
        return new Scenario(name, setup, exception.getSimpleName(), says);
    }

    /** How long nothing may move: not long in the scenarios of stalls, which are named so. */
    Duration stall() {
        return name.startsWith("stall") ? SHORT : LONG;
    }

    /** The failure is the one that it should be, and shows no secret. */
    void assertIs(IOException failure, FaultyRegistry registry, TokenIssuer issuer) {
        TestClient.assertHides(failure, TestClient.PASSWORD);
        issuer.issued().forEach(token -> TestClient.assertHides(failure, token));
        String what = failure instanceof RegistryException e
                ? e.kind().name()
                : failure.getClass().getSimpleName();
        assertEquals(outcome, what, failure::toString);
        assertTrue(failure.getMessage().contains(says), failure::getMessage);
        if (failure instanceof RegistryException e) {
            assertEquals(registry.host(), e.registry());
            assertTrue(e.getMessage().startsWith("could not "), e::getMessage);
            assertTrue(e.getMessage().contains(registry.host()), e::getMessage);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
