package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.registry.DockerRegistry;
import dev.cachetool.registry.RequestKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The recipes of docs/ci.md, run as they stand there by the distribution, on examples/hello in a Git repository, against
 * Docker's registry with a login. Every job has a checkout and a store of its own, as on a machine that nobody used before.
 */
final class CiDocIT {
    private static final String LOST = "going on without this cache";

    @TempDir
    Path temp;

    private RemoteSite site;
    private Path origin;
    private int jobs;

    @BeforeEach
    void makeARepositoryAndARegistry() throws Exception {
        site = new RemoteSite(temp, DockerRegistry.withPassword(temp.resolve("storage")));
        origin = Files.createDirectories(temp.resolve("origin"));
        Hello.copyTo(origin);
        git(origin, "init", "-q", "-b", "main");
        git(origin, "add", ".");
        git(origin, "commit", "-q", "-m", "main");
        git(origin, "checkout", "-q", "-b", "feature/x");
        Hello.in(origin).change("pages/news.txt", "cheese is back", "cheese is back\nFigs are sold out.");
        git(origin, "commit", "-q", "-a", "-m", "feature");
        git(origin, "checkout", "-q", "main");
    }

    @AfterEach
    void stop() throws IOException {
        site.close();
    }

    private static void git(Path folder, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.com"));
        command.addAll(List.of(words));
        Launch.command(command.toArray(String[]::new))
                .in(folder)
                .with("GIT_CONFIG_GLOBAL", "/dev/null")
                .run()
                .requires(0);
    }

    /** A clone on a machine of its own; a CI system's is on no branch. */
    private Path checkOut(String branch, boolean detached) throws IOException, InterruptedException {
        Path clone = temp.resolve("job-" + ++jobs);
        git(temp, "clone", "-q", origin.toString(), clone.toString());
        git(clone, "checkout", "-q", branch);
        if (detached) {
            git(clone, "checkout", "-q", "--detach");
        }
        return clone;
    }

