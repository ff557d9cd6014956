package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.ci.GitHubOutputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A job of GitHub Actions, as far as the recipes need one: expressions, environments, outputs, the PATH of later steps, and
 * composite actions of the repository. Its steps are real shells on this machine.
 */
final class GitHubJob {
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{(.*?)}}");

    private final Path workspace;
    private final Path temporary;
    private final Map<String, String> contexts = new HashMap<>();
    private final Map<String, String> machine = new LinkedHashMap<>();
    private final StringBuilder log = new StringBuilder();
    private int step;

    /**
     * @param workspace what actions/checkout would check out
     * @param temporary the folder of the runner, and of nobody else
     */
    GitHubJob(Path workspace, Path temporary) throws IOException {
        this.workspace = workspace;
        this.temporary = Files.createDirectories(temporary);
        set("GITHUB_ACTIONS", "true");
        set("RUNNER_TEMP", temporary.toString());
        set("GITHUB_STEP_SUMMARY", temporary.resolve("summary.md").toString());
        set("XDG_CACHE_HOME", temporary.resolve("caches").toString());
    }

    /** Sets a variable of the machine. */
    GitHubJob set(String name, String value) {
        machine.put(name, value);
        return this;
    }

    /** Sets what an expression may name: {@code github.actor}, {@code vars.REGISTRY}. */
    GitHubJob context(String name, String value) {
        contexts.put(name, value);
        return this;
    }

    /** The event that begins it: a push to the branch. */
    GitHubJob pushTo(String branch) throws IOException {
        return event("push", branch, "", "{\"repository\": {\"default_branch\": \"main\"}}");
    }

    /** The event that begins it: a pull request from a branch of the repository of that name. */
    GitHubJob pullRequestFrom(String branch, String repository) throws IOException {
        return event(
                "pull_request",
                "7/merge",
                branch,
                "{\"repository\": {\"default_branch\": \"main\"}, \"pull_request\": {"
                        + "\"head\": {\"repo\": {\"full_name\": \"" + repository
                        + "\"}}, \"base\": {\"repo\": {\"full_name\": \""
                        + contexts.get("github.repository") + "\"}}}}");
    }

    private GitHubJob event(String name, String ref, String head, String payload) throws IOException {
        Path file = Files.writeString(temporary.resolve("event.json"), payload);
        contexts.put("github.event_name", name);
        return set("GITHUB_EVENT_NAME", name)
                .set("GITHUB_EVENT_PATH", file.toString())
                .set("GITHUB_REF_NAME", ref)
                .set("GITHUB_HEAD_REF", head);
    }

    /** What a YAML document holds. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> yaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return (Map<String, Object>) new Yaml(new SafeConstructor(options)).load(text);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Map<String, Object> of, String key) {
        return (Map<String, Object>) of.getOrDefault(key, Map.of());
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> steps(Map<String, Object> of) {
        return (List<Map<String, Object>>) of.getOrDefault("steps", List.of());
    }

    /** Runs the job of the workflow, as it stands there; whether its {@code if} speaks for it, where that is to count. */
    boolean run(String workflow, String job, boolean asked) throws IOException, InterruptedException {
        Map<String, Object> document = yaml(workflow);
        Map<String, Object> of = map(map(document, "jobs"), job);
        assertFalse(of.isEmpty(), "no job " + job);
        if (asked && !isTrue(of.getOrDefault("if", "true").toString())) {
            return false;
        }
        Map<String, String> environment = new LinkedHashMap<>(machine);
        add(environment, map(document, "env"));
        add(environment, map(of, "env"));
        environment.forEach((name, value) -> contexts.put("env." + name, value));
        for (Map<String, Object> each : steps(of)) {
            step(each, environment, contexts);
        }
        return true;
    }

    private void add(Map<String, String> environment, Map<String, Object> more) {
        more.forEach((name, value) -> environment.put(name, interpolated(value.toString(), contexts)));
    }

    private void step(Map<String, Object> of, Map<String, String> environment, Map<String, String> names)
            throws IOException, InterruptedException {
        if (!isTrue(of.getOrDefault("if", "true").toString())) {
            return;
        }
        String uses = of.getOrDefault("uses", "").toString();
        if (uses.startsWith("actions/checkout@")) {
            return;
        }
        if (uses.startsWith("./")) {
            action(workspace.resolve(uses), of, environment);
            return;
        }
        assertEquals("", uses);
        String script = of.get("run").toString();
        Map<String, String> variables = new LinkedHashMap<>(environment);
        map(of, "env").forEach((name, value) -> variables.put(name, interpolated(value.toString(), names)));
        Path output = temporary.resolve("output-" + ++step);
        Path path = temporary.resolve("path-" + step);
        variables.put("GITHUB_OUTPUT", output.toString());
        variables.put("GITHUB_PATH", path.toString());
        variables.put("PATH", machine.get("PATH"));
        Path file = Files.writeString(temporary.resolve("step-" + step + ".sh"), interpolated(script, names));
        String[] shell = of.containsKey("shell")
                ? new String[] {"bash", "--noprofile", "--norc", "-eo", "pipefail", file.toString()}
                : new String[] {"bash", "-e", file.toString()};
        Path folder = workspace.resolve(
                interpolated(of.getOrDefault("working-directory", ".").toString(), names));
        Launch.Outcome outcome =
                Launch.command(shell).in(folder).with(variables).withOneOutput().run();
        log.append(outcome.out());
        assertEquals(0, outcome.code(), () -> script + "\n" + log);
        if (of.containsKey("id")) {
            GitHubOutputs.parse(output)
                    .forEach((name, value) -> names.put("steps." + of.get("id") + ".outputs." + name, value));
        }
        if (Files.exists(path)) {
            for (String line : Files.readAllLines(path)) {
                set("PATH", line + ":" + machine.get("PATH"));
            }
        }
    }

    private void action(Path folder, Map<String, Object> of, Map<String, String> environment)
            throws IOException, InterruptedException {
        Map<String, Object> action = yaml(Files.readString(folder.resolve("action.yml")));
        Map<String, String> names = new HashMap<>(contexts);
        Map<String, Object> given = map(of, "with");
        Map<String, Object> inputs = map(action, "inputs");
        assertTrue(inputs.keySet().containsAll(given.keySet()), given::toString);
        for (String input : inputs.keySet()) {
            Object value = given.getOrDefault(input, map(inputs, input).getOrDefault("default", ""));
            names.put("inputs." + input, interpolated(value.toString(), contexts));
        }
        for (Map<String, Object> each : steps(map(action, "runs"))) {
            step(each, environment, names);
        }
        Map<String, Object> outputs = map(action, "outputs");
        for (String output : outputs.keySet()) {
            String value = map(outputs, output).get("value").toString();
            contexts.put("steps." + of.get("id") + ".outputs." + output, interpolated(value, names));
        }
    }

    /** What the step of the id set. */
    String output(String id, String name) {
        return contexts.getOrDefault("steps." + id + ".outputs." + name, "");
    }

    /** What was printed. */
    String log() {
        return log.toString();
    }

    /** The summary of all steps. */
    String summary() throws IOException {
        return Files.readString(temporary.resolve("summary.md"));
    }

    private static String interpolated(String text, Map<String, String> names) {
        return EXPRESSION.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), names)));
    }

    private boolean isTrue(String condition) {
        String value = value(condition.replace("${{", "").replace("}}", ""), contexts);
        return !value.isEmpty() && !value.equals("false");
    }

    /** Names, texts in quotes, and {@code ||}, {@code ==}, {@code !=} between them. */
    private static String value(String expression, Map<String, String> names) {
        String text = expression.strip();
        if (text.contains("||")) {
            String first = value(text.substring(0, text.indexOf("||")), names);
            return first.isEmpty() ? value(text.substring(text.indexOf("||") + 2), names) : first;
        }
        for (String comparison : List.of("==", "!=")) {
            int at = text.indexOf(comparison);
            if (at >= 0) {
                boolean same = value(text.substring(0, at), names).equals(value(text.substring(at + 2), names));
                return Boolean.toString(same == comparison.equals("=="));
            }
        }
        if (text.equals("true") || text.startsWith("'")) {
            return text.replace("'", "");
        }
        assertTrue(text.matches("[A-Za-z_][\\w.-]*"), text);
        return names.getOrDefault(text, "");
    }
}
