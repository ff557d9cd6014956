package dev.cachetool.cli.command;

/**
 * One or several arguments of a verb that are known by their place.
 *
 * @param label what they are called in help
 * @param value what each is
 * @param least how many there have to be
 * @param most how many there may be; only the last of a verb's positionals repeats
 */
record Positional(String label, Value value, int least, int most) {
    static Positional one(String label, Value value) {
        return new Positional(label, value, 1, 1);
    }

    static Positional optional(String label, Value value) {
        return new Positional(label, value, 0, 1);
    }

    /** Any number of them. */
    static Positional any(String label, Value value) {
        return new Positional(label, value, 0, Integer.MAX_VALUE);
    }

    /** At least one. */
    static Positional some(String label, Value value) {
        return new Positional(label, value, 1, Integer.MAX_VALUE);
    }

    boolean repeats() {
        return most > 1;
    }

    /** As it stands in a line that says how the verb is called. */
    String synopsis() {
        String text = label + (repeats() ? "…" : "");
        return least == 0 ? "[" + text + "]" : text;
    }
}
