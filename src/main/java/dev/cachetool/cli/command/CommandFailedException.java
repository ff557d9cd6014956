package dev.cachetool.cli.command;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;

/** A verb cannot go on, for a reason that has its exit code. */
public final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /**
     * @param message what could not be done, and on further lines what to do
     */
    public CommandFailedException(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.problem = Problem.of(code, message);
    }

    /** The same, where nothing else is behind it. */
    public CommandFailedException(ExitCode code, String message) {
        super(message);
        this.problem = Problem.of(code, message);
    }

    /** Why. */
    public Problem problem() {
        return problem;
    }
}