    /** The fenced blocks of that language in the page. */
    private static List<String> blocks(String language) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher fences = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(Files.readString(Path.of("docs", "ci.md")));
        while (fences.find()) {
            blocks.add(fences.group(1));
        }
        return blocks;
    }

    private static String path() {
        return Launch.DISTRIBUTION.resolve("bin") + ":" + System.getenv("PATH");
    }

    /** How often something was written to the registry since the last time that this was asked. */
    private int writes() {
        int writes = site.proxy.log().count("POST", RequestKind.UPLOAD)
                + site.proxy.log().count("PUT", RequestKind.MANIFEST);
        site.proxy.clear();
        return writes;
    }

    private void requireSite(Path workspace, boolean feature) throws IOException {
        String page = Files.readString(workspace.resolve("out/site/index.html"));
        assertEquals(feature, page.contains("Figs are sold out."), page);
    }

    private String shell(String recipe, String branch) throws IOException, InterruptedException {
        Path workspace = checkOut(branch, false);
        Launch.Outcome outcome = Launch.command("sh", "-e", "-c", recipe)
                .in(workspace)
                .with("PATH", path())
                .with("REGISTRY", site.at("team"))
                .with("DOCKER_AUTH_CONFIG", site.auth(DockerRegistry.USER, DockerRegistry.PASSWORD))
                .with("XDG_CACHE_HOME", temp.resolve("caches-" + jobs).toString())
                .withOneOutput()
                .run()
                .requires(0);
        requireSite(workspace, branch.equals("feature/x"));
        return outcome.out();
    }

    @Test
    void shellRecipe_whereRunBuilds_buildsOnceForEachBranch() throws Exception {
        String push = blocks("sh").get(0);
        String first = shell(push, "main");
        assertTrue(first.contains(LOST) && first.contains("7 vertices: 0 hit, 7 executed"), first);
        assertTrue(writes() > 0);
        String second = shell(push, "main");
        assertTrue(second.contains("1 vertex: 1 hit, 0 executed"), second);
        assertTrue(second.contains("unchanged: "), second);
        assertEquals(0, writes());

        String request = shell(blocks("sh").get(1), "feature/x");
        assertTrue(request.contains("2 hit, 2 executed"), request);
        assertEquals(0, writes());

        String branch = shell(push, "feature/x");
        assertTrue(branch.contains("2 hit, 2 executed"), branch);
        assertTrue(writes() > 0);
        String again = shell(blocks("sh").get(1), "feature/x");
        assertTrue(again.contains("1 hit, 0 executed") && !again.contains(LOST), again);
        assertTrue(shell(push, "main").contains("unchanged: "), "what main has is what it had");
    }

    @Test
    void shellRecipe_whereAScriptBuilds_buildsOnceForEachBranch() throws Exception {
        String push = blocks("sh").get(2);
        String request = blocks("sh").get(3);
        String first = shell(push, "main");
        assertTrue(first.contains("0 hit, 7 miss") && !first.contains("nothing to build"), first);
        assertTrue(writes() > 0);
        String second = shell(push, "main");
        assertTrue(second.contains("\nnothing to build\n") && second.contains("unchanged: "), second);
        assertEquals(0, writes());

        assertTrue(shell(request, "feature/x").endsWith("to build: pages\n"));
        shell(push, "feature/x");
        assertTrue(writes() > 0);
        assertFalse(shell(request, "feature/x").contains("to build"));
        assertEquals(0, writes());
    }

    /** As it stands on the page, but for the host of GitHub's registry. */
    private String gitHubWorkflow(int number) throws IOException {
        String workflow = blocks("yaml").get(number);
        assertTrue(workflow.contains(" ghcr.io/"), workflow);
        return workflow.replace(" ghcr.io/", " " + site.at("hub") + "/");
    }

    private GitHubJob gitHub(Path workspace) throws IOException {
        return new GitHubJob(workspace, temp.resolve("runner-" + jobs))
                .set("PATH", path())
                .context("github.repository", "org/app")
                .context("github.actor", DockerRegistry.USER)
                .context("github.token", DockerRegistry.PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void gitHubRecipe_whenPushedAndRequested_buildsOnceForEachBranch(int number) throws Exception {
        String workflow = gitHubWorkflow(number);

        Path workspace = checkOut("main", true);
        GitHubJob first = gitHub(workspace).pushTo("main");
        assertFalse(first.run(workflow, "pull-request", true));
        assertTrue(first.run(workflow, "push", true));
        assertTrue(first.summary().contains(": 0 of 7 vertices hit (0 %)"), first.summary());
        requireSite(workspace, false);
        assertTrue(writes() > 0);

        workspace = checkOut("main", true);
        GitHubJob second = gitHub(workspace).pushTo("main");
        second.run(workflow, "push", true);
        assertTrue(second.summary().contains("hit (100 %)"), second.summary());
        requireSite(workspace, false);
        assertEquals(0, writes());

        workspace = checkOut("feature/x", true);
        GitHubJob request = gitHub(workspace).pullRequestFrom("feature/x", "org/app");
        assertFalse(request.run(workflow, "push", true));
        assertTrue(request.run(workflow, "pull-request", true));
        assertTrue(request.summary().contains("| <code>pages</code> |"), request.summary());
        requireSite(workspace, true);
        assertEquals(0, writes());

        // The job that pushes, which a fork's request does not begin, would not write either.
        workspace = checkOut("feature/x", true);
        GitHubJob fork = gitHub(workspace).pullRequestFrom("main", "someone/app");
        fork.run(workflow, "push", false);
        assertTrue(
                fork.log().contains("is not written: this job is for a pull request from the fork someone/app"),
                fork.log());
        assertFalse(fork.summary().contains("0 of 7"), fork.summary());
        requireSite(workspace, true);
        assertEquals(0, writes());

        workspace = checkOut("feature/x", true);
        gitHub(workspace).pushTo("feature/x").run(workflow, "push", true);
        assertTrue(writes() > 0);
        workspace = checkOut("feature/x", true);
        GitHubJob again = gitHub(workspace).pullRequestFrom("feature/x", "org/app");
        again.run(workflow, "pull-request", true);
        assertTrue(again.summary().contains("hit (100 %)"), again.summary());
        assertFalse(again.log().contains(LOST), again.log());
    }

    @Test
    void action_fromABundle_isWhatTheRecipeSays() throws Exception {
        String workflow = gitHubWorkflow(2);
        Path bundle = bundle();
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(bundle)));
        for (boolean expected : List.of(false, true)) {
            Path workspace = checkOut("main", true);
            addAction(workspace);
            GitHubJob job = gitHub(workspace)
                    .pushTo("main")
                    .set("PATH", System.getenv("PATH"))
                    .context("vars.CACHETOOL_BUNDLE", bundle.toUri().toString())
                    .context("vars.CACHETOOL_BUNDLE_SHA256", sum);
            job.run(workflow, "push", true);
            assertEquals(Boolean.toString(expected), job.output("cache", "cache-hit"), job::log);
            assertEquals(
                    expected ? "" : "orders", job.output("cache", "missing").split("\n", -1)[0]);
            assertTrue(job.output("cache", "digest").startsWith("sha256:"), job::log);
            assertEquals(expected, job.log().contains("nothing was built"), job::log);
        }
    }

    private static void addAction(Path workspace) throws IOException {
        Path folder = Files.createDirectories(workspace.resolve(".github/actions/cachetool"));
        Files.copy(Path.of("action.yml"), folder.resolve("action.yml"));
    }

    /** An archive with one folder, whose bin has a launcher, as the distribution's archives have. */
    private Path bundle() throws IOException, InterruptedException {
        Path bin = Files.createDirectories(temp.resolve("cachetool-1/bin"));
        Path launcher = Files.writeString(
                bin.resolve("cachetool"), "#!/bin/sh\nexec '" + Launch.launcher(Launch.DISTRIBUTION) + "' \"$@\"\n");
        assertTrue(launcher.toFile().setExecutable(true));
        Path bundle = temp.resolve("cachetool.tar.gz");
        Launch.command("tar", "-czf", bundle.toString(), "cachetool-1")
                .in(temp)
                .run()
                .requires(0);
        return bundle;
    }

    private GitLabJob gitLab(Path workspace) throws IOException {
        return new GitLabJob(workspace, temp.resolve("runner-" + jobs))
                .set("PATH", path())
                .set("CI_REGISTRY_IMAGE", site.at("lab/group/app"))
                .set("CI_REGISTRY_USER", DockerRegistry.USER)
                .set("CI_REGISTRY_PASSWORD", DockerRegistry.PASSWORD)
                .set("CI_DEFAULT_BRANCH", "main");
    }

    @Test
    void gitLabRecipe_whereRunBuilds_buildsOnceForEachBranch() throws Exception {
        String pipeline = blocks("yaml").get(3);

        GitLabJob first = gitLab(checkOut("main", true)).pushTo("main");
        assertEquals(Map.of(), first.run(pipeline, "merge-request", true));
        Map<String, String> report = first.run(pipeline, "push", true);
        assertEquals("false", report.get("CACHE_HIT"));
        assertEquals("orders prices totals table chart pages site", report.get("CACHE_MISSING"));
        assertTrue(writes() > 0);

        Path workspace = checkOut("main", true);
        GitLabJob second = gitLab(workspace).pushTo("main");
        report = second.run(pipeline, "push", true);
        assertEquals("true", report.get("CACHE_HIT"), second::log);
        requireSite(workspace, false);
        assertEquals(0, writes());
        report.forEach(second::set);
        second.run(pipeline, "told", true);
        assertEquals("hit true, 1 hits, 0 misses\n", second.log());

        workspace = checkOut("feature/x", true);
        GitLabJob request = gitLab(workspace).mergeRequestFrom("feature/x", "group/app");
        assertEquals(Map.of(), request.run(pipeline, "push", true));
        report = request.run(pipeline, "merge-request", true);
        assertEquals("pages site", report.get("CACHE_MISSING"));
        requireSite(workspace, true);
        assertEquals(0, writes());
        report.forEach(request::set);
        request.run(pipeline, "told", true);
        assertEquals("hit false, 2 hits, 2 misses\nbuilt pages\nbuilt site\n", request.log());

        GitLabJob fork = gitLab(checkOut("feature/x", true)).mergeRequestFrom("main", "someone/app");
        fork.run(pipeline, "push", false);
        assertTrue(
                fork.log().contains("is not written: this job is for a merge request from the fork someone/app"),
                fork.log());
        assertEquals(0, writes());

        gitLab(checkOut("feature/x", true)).pushTo("feature/x").run(pipeline, "push", true);
        assertTrue(writes() > 0);
        GitLabJob again = gitLab(checkOut("feature/x", true)).mergeRequestFrom("feature/x", "group/app");
        assertEquals("true", again.run(pipeline, "merge-request", true).get("CACHE_HIT"));
    }

    @Test
    void gitLabRecipe_whereAScriptBuilds_buildsOnceForEachBranch() throws Exception {
        String pipeline = blocks("yaml").get(4);
        GitLabJob first = gitLab(checkOut("main", true)).pushTo("main");
        first.run(pipeline, "push", true);
        assertTrue(first.log().contains("0 hit, 7 miss"), first.log());
        assertTrue(writes() > 0);
        GitLabJob second = gitLab(checkOut("main", true)).pushTo("main");
        second.run(pipeline, "push", true);
        assertTrue(second.log().contains("7 hit, 0 miss"), second.log());
        assertEquals(0, writes());

        Path workspace = checkOut("feature/x", true);
        GitLabJob request = gitLab(workspace).mergeRequestFrom("feature/x", "group/app");
        request.run(pipeline, "merge-request", true);
        assertTrue(request.log().contains("1 miss"), request.log());
        requireSite(workspace, true);
        GitLabJob fork = gitLab(checkOut("feature/x", true)).mergeRequestFrom("main", "someone/app");
        fork.run(pipeline, "push", false);
        assertTrue(fork.log().contains("is not written"), fork.log());
        assertEquals(0, writes());
    }

    @Test
    void page_whenRead_hasEveryRecipeThatIsRunHere() throws IOException {
        assertEquals(4, blocks("sh").size());
        assertEquals(5, blocks("yaml").size());
        assertEquals(
                3,
                blocks("yaml").stream()
                        .filter(text -> text.contains("\njobs:\n"))
                        .count());
    }

    @Test
    void action_whenRead_hasNoExpressionInAScript() throws IOException {
        String text = new String(Files.readAllBytes(Path.of("action.yml")), StandardCharsets.UTF_8);
        Map<String, Object> action = GitHubJob.yaml(text);
        Object steps = GitHubJob.map(action, "runs").get("steps");
        int scripts = 0;
        for (Object step : (List<?>) steps) {
            String script = String.valueOf(((Map<?, ?>) step).get("run"));
            assertFalse(script.contains("${{"), script);
            assertEquals("bash", ((Map<?, ?>) step).get("shell"));
            scripts++;
        }
        assertEquals(2, scripts);
        for (String output : List.of("cache-hit", "hits", "misses", "missing", "hit-rate", "bytes-pulled", "digest")) {
            assertEquals(
                    "${{ steps.cachetool.outputs." + output + " }}",
                    GitHubJob.map(GitHubJob.map(action, "outputs"), output).get("value"));
        }
    }

    /** Runs a job of one step, which is the action with these inputs. */
    private static void act(GitHubJob job, String inputs) throws Exception {
        job.run("""
                jobs:
                  push:
                    steps:
                      - id: cache
                        uses: ./.github/actions/cachetool
                        with: { %s }
                """.formatted(inputs), "push", true);
    }

    @Test
    void action_whenItsInputsMeanHarm_takesThemAsText() throws Exception {
        Path workspace = checkOut("main", true);
        addAction(workspace);
        String harm = "$(touch harm)`touch harm`'; touch harm; \"";
        GitHubJob job = gitHub(workspace).pushTo("main").context("vars.HARM", "oci:" + harm);
        act(job, "verb: plan, graph: graph.json, from: \"${{ vars.HARM }}\"");
        assertEquals("false", job.output("cache", "cache-hit"));
        assertTrue(job.log().contains("touch harm"), job.log());
        assertFalse(Files.exists(workspace.resolve("harm")));
    }

    @Test
    void action_whenItsLinesHaveBlanks_takesTheWords() throws Exception {
        Path workspace = checkOut("main", true);
        addAction(workspace);
        GitHubJob job = gitHub(workspace).pushTo("main");
        act(job, "verb: plan, from: \"  oci:none here  \\n\\n\", args: \"  --print  \\n  miss\\t\"");
        assertTrue(job.log().contains("\norders\n"), job.log());
        assertTrue(job.log().contains("none here:"), job.log());
    }

    @Test
    void action_whenTheBundleIsAnotherOne_stops() throws Exception {
        Path workspace = checkOut("main", true);
        addAction(workspace);
        Path bundle = bundle();
        for (String sum : List.of("0".repeat(64), "", "../x")) {
            GitHubJob job = gitHub(workspace).pushTo("main");
            AssertionError stopped = org.junit.jupiter.api.Assertions.assertThrows(
                    AssertionError.class,
                    () -> act(job, "bundle: \"%s\", bundle-sha256: \"%s\"".formatted(bundle.toUri(), sum)));
            String said = String.valueOf(stopped.getMessage());
            assertTrue(said.contains("bundle-sha256"), said);
            assertFalse(said.contains("vertices"), said);
        }
    }
}
