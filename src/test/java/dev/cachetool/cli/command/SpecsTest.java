package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Wherever a verb takes a SPEC, names of branches may stand in its tag. */
final class SpecsTest {
    private static final String UNKNOWN = "oci:x:{brnch}";

    private final ProgramRun run = new ProgramRun();

    /** A command line of the verb with these words in place of what its synopsis asks for. */
    private static List<String> line(Usage usage, String spec) {
        List<String> words = new ArrayList<>(List.of(usage.verb()));
        for (String word : usage.synopsis().split(" ", -1)) {
            if (word.startsWith("--") || word.startsWith("[")) {
                break;
            }
            words.add(word.startsWith("SPEC") ? spec : "word");
        }
        return words;
    }

    @Test
    void placeholder_whenItIsUnknown_isFoundInEveryVerbThatTakesASpec() {
        List<List<String>> lines = new ArrayList<>();
        for (Usage usage : new Verbs(() -> "1").usages()) {
            if (usage.synopsis().startsWith("SPEC")) {
                lines.add(line(usage, UNKNOWN));
            }
            for (Flag flag : usage.flags()) {
                if (flag.label().equals("SPEC")) {
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
