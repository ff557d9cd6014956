package dev.cachetool.solver;

import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Vertex;
import java.util.List;

/** Is told what the solver does, on its threads; must return soon. */
public interface SolveListener {
    /** Hears nothing. */
    SolveListener NONE = new SolveListener() {};

    /** A result of the edge was loaded from a cache. */
    default void loaded(Edge edge, CacheRecord record, Result result) {}

    /** A record of the edge could not be loaded; the solver goes on without it. */
    default void loadFailed(Edge edge, CacheRecord record, Exception cause) {}

    /**
     * Why no cache has an edge.
     *
     * @param keyKnown whether a cache knows its key, but no result of it
     * @param unmatched inputs that lead nowhere in any cache
     * @param open inputs whose content is not at hand, so that their content keys could still lead somewhere
     */
    record Miss(boolean keyKnown, List<Integer> unmatched, List<Integer> open) {
        public Miss {
            unmatched = List.copyOf(unmatched);
            open = List.copyOf(open);
        }
    }

    /** No cache has the edge: its vertex has to be executed. */
    default void missed(Edge edge, Miss miss) {}

    /** The vertex is about to be executed. */
    default void executing(Vertex vertex) {}

    /** The vertex was executed. */
    default void executed(Vertex vertex) {}

    /** The content function of an input of the vertex gave an answer, or found the content not at hand. */
    default void contentComputed(Vertex vertex, int inputIndex, boolean atHand) {}
}
