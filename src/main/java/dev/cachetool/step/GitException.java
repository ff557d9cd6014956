package dev.cachetool.step;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A Git repository did not give what it was asked for. */
public final class GitException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    public enum Kind {
        /** The repository has no such branch, tag, commit or folder. */
        NOT_FOUND,
        /** The repository could not be reached, or gave nothing. */
        UNREACHABLE,
        /** There is no git program that could be run. */
        NO_PROGRAM
    }

    private final Kind kind;

    GitException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What kind of failure it is. */
    public Kind kind() {
        return kind;
    }
}
