package dev.cachetool.step;

import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.util.List;

/** Executes exec vertices. Safe for several threads, each with a step of its own. */
public interface Steps {
    /**
     * Runs the step to its end, and takes its outputs.
     *
     * @param inputs in the order of the vertex's inputs; where two have the same path, the later one's file counts
     * @throws StepFailedException if it fails; what it made is gone, and what was moved aside is back
     * @throws IOException if its inputs cannot be brought in, or its outputs not be kept
     * @throws InterruptedException if the thread was interrupted: the step and all its children were ended
     */
    StepOutcome run(Vertex vertex, List<StepInput> inputs, StepListener listener)
            throws StepFailedException, IOException, InterruptedException;
}
