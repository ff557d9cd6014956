package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Wherever a verb takes a SPEC, names of branches may stand in its tag. */
final class SpecsTest {
    private static final String UNKNOWN = "oci:x:{brnch}";

    private final ProgramRun run = new ProgramRun();

    /** A command line of the verb with what it has to have, and this SPEC in every place of one. */
    private static List<String> line(Usage usage, String spec) {
        List<String> words = new ArrayList<>(List.of(usage.verb()));
        for (Positional positional : usage.positionals()) {
            if (isSpec(positional.value())) {
                words.add(spec);
            } else if (positional.least() > 0) {
                words.add("word");
            }
        }
        return words;
    }

    private static boolean isSpec(Value value) {
        return value.kind() == Value.Kind.SOURCE || value.kind() == Value.Kind.TARGET;
    }

    @Test
    void placeholder_whenItIsUnknown_isFoundInEveryVerbThatTakesASpec() {
        List<List<String>> lines = new ArrayList<>();
        for (Usage usage : new Verbs(() -> "1").usages()) {
            if (usage.positionals().stream().anyMatch(positional -> isSpec(positional.value()))) {
                lines.add(line(usage, UNKNOWN));
            }
            for (Flag flag : usage.flags()) {
                if (isSpec(flag.value())) {
                    List<String> line = line(usage, "oci:x");
                    line.addAll(List.of(flag.name(), UNKNOWN));
                    lines.add(line);
                }
            }
        }
        assertTrue(lines.size() > 10, lines::toString);
        for (List<String> line : lines) {
            String said = run.usageError(line.toArray(String[]::new));
            assertTrue(said.contains("unknown placeholder {brnch} in a tag"), () -> line + ": " + said);
        }
    }
}
