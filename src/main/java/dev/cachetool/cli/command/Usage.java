package dev.cachetool.cli.command;

import java.util.ArrayList;
import java.util.List;

/**
 * How a verb is called.
 *
 * @param verb its name
 * @param purpose what it does, in one line without a full stop
 * @param synopsis what stands behind its name, but for the flags: {@code GRAPH --from SPEC…}
 * @param arguments the least and the most positional arguments
 * @param example a command line that works
 * @param flags those of its own
 * @param notes more lines of help
 */
record Usage(
        String verb,
        String purpose,
        String synopsis,
        Range arguments,
        String example,
        List<Flag> flags,
        List<String> notes) {
    Usage {
        flags = List.copyOf(flags);
        notes = List.copyOf(notes);
    }

    /** Least and most. */
    record Range(int least, int most) {}

    /** Its own flags and those that every verb has; one of its own stands for a common one of the same name. */
    List<Flag> allFlags() {
        List<Flag> all = new ArrayList<>(flags);
        for (Flag common : Flags.COMMON) {
            if (flags.stream().noneMatch(own -> own.name().equals(common.name()))) {
                all.add(common);
            }
        }
        return all;
    }
}
