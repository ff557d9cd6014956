package dev.cachetool.cli.output;

import java.util.ArrayList;
import java.util.List;

/**
 * Why something could not be done.
 *
 * @param code what the process ends with if this is what ends it
 * @param what what could not be done, to which object, in which place, and the cause: one line
 * @param next one thing to type or do, a line each; may be empty
 */
public record Problem(ExitCode code, String what, List<String> next) {
    public Problem {
        next = List.copyOf(next);
    }

    /** One whose message has what is wrong in its first line and what to do in those that follow. */
    public static Problem of(ExitCode code, String message) {
        List<String> lines = new ArrayList<>();
        for (String line : message.split("\\R", -1)) {
            if (!line.isBlank()) {
                lines.add(line.strip());
            }
        }
        if (lines.isEmpty()) {
            lines.add("no cause is known");
        }
        return new Problem(code, lines.get(0), lines.subList(1, lines.size()));
    }
}
