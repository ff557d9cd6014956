package dev.cachetool.cachemap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The command of a tool, whose output counts in keys, did not tell which tool stands on this machine. */
public final class ToolFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    /**
     * The exception for a command that was run.
     *
     * @param problem what went wrong, as half a sentence
     */
    public ToolFailedException(String problem, @Nullable Throwable cause) {
        super(problem, cause);
        this.problem = problem;
    }

    /** What went wrong, as half a sentence. */
    public String problem() {
        return problem;
    }
}
