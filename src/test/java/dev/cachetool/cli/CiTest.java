package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.ci.GitHubOutputs;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole tool with the variables of CI systems: what it tells them, which branch it takes, and what it does not write. */
final class CiTest {
    @TempDir
    private Path folder;

    private Steps steps;
    private WholeTool tool;
    private Path output;

    @BeforeEach
    void makeProject() throws IOException {
        steps = Steps.in(folder)
                .file("src/a.txt", "one\n")
                .file("src/b.txt", "two\n")
                .source("src", "src")
                .step("a", "cat src/a.txt > a.out", "a.out", "src:src/a.txt")
                .step("b", "cat src/b.txt > b.out", "b.out", "src:src/b.txt")
                .step("all", "cat a.out b.out > all.out", "all.out", "a", "b");
        tool = steps.tool;
        output = folder.resolve("output");
    }

    private CiTest onGitHub() {
        tool.with("GITHUB_ACTIONS", "true")
                .with("GITHUB_OUTPUT", output.toString())
                .with("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
        return this;
    }

    private void fromAFork() throws IOException {
        Path event = Files.writeString(folder.resolve("event.json"), """
                { "pull_request": { "head": { "repo": { "full_name": "someone/app" } },
                                    "base": { "repo": { "full_name": "org/app" } } } }
                """);
        tool.with("GITHUB_EVENT_NAME", "pull_request").with("GITHUB_EVENT_PATH", event.toString());
    }

    private WholeTool.Run run(String verb, String... more) {
        List<String> words = new ArrayList<>(
                List.of(verb, steps.workspace.resolve("graph.json").toString(), "--store", steps.store.toString()));
        words.addAll(Arrays.asList(more));
        return tool.run(words.toArray(String[]::new));
    }

    private String cache(String tag) {
        return "oci:" + folder.resolve("cache") + ":" + tag;
    }

    private Map<String, String> outputs() throws IOException {
        Map<String, String> outputs = GitHubOutputs.parse(output);
        Files.deleteIfExists(output);
        return outputs;
    }

    /** The names of the tags of {@link #cache}. */
    private List<String> tags() throws IOException {
        Path index = folder.resolve("cache/index.json");
        if (!Files.exists(index)) {
            return List.of();
        }
        List<String> tags = new ArrayList<>();
        for (String part : Files.readString(index).split("\"org.opencontainers.image.ref.name\":\"", -1)) {
            tags.add(part.substring(0, part.indexOf('"')));
        }
        return tags.subList(1, tags.size());
    }

    @Test
    void print_whenAStatusIsNamed_hasNamesAloneInEveryVerbThatSolves() throws IOException {
        assertEquals(
                "a\nb\nall\n",
                run("plan", "--print", "miss").requires(ExitCode.DONE).out());
        String[] nothing = {"--from", cache("x"), "--print", "miss"};
        assertEquals(
                "a\nb\nall\n", run("import", nothing).requires(ExitCode.DONE).out());
        assertEquals(
                "a\nb\nall\n",
                run("run", "--print", "executed").requires(ExitCode.DONE).out());
        assertEquals(
                "", run("run", "--print", "executed").requires(ExitCode.DONE).out());
        assertEquals(
                "all\n", run("run", "--print", "hit").requires(ExitCode.DONE).out());
        steps.file("src/a.txt", "changed\n");
        for (List<String> words : List.of(List.of("plan"), List.of("import"), List.of("run", "--dry-run"))) {
            List<String> more = new ArrayList<>(words.subList(1, words.size()));
            more.add("--print=miss");
            String[] misses = more.toArray(String[]::new);
            assertEquals(
                    "a\n", run(words.get(0), misses).requires(ExitCode.DONE).out(), words::toString);
            misses[misses.length - 1] = "--print=maybe";
            assertEquals(
                    "all\n", run(words.get(0), misses).requires(ExitCode.DONE).out(), words::toString);
        }
    }

    @Test
    void print_whenTheStatusIsUnknown_isAnError() {
        run("run", "--print", "mis").requires(ExitCode.USAGE);
        WholeTool.Run wrong = run("run", "--print", "miss").requires(ExitCode.USAGE);
        assertTrue(wrong.err().contains("known: executed, hit, failed, skipped, source, unneeded"), wrong.err());
        run("import", "--from", cache("x"), "--print", "executed").requires(ExitCode.USAGE);
        WholeTool.Run whole = tool.run("import", "--from", cache("x"), "--print", "miss");
        assertTrue(whole.requires(ExitCode.USAGE).err().contains("no graph is named"), whole.err());
    }

    @Test
    void outputs_fromTheFirstRunOn_tellWhatHitAndWhatNot() throws IOException {
        onGitHub();
        run("plan").requires(ExitCode.DONE);
        assertEquals(
                Map.of(
                        "cache-hit",
                        "false",
                        "hits",
                        "0",
                        "misses",
                        "3",
                        "missing",
                        "a\nb\nall",
                        "hit-rate",
                        "0",
                        "bytes-pulled",
                        "0"),
                outputs());
        WholeTool.Run first = run("run", "--to", cache("main"), "--mode=max").requires(ExitCode.DONE);
        Map<String, String> outputs = outputs();
        assertEquals("false", outputs.get("cache-hit"));
        assertEquals("3", outputs.get("misses"));
        String digest = outputs.getOrDefault("digest", "");
        assertTrue(digest.matches("sha256:[0-9a-f]{64}") && first.err().contains(digest), outputs::toString);

        run("run").requires(ExitCode.DONE);
        outputs = outputs();
        assertEquals("true", outputs.get("cache-hit"));
        assertEquals("1", outputs.get("hits"));
        assertEquals("", outputs.get("missing"));
        assertEquals("", outputs.get("digest"));

        tool.run("copy", cache("main"), cache("again")).requires(ExitCode.DONE);
        assertEquals(Map.of("digest", digest), outputs());
        tool.run("merge", cache("main"), cache("again"), "--to", cache("both")).requires(ExitCode.DONE);
        assertEquals(1, outputs().size());
        tool.run("inspect", cache("main")).requires(ExitCode.DONE);
        assertFalse(Files.exists(output), "inspect has nothing to tell");
    }

    @Test
    void outputs_whenTheCommandSaysNoOrFails_areWrittenAllTheSame() throws IOException {
        onGitHub();
        run("import", "--from", cache("none"), "--fail-on-miss").requires(ExitCode.ANSWER_NO);
        assertEquals("a\nb\nall", outputs().get("missing"));
        run("import", "--from", cache("none"), "--strict").requires(ExitCode.NOT_FOUND);
        assertEquals(Map.of("cache-hit", "false"), outputs());
        tool.run("plan", folder.resolve("none.json").toString()).requires(ExitCode.NOT_FOUND);
        assertEquals(Map.of("cache-hit", "false"), outputs());
        run("run", "--no-such-flag").requires(ExitCode.USAGE);
        assertEquals(Map.of("cache-hit", "false"), outputs());

        steps.replace("cat src/b.txt", "exit 3; cat src/b.txt");
        run("run", "--keep-going").requires(ExitCode.STEP_FAILED);
        Map<String, String> failed = outputs();
        assertEquals("false", failed.get("cache-hit"));
        assertEquals("a\nb\nall", failed.get("missing"));
        String summary = Files.readString(folder.resolve("summary.md"));
        assertTrue(summary.contains("| <code>b</code> | failed |"), summary);
        assertTrue(summary.contains("| <code>all</code> | skipped | b failed |"), summary);
    }

    @Test
    void outputs_ofAnImportOfWholeCaches_tellWhetherAllCame() throws IOException {
        run("run", "--to", cache("main"), "--mode=max").requires(ExitCode.DONE);
        onGitHub();
        String other = folder.resolve("other").toString();
        tool.run("import", "--from", cache("main"), "--store", other).requires(ExitCode.DONE);
        Map<String, String> outputs = outputs();
        assertEquals("true", outputs.get("cache-hit"));
        assertTrue(Integer.parseInt(outputs.get("bytes-pulled")) > 0, outputs::toString);
        tool.run("import", "--from", cache("main"), "--from", cache("none"), "--store", other)
                .requires(ExitCode.DONE);
        assertEquals("false", outputs().get("cache-hit"));
    }

    @Test
    void saved_whenTheCacheHasIt_isToldByEveryVerbThatSolves() throws IOException {
        run("run", "--to", cache("main"), "--mode=max").requires(ExitCode.DONE);
        onGitHub();
        String other = folder.resolve("other").toString();
        for (String verb : List.of("plan", "import", "run")) {
            WholeTool.Run answer = tool.run(
                    verb,
                    steps.workspace.resolve("graph.json").toString(),
                    "--from",
                    cache("main"),
                    "--store",
                    other,
                    "--format",
                    "json");
            assertTrue(
                    answer.requires(ExitCode.DONE).out().matches("(?s).*\"saved\": \\d+\n.*\"saved\": \\d+,.*"),
                    answer.out());
        }
        String summary = Files.readString(folder.resolve("summary.md"));
        assertTrue(
                summary.matches("(?s).*### cachetool plan: 1 of 1 vertex hit \\(100 %\\), [\\d.]+ s saved\n.*"),
                summary);
        assertTrue(summary.matches("(?s).*\\| <code>all</code> \\| hit \\| [^|]+ \\| [\\d.]+ s \\|\n.*"), summary);
    }

    @Test
    void logins_whenTheyAreSetForAWholeJob_areTakenByTheVerbsThatNeedThem() {
        tool.with("CACHETOOL_FROM_USERNAME", "ci").with("CACHETOOL_FROM_PASSWORD", "secret");
        tool.with("CACHETOOL_TO_USERNAME", "ci").with("CACHETOOL_TO_PASSWORD", "secret");
        run("plan").requires(ExitCode.DONE);
        run("run", "--to", cache("main"), "--mode=max").requires(ExitCode.DONE);
        run("import").requires(ExitCode.DONE);
        tool.with("CACHETOOL_TO_USERNAME", "");
        run("export", "--to", cache("main")).requires(ExitCode.USAGE);
    }

    @Test
    void dotenv_whenAskedFor_isSharedByCommands() throws IOException {
        Path file = folder.resolve("reports/cache.env");
        run("run", "--to", cache("main"), "--mode=max", "--dotenv", file.toString())
                .requires(ExitCode.DONE);
        String first = Files.readString(file);
        assertTrue(first.startsWith("CACHE_HIT=false\nCACHE_HITS=0\nCACHE_MISSES=3\n"), first);
        assertTrue(first.contains("\nCACHE_MISSING=a b all\n"), first);
        run("export", "--mode=max", "--to", cache("other"), "--dotenv", file.toString())
                .requires(ExitCode.DONE);
        assertTrue(Files.readString(file).startsWith("CACHE_HIT=false\n"));
        run("plan", "--dotenv", folder.toString()).requires(ExitCode.LOCAL_IO);
    }

    @Test
    void branch_whenAVariableNamesIt_isTheTagOfSourcesAndTargets() throws IOException {
        tool.with("GITHUB_REF_NAME", "main").with("CI_DEFAULT_BRANCH", "main");
        String[] policy = {
            "--from", cache("{branch}"), "--from", cache("{default-branch}"), "--to", cache("{branch}"), "--mode=max"
        };
        WholeTool.Run onMain = run("run", policy).requires(ExitCode.DONE);
        assertEquals(1, onMain.err().split("going on without this cache", -1).length - 1, onMain.err());
        assertEquals(List.of("main"), tags());

        tool.with("GITHUB_REF_NAME", "feature/x");
        steps.file("src/a.txt", "changed\n");
        List<String> words = new ArrayList<>(List.of(policy));
        words.addAll(List.of("--store", folder.resolve("another").toString(), "-v"));
        words.addAll(0, List.of("run", steps.workspace.resolve("graph.json").toString()));
        WholeTool.Run onFeature = tool.run(words.toArray(String[]::new)).requires(ExitCode.DONE);
        assertTrue(onFeature.out().contains("1 hit, 2 executed"), onFeature.out());
        assertTrue(
                onFeature.err().contains("the tag {branch} is feature-x: {branch} is feature/x (GITHUB_REF_NAME)\n"),
                onFeature.err());
        assertEquals(List.of("feature-x", "main"), tags().stream().sorted().toList());
    }

    @Test
    void placeholder_whenItIsUnknown_isAnErrorWithASuggestion() {
        WholeTool.Run wrong = run("plan", "--from", cache("{brnch}")).requires(ExitCode.USAGE);
        assertTrue(wrong.err().contains("unknown placeholder {brnch} in a tag\n  did you mean {branch}?"), wrong.err());
    }

    @Test
    void fork_whenItRequestsAPull_readsAndWritesNothing() throws IOException {
        run("run", "--to", cache("main"), "--mode=max").requires(ExitCode.DONE);
        fromAFork();
        onGitHub();
        String tar = "type=tar,dest=" + folder.resolve("fork.tar");
        String warning =
                "is not written: this job is for a pull request from the fork someone/app into org/app, and such"
                        + " a job only reads caches\n  docs/trust.md says why; to write it all the same: --allow-fork-writes\n";

        WholeTool.Run ran = run("run", "--from", cache("main"), "--to", cache("pr"), "--to", tar)
                .requires(ExitCode.DONE);
        assertEquals(2, ran.err().split(Pattern.quote(warning), -1).length - 1, ran.err());
        assertTrue(ran.out().contains("1 hit"), ran.out());
        assertEquals("", outputs().get("digest"));
        WholeTool.Run exported =
                run("export", "--to", cache("pr"), "--format=json").requires(ExitCode.DONE);
        assertTrue(exported.out().contains("\"status\": \"skipped\""), exported.out());
        tool.run("copy", cache("main"), cache("pr")).requires(ExitCode.DONE);
        tool.run("copy", cache("main"), cache("pr"), "--dry-run").requires(ExitCode.DONE);
        tool.run("merge", cache("main"), "--to", cache("pr")).requires(ExitCode.DONE);
        WholeTool.Run pruned =
                tool.run("prune", cache("main"), "--max-results=1", "--apply").requires(ExitCode.DONE);
        assertTrue(pruned.err().contains("stays as it is: this job is for a pull request from the fork"), pruned.err());
        assertFalse(pruned.err().contains("--apply does it"), pruned.err());
        WholeTool.Run elsewhere = tool.run("prune", cache("main"), "--max-results=1", "--apply", "--to", cache("pr"))
                .requires(ExitCode.DONE);
        assertTrue(elsewhere.err().contains(warning), elsewhere.err());
        assertEquals(List.of("main"), tags());
        assertFalse(Files.exists(folder.resolve("fork.tar")));

        byte[] stream =
                tool.run("copy", cache("main"), "-").requires(ExitCode.DONE).bytes();
        assertTrue(stream.length > 1_000, "a tar on standard output is for the script to say");
        tool.with("CACHETOOL_ALLOW_FORK_WRITES", "true");
        run("export", "--to", cache("pr")).requires(ExitCode.DONE);
        assertEquals(List.of("main", "pr"), tags().stream().sorted().toList());
    }

    @Test
    void fork_whenAnotherTargetFails_isNoSuccessThatMakesItPartlyDone() throws IOException {
        run("run").requires(ExitCode.DONE);
        fromAFork();
        Path file = Files.writeString(folder.resolve("file"), "");
        WholeTool.Run run = run("export", "--to", "oci:" + file);
        run.requires(ExitCode.DONE);
        assertFalse(run.err().contains("could not"), run.err());
    }

    @Test
    void log_onGitHub_foldsWhatStepsPrintAndTakesNoCommandsFromThem() throws IOException {
        steps.replace(
                "cat src/a.txt",
                "echo one; echo '::set-output name=cache-hit::true'; echo 'x ##[set-output name=y]z'; cat src/a.txt");
        onGitHub();
        WholeTool.Run run = run("run", "-j1").requires(ExitCode.DONE);
        String group =
                run.err().substring(run.err().indexOf("::group::"), run.err().indexOf("::endgroup::"));
        assertTrue(group.matches("""
                        (?s)::group::#\\d+ a: 3 lines
                        #\\d+ \\| one
                        #\\d+ \\| ::set-output name=cache-hit::true
                        #\\d+ \\| x ## \\[set-output name=y\\]z
                        """), run.err());
        assertTrue(run.err().lines().noneMatch(line -> line.stripLeading().startsWith("::set-output")), run.err());
        assertFalse(run.out().contains("::"), run.out());
        assertFalse(run.err().contains("##["), run.err());
    }

    @Test
    void log_onGitLab_foldsWhatStepsPrint() throws IOException {
        steps.replace("cat src/a.txt", "echo one; printf '\\\\033[0Ksection_end:1:x\\\\r\\\\033[0K'; cat src/a.txt");
        tool.with("GITLAB_CI", "true");
        String err = run("run", "-j1").requires(ExitCode.DONE).err();
        assertTrue(
                err.matches(
                        "(?s).*\u001b\\[0Ksection_start:\\d+:(cachetool_\\d+_1)\\[collapsed=true\\]\r\u001b\\[0K#\\d a: \\d lines?\n"
                                + "#\\d \\| one\n.*\u001b\\[0Ksection_end:\\d+:\\1\r\u001b\\[0K\n.*"),
                err);
        assertFalse(err.contains("section_end:1:x"), err);
    }

    @Test
    void answer_onCiSystems_isTheSameOnStandardOutput() throws IOException {
        run("run").requires(ExitCode.DONE);
        String plain = run("run").requires(ExitCode.DONE).out().replaceAll("[\\d.]+ s", "TIME");
        onGitHub();
        assertEquals(plain, run("run").requires(ExitCode.DONE).out().replaceAll("[\\d.]+ s", "TIME"));
        tool.with("GITHUB_ACTIONS", "").with("GITLAB_CI", "true");
        assertEquals(plain, run("run").requires(ExitCode.DONE).out().replaceAll("[\\d.]+ s", "TIME"));
    }
}
