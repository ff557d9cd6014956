package dev.cachetool.cachemap;

import dev.cachetool.graph.Tool;
import java.io.IOException;

/** Runs the commands that tell which tools stand on this machine. Safe for several threads. */
public interface ToolRunner {
    /**
     * Runs the command of a tool to its end; asked for once for each tool of a graph.
     *
     * @throws ToolFailedException if it cannot be started, or fails
     * @throws IOException if what it prints cannot be read
     */
    Printed run(Tool tool) throws IOException;

    /** What a command printed, as it came. */
    record Printed(byte[] standardOutput, byte[] standardError) {}
}
