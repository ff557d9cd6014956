package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A job of GitLab CI, as far as the recipes need one: variables, rules, a script, a dotenv report. Its script is a real shell. */
final class GitLabJob {
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");
    private static final Pattern DOTENV = Pattern.compile("[A-Za-z0-9_]+=.*");

    private final Path workspace;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private String log = "";

    /**
     * @param temporary the folder of the machine, and of nobody else
     */
    GitLabJob(Path workspace, Path temporary) throws IOException {
        this.workspace = workspace;
        Files.createDirectories(temporary);
        set("GITLAB_CI", "true")
                .set("XDG_CACHE_HOME", temporary.resolve("caches").toString());
    }

    GitLabJob set(String name, String value) {
        variables.put(name, value);
        return this;
    }

    GitLabJob pushTo(String branch) {
        return set("CI_COMMIT_REF_NAME", branch).set("CI_COMMIT_BRANCH", branch).set("CI_PIPELINE_SOURCE", "push");
    }

    GitLabJob mergeRequestFrom(String branch, String project) {
        return set("CI_COMMIT_REF_NAME", branch)
                .set("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", branch)
                .set("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", project)
                .set("CI_MERGE_REQUEST_PROJECT_PATH", "group/app")
                .set("CI_PIPELINE_SOURCE", "merge_request_event");
    }

    /**
     * Runs the job of the pipeline, as it stands there.
     *
     * @param asked whether its rules count
     * @return the variables of its dotenv report; empty where there is none, or its rules speak against it
     */
    @SuppressWarnings("unchecked")
    Map<String, String> run(String pipeline, String name, boolean asked) throws IOException, InterruptedException {
        Map<String, Object> document = GitHubJob.yaml(pipeline);
        Map<String, Object> job = GitHubJob.map(document, name);
        assertTrue(!job.isEmpty(), "no job " + name);
        List<Map<String, Object>> rules = (List<Map<String, Object>>) job.getOrDefault("rules", List.of());
        if (asked
                && !rules.isEmpty()
                && rules.stream().noneMatch(rule -> isTrue(rule.get("if").toString()))) {
            return Map.of();
        }
        Map<String, String> environment = new LinkedHashMap<>(variables);
        GitHubJob.map(document, "variables").forEach((key, value) -> environment.put(key, expanded(value.toString())));
        GitHubJob.map(job, "variables").forEach((key, value) -> environment.put(key, expanded(value.toString())));
        String script = String.join("\n", (List<String>) job.get("script"));
        Launch.Outcome outcome = Launch.command("bash", "-eo", "pipefail", "-c", script)
                .in(workspace)
                .with(environment)
                .withOneOutput()
                .run();
        log = outcome.out();
        assertEquals(0, outcome.code(), () -> script + "\n" + log);
        Object report =
                GitHubJob.map(GitHubJob.map(job, "artifacts"), "reports").get("dotenv");
        return report == null ? Map.of() : dotenv(workspace.resolve(report.toString()));
    }

    /** By GitLab's rules, which are stricter than a shell's. */
    private static Map<String, String> dotenv(Path file) throws IOException {
        assertTrue(Files.size(file) <= 5 << 10);
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            assertTrue(DOTENV.matcher(line).matches(), line);
            int equals = line.indexOf('=');
            found.put(line.substring(0, equals), line.substring(equals + 1).strip());
        }
        return found;
    }

    /** What was printed. */
    String log() {
        return log;
    }

    private String expanded(String text) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(variables.getOrDefault(found.group(1), "")));
    }

    /** {@code $NAME}, or {@code $NAME == "text"}. */
    private boolean isTrue(String rule) {
        String[] sides = rule.split(" == ", 2);
        String value = expanded(sides[0]);
        return sides.length == 1 ? !value.isEmpty() : value.equals(sides[1].replace("\"", ""));
    }
}
