package dev.cachetool.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One flag of a verb.
 *
 * @param name its name, as in {@code --from}
 * @param others its other names: a short one ({@code -q}) or aliases ({@code --cache-from})
 * @param kind what it takes
 * @param label what its value is called in help; empty for a switch
 * @param value what its value is; each of them, where it repeats
 * @param group the heading that it stands under in help
 * @param help what it does, in a few words
 */
record Flag(String name, List<String> others, Kind kind, String label, Value value, String group, String help) {
    /** What a flag takes. */
    enum Kind {
        SWITCH,
        VALUE,
        /** Values; the flag repeats. */
        VALUES
    }

    Flag {
        if (!name.startsWith("--")
                || (kind == Kind.SWITCH) != label.isEmpty()
                || (kind == Kind.SWITCH) != (value.kind() == Value.Kind.NONE)) {
            throw new IllegalArgumentException("flag " + name);
        }
        others = List.copyOf(others);
    }

    /** All its names, the main one first. */
    List<String> names() {
        List<String> all = new ArrayList<>(others.size() + 1);
        all.add(name);
        all.addAll(others);
        return all;
    }

    /** The environment variables that stand for it: one for each long name, the main one first. */
    List<String> twins() {
        List<String> twins = new ArrayList<>();
        for (String each : names()) {
            if (each.startsWith("--")) {
                twins.add(twin(each));
            }
        }
        return twins;
    }

    /** The environment variable of a long name: {@code CACHETOOL_FOO_BAR} for {@code --foo-bar}. */
    static String twin(String longName) {
        return "CACHETOOL_" + longName.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
