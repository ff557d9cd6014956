package dev.cachetool.cli.command;

import java.util.ArrayList;
import java.util.List;

/**
 * How a verb is called.
 *
 * @param verb its name
 * @param purpose what it does, in one line without a full stop
 * @param positionals its arguments, in order
 * @param essentials the flags that stand behind them in help's first line: {@code --from SPEC…}
 * @param example a command line that works
 * @param flags those of its own
 * @param notes what else there is to say
 */
record Usage(
        String verb,
        String purpose,
        List<Positional> positionals,
        String essentials,
        String example,
        List<Flag> flags,
        List<Note> notes) {
    Usage {
        positionals = List.copyOf(positionals);
        flags = List.copyOf(flags);
        notes = List.copyOf(notes);
    }

    /** How it is called: {@code export GRAPH --to SPEC…}. */
    String synopsis() {
        StringBuilder line = new StringBuilder(verb);
        positionals.forEach(positional -> line.append(' ').append(positional.synopsis()));
        return essentials.isEmpty() ? line.toString() : line + " " + essentials;
    }

    /** Its flag of the name, or the common one. */
    Flag flag(String name) {
        for (Flag flag : allFlags()) {
            if (flag.name().equals(name)) {
                return flag;
            }
        }
        throw new IllegalArgumentException(verb + " has no " + name);
    }

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
