package dev.cachetool.graph;

import java.io.IOException;
import java.nio.file.Path;

/** There is no graph file where one was named. */
public final class GraphNotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;

    GraphNotFoundException(Path file) {
        super("could not load the graph " + file
                + ": there is no such file\n  name a graph file (JSON, or YAML as .yaml)");
        this.file = file;
    }

    /** What was named. */
    public Path file() {
        return file;
    }
}
