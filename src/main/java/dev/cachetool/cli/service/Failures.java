package dev.cachetool.cli.service;

import dev.cachetool.cli.command.Problems;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.solver.SolveException;
import java.io.IOException;

/** Gets at the failure that people are told of. */
final class Failures {
    private Failures() {}

    /** What a person is told of the failure. */
    static Problem problem(IOException e) {
        return Problems.of(e);
    }

    /** The cause of a vertex that could not be solved, where that says itself what and where; else the exception. */
    static IOException unwrapped(SolveException e) {
        Throwable cause = e.getCause();
        while (cause instanceof SolveException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof IOException io) {
            return io;
        }
        if (cause instanceof RuntimeException runtime) {
            throw runtime;
        }
        return new IOException(e.getMessage(), e);
    }
}
