package dev.cachetool.graph;

import java.util.List;
import java.util.Optional;

/**
 * A command whose output tells which tool stands on this machine.
 *
 * @param name by which ops refer to it
 * @param args program and arguments
 * @param match a regular expression; only what its groups match counts
 */
public record Tool(String name, List<String> args, Optional<String> match) {
    public Tool {
        if (args.isEmpty()) {
            throw new IllegalArgumentException("a tool has a program");
        }
        args = List.copyOf(args);
    }
}
