package dev.cachetool.registry;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * There may be a credential for a registry, but it cannot be had: an auth file cannot be read, or a credential helper did
 * not do its work. The first line of the message says what is wrong, the second what to do. It has no secret, nor anything
 * else that the file holds or the helper printed.
 */
public final class CredentialException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String registry;
    private final String place;
    private final @Nullable String helper;
    private final String problem;
    private final String nextStep;

    private CredentialException(
            String what,
            String registry,
            String place,
            @Nullable String helper,
            String problem,
            String nextStep,
            @Nullable Throwable cause) {
        super(what + ": " + problem + "\n  " + nextStep, cause);
        this.registry = registry;
        this.place = place;
        this.helper = helper;
        this.problem = problem;
        this.nextStep = nextStep;
    }

    /** Something is wrong with an auth file. */
    static CredentialException ofFile(
            String registry, String place, String problem, String nextStep, @Nullable Throwable cause) {
        return new CredentialException(
                "could not read the login for " + registry + " from " + place,
                registry,
                place,
                null,
                problem,
                nextStep,
                cause);
    }

    /** Something is wrong with a helper, which the auth file names at the place. */
    static CredentialException ofHelper(
            String registry, String place, String helper, String problem, String nextStep, @Nullable Throwable cause) {
        return new CredentialException(
                "could not get the login for " + registry + " from " + helper + ", which " + place + " names",
                registry,
                place,
                helper,
                problem,
                nextStep,
                cause);
    }

    /** The registry that a credential was sought for. */
    public String registry() {
        return registry;
    }

    /** The auth file, or the environment variable that holds what else a file does; with line and column where known. */
    public String place() {
        return place;
    }

    /** The helper program; empty where it did not come to that. */
    public Optional<String> helper() {
        return Optional.ofNullable(helper);
    }

    /** What is wrong, as half a sentence. */
    public String problem() {
        return problem;
    }

    /** What to do, in one line. */
    public String nextStep() {
        return nextStep;
    }
}
