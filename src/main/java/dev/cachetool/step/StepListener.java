package dev.cachetool.step;

import dev.cachetool.graph.Vertex;

/** Hears what steps print while they run, on any thread; must return soon. */
public interface StepListener {
    /** Hears nothing. */
    StepListener NONE = new StepListener() {};

    /**
     * The step printed a line; a long one comes in parts.
     *
     * @param line without its end, as it came: it has to be escaped before it reaches a terminal
     */
    default void printed(Vertex vertex, String line) {}

    /** Something is worth a warning. */
    default void warned(Vertex vertex, String text) {}
}
