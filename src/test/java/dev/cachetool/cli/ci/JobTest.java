package dev.cachetool.cli.ci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.options.Placeholders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JobTest {
    private static final String PULL_REQUEST = "{\"pull_request\": {\"head\": {\"repo\": %s},"
            + " \"base\": {\"repo\": {\"full_name\": \"org/app\"}}}, \"repository\": {\"default_branch\": \"trunk\"}}";

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));

    private Job job() {
        return new Job(environment, folder);
    }

    private JobTest with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    private JobTest withEvent(String json) throws IOException {
        return with(
                "GITHUB_EVENT_PATH",
                Files.writeString(folder.resolve("event.json"), json).toString());
    }

    private void git(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@t"));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        assertEquals(0, builder.start().waitFor(), command::toString);
    }

    private static Optional<String> text(Optional<Placeholders.Name> name) {
        return name.map(Placeholders.Name::text);
    }

    @Test
    void branch_whenSeveralVariablesSayOne_isThatOfTheFirst() {
        with("CI_COMMIT_REF_NAME", "d");
        assertEquals(Optional.of(new Placeholders.Name("d", "CI_COMMIT_REF_NAME")), job().branch());
        with("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "c");
        assertEquals(Optional.of("c"), text(job().branch()));
        with("GITHUB_REF_NAME", "b");
        assertEquals(Optional.of("b"), text(job().branch()));
        with("GITHUB_HEAD_REF", "a");
        assertEquals(Optional.of("a"), text(job().branch()));
        with("GITHUB_HEAD_REF", "");
        assertEquals(Optional.of("b"), text(job().branch()));
    }

    @Test
    void branch_whenNoVariableSaysOne_isWhatGitHasCheckedOut() throws Exception {
        assertEquals(Optional.empty(), job().branch());
        git("init", "-q", "-b", "topic/one");
        assertEquals(Optional.of("topic/one"), text(job().branch()));
        git("commit", "-q", "--allow-empty", "-m", "first");
        git("checkout", "-q", "--detach");
        assertEquals(Optional.empty(), job().branch());
        with("PATH", folder.toString());
        git("checkout", "-q", "topic/one");
        assertEquals(Optional.empty(), job().branch());
    }

    @Test
    void defaultBranch_whenSeveralSayOne_isThatOfTheFirst() throws Exception {
        assertEquals(Optional.empty(), job().defaultBranch());
        git("init", "-q", "-b", "topic");
        git("commit", "-q", "--allow-empty", "-m", "first");
        git("update-ref", "refs/remotes/origin/master", "HEAD");
        git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/master");
        assertEquals(Optional.of("master"), text(job().defaultBranch()));
        withEvent("{\"repository\": {\"default_branch\": \"trunk\"}}");
        assertEquals(Optional.of("trunk"), text(job().defaultBranch()));
        with("CI_DEFAULT_BRANCH", "main");
        assertEquals(Optional.of("main"), text(job().defaultBranch()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"repository\": 1}", "{\"repository\": {\"default_branch\": 7}}"})
    void defaultBranch_whenTheEventIsNoneThatSaysOne_isNotKnown(String event) throws IOException {
        withEvent(event);
        assertEquals(Optional.empty(), job().defaultBranch());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"full_name\": \"someone/app\"}; the fork someone/app into org/app",
                "null; the fork that is gone into org/app",
                "{\"full_name\": \"\"}; the fork that is gone into org/app",
            })
    void fork_whenTheHeadIsInAnotherRepository_isSaid(String head, String says) throws IOException {
        withEvent(PULL_REQUEST.formatted(head));
        assertEquals(Optional.empty(), job().fork());
        for (String event : List.of("pull_request", "pull_request_target", "pull_request_review")) {
            with("GITHUB_EVENT_NAME", event);
            String fork = job().fork().orElse("");
            assertTrue(fork.contains(says), fork);
        }
    }

    @Test
    void fork_whenTheHeadIsInTheSameRepository_isNone() throws IOException {
        withEvent(PULL_REQUEST.formatted("{\"full_name\": \"org/app\"}")).with("GITHUB_EVENT_NAME", "pull_request");
        assertEquals(Optional.empty(), job().fork());
        with("GITHUB_EVENT_NAME", "push");
        assertEquals(Optional.empty(), job().fork());
    }

    @Test
    void fork_whenThatCannotBeTold_countsAsOne() throws IOException {
        with("GITHUB_EVENT_NAME", "pull_request");
        assertTrue(job().fork().orElse("").contains("does not tell"));
        with("GITHUB_EVENT_PATH", folder.resolve("gone").toString());
        assertTrue(job().fork().orElse("").contains("does not tell"));
        withEvent("{}");
        assertTrue(job().fork().orElse("").contains("does not tell"));
    }

    @Test
    void fork_whenAMergeRequestComesFromAnotherProject_isSaid() {
        with("CI_MERGE_REQUEST_PROJECT_PATH", "group/app");
        assertEquals(Optional.empty(), job().fork());
        with("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "group/app");
        assertEquals(Optional.empty(), job().fork());
        with("CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", "someone/app");
        String fork = job().fork().orElse("");
        assertTrue(fork.contains("the fork someone/app into group/app"), fork);
    }
}
