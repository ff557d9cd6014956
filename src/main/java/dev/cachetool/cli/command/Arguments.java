package dev.cachetool.cli.command;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.json.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What one command line says: the values of its flags and its positional arguments. */
final class Arguments {
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final List<String> positionals;

    Arguments(List<String> positionals) {
        this.positionals = List.copyOf(positionals);
    }

    void put(Flag flag, List<String> given) {
        values.put(flag.name(), List.copyOf(given));
    }

    boolean has(Flag flag) {
        return values.containsKey(flag.name());
    }

    /** Whether a switch is on. */
    boolean isOn(Flag flag) {
        return values(flag).equals(List.of("true"));
    }

    Optional<String> value(Flag flag) {
        List<String> given = values(flag);
        return given.isEmpty() ? Optional.empty() : Optional.of(given.get(given.size() - 1));
    }

    List<String> values(Flag flag) {
        return values.getOrDefault(flag.name(), List.of());
    }

    List<String> positionals() {
        return positionals;
    }

    /** The value of a flag that is one of a few words. */
    Optional<String> word(Flag flag) {
        Optional<String> value = value(flag);
        value.ifPresent(word -> requireKnown(flag, word));
        return value;
    }

    /** The values of a flag that repeats, each one of a few words. */
    List<String> words(Flag flag) {
        values(flag).forEach(word -> requireKnown(flag, word));
        return values(flag);
    }

    private static void requireKnown(Flag flag, String word) {
        if (!flag.value().words().contains(word)) {
            throw unknownWord(flag, word, flag.value().words());
        }
    }

    /** The value of a flag that is a number, 0 or more. */
    OptionalInt count(Flag flag) {
        Optional<String> value = value(flag);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!value.get().matches("\\d{1,9}")) {
            throw new UsageException("\"" + value.get() + "\" of " + flag.name() + " is no number", "write 100, or 0");
        }
        return OptionalInt.of(Integer.parseInt(value.get()));
    }

    static UsageException unknownWord(Flag flag, String value, Collection<String> words) {
        List<String> known = new ArrayList<>(words);
        String near = Suggestion.nearest(value, known)
                .map(word -> "did you mean \"" + word + "\"? ")
                .orElse("");
        return new UsageException(
                "unknown value \"" + value + "\" of " + flag.name(), near + "known: " + String.join(", ", known));
    }
}
