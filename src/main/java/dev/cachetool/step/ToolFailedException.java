package dev.cachetool.step;

import dev.cachetool.graph.Tool;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The command of a tool, whose output counts in keys, did not tell which tool stands on this machine. */
public final class ToolFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String tool;

    ToolFailedException(Tool tool, String problem, @Nullable Throwable cause) {
        super(
                "could not run the tool \"" + tool.name() + "\" (" + String.join(" ", tool.args()) + "): " + problem,
                cause);
        this.tool = tool.name();
    }

    /** The tool's name in the graph. */
    public String tool() {
        return tool;
    }
}
