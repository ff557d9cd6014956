package dev.cachetool.cachemap;

import dev.cachetool.graph.Vertex;
import java.io.IOException;

/** Tells where steps run, which counts for those that are path-sensitive. */
public interface StepFolders {
    /**
     * The absolute folder that the step sees as the workspace.
     *
     * @throws IOException if that cannot be found out
     */
    String folderOf(Vertex exec) throws IOException;
}
