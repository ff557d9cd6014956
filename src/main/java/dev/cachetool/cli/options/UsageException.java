package dev.cachetool.cli.options;

import java.util.Optional;

/** What was asked for cannot be understood or cannot be: exit code 2. The message is one line. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String nextStep;

    /**
     * @param problem what is wrong with which word, in one line
     * @param nextStep what to type instead, in one or more lines; empty where there is nothing to say
     */
    public UsageException(String problem, String nextStep) {
        super(problem);
        this.nextStep = nextStep;
    }

    /** What is wrong, in one line. */
    public String problem() {
        return String.valueOf(getMessage());
    }

    /** What to type instead. */
    public Optional<String> nextStep() {
        return nextStep.isEmpty() ? Optional.empty() : Optional.of(nextStep);
    }
}
