package dev.cachetool.solver;

import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Vertex;

/** Is told what the solver does, on its threads; must return soon. */
public interface SolveListener {
    /** Hears nothing. */
    SolveListener NONE = new SolveListener() {};

    /** A result of the edge was loaded from a cache. */
    default void loaded(Edge edge, CacheRecord record, Result result) {}

    /** A record of the edge could not be loaded; the solver goes on without it. */
    default void loadFailed(Edge edge, CacheRecord record, Exception cause) {}

    /** The vertex is about to be executed. */
    default void executing(Vertex vertex) {}

    /** The vertex was executed. */
    default void executed(Vertex vertex) {}

    /** The content function of an input of the vertex gave an answer, or found the content not at hand. */
    default void contentComputed(Vertex vertex, int inputIndex, boolean atHand) {}
}
