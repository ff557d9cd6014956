package dev.cachetool.step;

import dev.cachetool.graph.Vertex;

/** Hears what steps print while they run, on any thread; must return soon. */
public interface StepListener {
    /** Hears nothing. */
    StepListener NONE = new StepListener() {};

    /**
     * The step printed a line; a long one comes in parts.
     *
     * @param line without its end, as it came (what is no UTF-8 as {@link dev.cachetool.content.FileNames} writes it): it has to
     *     be escaped before it reaches a terminal
     */
    default void printed(Vertex vertex, String line) {}

    /** Something about how all steps run is worth to be told once, as a sentence without a full stop. */
    default void noted(String text) {}

    /** Something is worth a warning. */
    default void warned(Vertex vertex, String text) {}
}
