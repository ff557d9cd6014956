package dev.cachetool.step;

import java.util.List;

/** A step failed: it ended with a code other than 0, ran too long, could not be started, or did not make what it declares. */
public final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String vertex;
    private final int exitCode;
    private final transient List<String> lastLines;
    private final String byHand;

    /**
     * @param vertex its name
     * @param problem what happened, as half a sentence
     * @param exitCode the code that it ended with; -1 where it did not
     * @param lastLines the last lines that it printed, at most 50
     * @param byHand the command to run it by hand; empty where there is none
     */
    public StepFailedException(String vertex, String problem, int exitCode, List<String> lastLines, String byHand) {
        super(problem);
        this.vertex = vertex;
        this.exitCode = exitCode;
        this.lastLines = List.copyOf(lastLines);
        this.byHand = byHand;
    }

    /** The name of the step's vertex. */
    public String vertex() {
        return vertex;
    }

    /** The code that it ended with; -1 where it did not. */
    public int exitCode() {
        return exitCode;
    }

    /** The last lines that it printed, at most 50. */
    public List<String> lastLines() {
        return lastLines;
    }

    /** The command to run it by hand; empty where there is none. */
    public String byHand() {
        return byHand;
    }
}
