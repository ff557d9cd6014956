package dev.cachetool.registry;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A registry did not do what it was asked, after all tries. */
public final class RegistryException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure it is, for whoever decides how to go on. */
    public enum Kind {
        /** What was asked for is not there. */
        NOT_FOUND,
        /** It wants a login, or the login may not do this. Many registries say so of what is not there. */
        REFUSED,
        /** It could not be reached, broke off, was busy, or spoke no HTTP that makes sense. */
        UNREACHABLE,
        /** It does not take a manifest of this form or size. */
        FORM_REJECTED,
        /** What it sent, or says that it has, is not what was asked for. */
        DAMAGED
    }

    private final Kind kind;
    private final String registry;
    private final int status;

    /**
     * @param action what could not be done, as in "pull host/repository:tag"
     * @param status the HTTP status that ended it; 0 where none did
     * @param cause what went wrong, in a few words
     * @param next what to do about it; empty where nothing is known
     */
    RegistryException(
            Kind kind,
            String registry,
            String action,
            int status,
            String cause,
            Optional<String> next,
            @Nullable Throwable thrown) {
        super(
                "could not " + action + ": " + cause
                        + next.map(step -> "\n" + step).orElse(""),
                thrown);
        this.kind = kind;
        this.registry = registry;
        this.status = status;
    }

    /** What kind of failure it is. */
    public Kind kind() {
        return kind;
    }

    /** The registry's host. */
    public String registry() {
        return registry;
    }

    /** The HTTP status that ended it; 0 where none did. */
    public int status() {
        return status;
    }
}
