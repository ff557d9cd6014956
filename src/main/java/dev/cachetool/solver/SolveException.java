package dev.cachetool.solver;

import dev.cachetool.graph.Vertex;

/** A vertex could not be solved; the cause says why. */
public final class SolveException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Vertex vertex;

    SolveException(Vertex vertex, Exception cause) {
        super("could not solve \"" + vertex.name() + "\": " + cause.getMessage(), cause);
        this.vertex = vertex;
    }

    /** The vertex that failed. */
    public Vertex vertex() {
        return vertex;
    }
}
