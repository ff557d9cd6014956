package dev.cachetool.step;

import dev.cachetool.cachemap.Variables;
import dev.cachetool.graph.ExecOp;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The variables of a step, and nothing else of cachetool's own: those handed through, and on top of them those that the
 * graph gives.
 *
 * @param passed from cachetool's environment: PATH, HOME, TMPDIR, LANG and USER, and what {@code passEnv} and {@code keyEnv}
 *     name; they may be secret
 * @param given by {@code env} and {@code caches}
 * @param renamed names of those handed through that a shell would lose, by the names that they have in {@code passed} instead
 */
record StepEnvironment(
        SortedMap<String, String> passed, SortedMap<String, String> given, SortedMap<String, String> renamed) {
    private static final List<String> ALWAYS = List.of("PATH", "HOME", "TMPDIR", "LANG", "USER");

    private static final String SUBSTITUTE = "CACHETOOL_PASSED_";

    /** What stands for the folder that the step runs in. */
    private static final String WORKSPACE = "${workspace}";

    /**
     * The variables of a step.
     *
     * @param folder the absolute folder that it sees as the workspace
     * @param caches its cache folders by the names of their variables
     */
    static StepEnvironment of(ExecOp op, Map<String, String> environment, String folder, Map<String, Path> caches) {
        SortedMap<String, String> passed = Variables.pick(environment, ALWAYS);
        passed.putAll(Variables.pick(environment, op.passEnv()));
        passed.putAll(Variables.pick(environment, op.keyEnv()));
        SortedMap<String, String> given = new TreeMap<>();
        op.env().forEach((name, value) -> given.put(name, expand(value, folder)));
        caches.forEach((name, path) -> given.put(name, path.toString()));
        passed.keySet().removeAll(given.keySet());
        SortedMap<String, String> renamed = new TreeMap<>();
        for (String name : List.copyOf(passed.keySet())) {
            if (!ShellText.isVariable(name)) {
                String substitute = SUBSTITUTE + renamed.size();
                renamed.put(substitute, name);
                passed.put(substitute, Objects.requireNonNull(passed.remove(name)));
            }
        }
        return new StepEnvironment(passed, given, renamed);
    }

    /** The text with the folder in the place of <code>${workspace}</code>. */
    static String expand(String text, String folder) {
        return text.replace(WORKSPACE, folder);
    }

    /** The value of a variable. */
    Optional<String> find(String name) {
        return Optional.ofNullable(given.containsKey(name) ? given.get(name) : passed.get(name));
    }
}
