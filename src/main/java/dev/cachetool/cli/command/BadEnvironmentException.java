package dev.cachetool.cli.command;

import java.io.IOException;

/** A variable of the environment has a value that cannot be used. */
public final class BadEnvironmentException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String variable;

    public BadEnvironmentException(String variable, String value, String wanted, Throwable cause) {
        super("the variable " + variable + " must be " + wanted + ", is \"" + value + "\"", cause);
        this.variable = variable;
    }

    /** The variable's name. */
    public String variable() {
        return variable;
    }
}
