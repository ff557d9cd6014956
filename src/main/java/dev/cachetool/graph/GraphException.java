package dev.cachetool.graph;

import java.io.IOException;

/** A graph is wrong: names the place, the line and the column, what is wrong, and what to do. */
public final class GraphException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String place;
    private final int line;
    private final int column;
    private final String problem;
    private final String nextStep;

    GraphException(String place, int line, int column, String problem, String nextStep) {
        super((line > 0 ? place + ":" + line + ":" + column + ": " : place + ": ")
                + problem
                + (nextStep.isEmpty() ? "" : "\n  " + nextStep));
        this.place = place;
        this.line = line;
        this.column = column;
        this.problem = problem;
        this.nextStep = nextStep;
    }

    /** The graph, as a person knows it. */
    public String place() {
        return place;
    }

    /** The line, from 1; 0 where it is not known. */
    public int line() {
        return line;
    }

    /** The column in characters, from 1; 0 where it is not known. */
    public int column() {
        return column;
    }

    /** What is wrong, without place and next step. */
    public String problem() {
        return problem;
    }

    /** What to do, or an empty text. */
    public String nextStep() {
        return nextStep;
    }
}
