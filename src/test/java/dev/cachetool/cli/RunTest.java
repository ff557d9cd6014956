package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verb run with real steps: what is executed, what is loaded and why, what stands in the workspace afterwards. */
final class RunTest {
    @TempDir
    private Path folder;

    private Steps steps;

    @BeforeEach
    void makeProject() throws IOException {
        steps = Steps.in(folder)
                .file("src/a.txt", "one\n# a comment\n")
                .file("src/b.txt", "two\n")
                .source("src", "src")
                .step("strip", "grep -v '^#' src/a.txt > a.out", "a.out", "src:src/a.txt")
                .step("upper", "tr a-z A-Z < a.out > upper.out", "upper.out", "strip")
                .step("other", "cat src/b.txt > b.out", "b.out", "src:src/b.txt")
                .step("all", "cat upper.out b.out > all.out", "all.out", "upper", "other");
    }

    @Test
    void run_whenNothingIsCached_executesAllAndRestoresTheTarget() throws IOException {
        WholeTool.Run run = steps.run().requires(ExitCode.DONE);
        assertTrue(run.out().endsWith("\n"));
        assertTrue(run.out().contains("4 vertices: 0 hit, 4 executed, 0 failed; took "), run.out());
        assertEquals("ONE\ntwo\n", steps.read("all.out"));
        assertFalse(Files.exists(steps.workspace.resolve("upper.out")), "no target, and yet in the workspace");
    }

    @Test
    void run_whenNothingChanged_loadsTheTargetAndTouchesNothing() throws IOException {
        steps.run().requires(ExitCode.DONE);
        FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Files.setLastModifiedTime(steps.workspace.resolve("all.out"), old);
        assertEquals(
                Map.of("all", "hit", "upper", "unneeded", "other", "unneeded", "strip", "unneeded"), steps.statuses());
        assertEquals(old, Files.getLastModifiedTime(steps.workspace.resolve("all.out")));
    }

    @Test
    void run_whenACommentChanged_stopsWhereTheContentIsWhatItWas() throws IOException {
        steps.run().requires(ExitCode.DONE);
        steps.file("src/a.txt", "one\n# another comment\n");
        WholeTool.Run run = steps.run("--format=json").requires(ExitCode.DONE);
        assertEquals(
                Map.of("strip", "executed", "other", "unneeded", "upper", "unneeded", "all", "hit"),
                Steps.statusesOf(run));
        assertTrue(run.err().contains("#1 "), run.err());
        assertTrue(run.err().contains("miss: src/a.txt changed"), run.err());
    }

    @Test
    void run_whenTheStoreIsGone_doesNotSayThatSomethingChanged() throws IOException {
        steps.run().requires(ExitCode.DONE);
        TemporaryDirectory.deleteTree(steps.store);

        WholeTool.Run run = steps.run().requires(ExitCode.DONE);

        assertTrue(run.err().contains("#1 "), run.err());
        assertFalse(run.err().contains("changed"), run.err());
        assertTrue(run.err().contains("all: miss: not in the cache\n"), run.err());
    }

    @Test
    void run_whenAnInputChanged_executesItsDependentsAlone() throws IOException {
        steps.run().requires(ExitCode.DONE);
        steps.file("src/b.txt", "three\n");
        assertEquals(
                Map.of("strip", "unneeded", "upper", "hit", "other", "executed", "all", "executed"), steps.statuses());
        assertEquals("ONE\nthree\n", steps.read("all.out"));
        steps.file("src/b.txt", "two\n");
        assertEquals("hit", steps.statuses().get("all"));
        assertEquals("ONE\ntwo\n", steps.read("all.out"));
    }

    @Test
    void run_whenOnlyOneTargetIsNamed_makesNoMoreThanThat() throws IOException {
        assertEquals(
                Map.of("strip", "executed", "upper", "executed", "other", "unneeded", "all", "unneeded"),
                steps.statuses("upper"));
        assertEquals("ONE\n", steps.read("upper.out"));
    }

    @Test
    void run_whenATargetIsUnknown_saysWhichIsNear() throws IOException {
        WholeTool.Run run = steps.run("uper").requires(ExitCode.USAGE);
        assertEquals("cachetool: the graph has no vertex \"uper\"\n  did you mean \"upper\"?\n", run.err());
    }

    @Test
    void run_whenOutputsAreDamagedOrGone_bringsThemBack() throws IOException {
        steps.run().requires(ExitCode.DONE);
        Files.delete(steps.workspace.resolve("all.out"));
        assertEquals("hit", steps.statuses().get("all"));
        assertEquals("ONE\ntwo\n", steps.read("all.out"));
        steps.file("all.out", "damaged\n");
        assertEquals("hit", steps.statuses().get("all"));
        assertEquals("ONE\ntwo\n", steps.read("all.out"));
    }

    @Test
    void run_whenAllIsToBeMaterialized_restoresWhatLiesBelowHitsToo() throws IOException {
        steps.run().requires(ExitCode.DONE);
        Map<String, String> statuses = steps.statuses("--materialize=all");
        assertEquals(Map.of("all", "hit", "upper", "hit", "other", "hit", "strip", "hit"), statuses);
        assertEquals("ONE\n", steps.read("upper.out"));
        assertEquals("one\n", steps.read("a.out"));
    }

    @Test
    void run_whenNoCacheIsWanted_executesAllAndSavesIt() throws IOException {
        steps.run().requires(ExitCode.DONE);
        assertEquals(
                Map.of("all", "executed", "upper", "executed", "other", "executed", "strip", "executed"),
                steps.statuses("--no-cache"));
        assertEquals("hit", steps.statuses().get("all"));
        Map<String, String> filtered = steps.statuses("--no-cache-filter", "other");
        assertEquals("hit", filtered.get("all"));
        assertEquals("executed", steps.statuses("--no-cache-filter=all").get("all"));
        assertEquals(ExitCode.USAGE, steps.run("--no-cache-filter=al").code());
    }

    @Test
    void run_whenAStepFails_saysAllThatHelpsAndSavesTheRest() throws IOException {
        steps = Steps.in(folder)
                .step("good", "echo fine > good.out", "good.out")
                .step("bad", "echo about to fail; exit 3", "bad.out")
                .step("above", "cat bad.out > above.out", "above.out", "bad")
                .step("aside", "cat good.out > aside.out", "aside.out", "good");
        WholeTool.Run run =
                steps.run("-j", "1", "--keep-going", "--format=json").requires(ExitCode.STEP_FAILED);
        assertEquals(
                Map.of("good", "executed", "bad", "failed", "above", "skipped", "aside", "executed"),
                Steps.statusesOf(run));
        assertTrue(run.err().contains("cachetool: \"bad\" failed: "), run.err());
        assertTrue(run.err().contains("| about to fail"), run.err());
        assertTrue(run.err().contains("to run it by hand: "), run.err());
        assertFalse(Files.exists(steps.workspace.resolve("aside.out")), "restored though the run failed");
        steps.replace("exit 3", "echo > bad.out");
        assertEquals(
                Map.of("good", "unneeded", "bad", "executed", "above", "executed", "aside", "hit"), steps.statuses());
    }

    @Test
    void run_whenAStepFailed_publishesNothing() throws IOException {
        steps = Steps.in(folder)
                .step("good", "echo fine > good.out", "good.out")
                .step("bad", "exit 3", "bad.out", "good");
        Path cache = folder.resolve("cache");
        WholeTool.Run run = steps.run("--to", "oci:" + cache, "--mode=max").requires(ExitCode.STEP_FAILED);
        assertFalse(Files.exists(cache), run.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci:", "oci-archive:"})
    void run_onAnEmptyStore_loadsWhatAnotherOnePublished(String form) throws IOException {
        String cache = form + folder.resolve("cache");
        steps.run("--to", cache, "--mode=max").requires(ExitCode.DONE);
        Steps elsewhere = again("elsewhere");
        Map<String, String> statuses = elsewhere.statuses("--from", cache);
        assertEquals(Map.of("all", "hit", "upper", "unneeded", "other", "unneeded", "strip", "unneeded"), statuses);
        assertEquals("ONE\ntwo\n", elsewhere.read("all.out"));
        elsewhere.file("src/a.txt", "new\n");
        assertEquals(
                Map.of("all", "executed", "upper", "executed", "other", "hit", "strip", "executed"),
                elsewhere.statuses("--from", cache));
        assertEquals("NEW\ntwo\n", elsewhere.read("all.out"));
    }

    /** The same project, in another workspace with a store of its own. */
    private Steps again(String name) throws IOException {
        Steps other = Steps.in(folder.resolve(name));
        Files.copy(steps.workspace.resolve("graph.json"), other.workspace.resolve("graph.json"));
        return other.file("src/a.txt", "one\n# a comment\n").file("src/b.txt", "two\n");
    }

    @Test
    void run_whenALayerIsDamaged_warnsAndExecutesTheStep() throws IOException {
        Path cache = folder.resolve("cache");
        steps.run("--to", "oci:" + cache, "--mode=max").requires(ExitCode.DONE);
        try (Stream<Path> blobs = Files.list(cache.resolve("blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                byte[] bytes = Files.readAllBytes(blob);
                if (bytes.length > 4 && bytes[0] == 0x28 && bytes[1] == (byte) 0xb5) {
                    bytes[bytes.length / 2] ^= 1;
                    Files.write(blob, bytes);
                }
            }
        }
        Steps elsewhere = again("elsewhere");
        WholeTool.Run run =
                elsewhere.run("--from", "oci:" + cache, "--format=json").requires(ExitCode.DONE);
        assertEquals("executed", Steps.statusesOf(run).get("all"));
        assertEquals("ONE\ntwo\n", elsewhere.read("all.out"));
        assertTrue(run.err().contains("it counts as a miss"), run.err());
        assertEquals(
                ExitCode.INTEGRITY,
                again("strict").run("--from", "oci:" + cache, "--strict").code());
    }

    @Test
    void run_whenNothingIsPublished_saysWhy() throws IOException {
        Path cache = folder.resolve("roots");
        steps = Steps.in(folder.resolve("alone")).step("alone", "echo x > alone.out", "alone.out");
        WholeTool.Run root = steps.run("--to", "oci:" + cache).requires(ExitCode.DONE);
        assertTrue(root.err().contains("no vertex has a result to publish\n"), root.err());
        assertTrue(
                root.err().contains("  results of vertices without inputs go along with --export-roots\n"), root.err());
        assertFalse(Files.exists(cache));
        steps.run("--to", "oci:" + cache, "--export-roots").requires(ExitCode.DONE);
        steps.tool.run("verify", "oci:" + cache, "--deep").requires(ExitCode.DONE);

        steps.step("bad", "exit 3", "bad.out", "alone");
        WholeTool.Run failed =
                steps.run("--to", "oci:" + folder.resolve("failed")).requires(ExitCode.STEP_FAILED);
        assertTrue(failed.err().contains("nothing was published, since not all of it succeeded\n"), failed.err());
        assertFalse(Files.exists(folder.resolve("failed")));
    }

    @Test
    void run_whenItIsDry_saysWhatPlanSays() throws IOException {
        steps.run().requires(ExitCode.DONE);
        steps.file("src/a.txt", "one\n# another\n");
        WholeTool.Run plan = steps.plan().requires(ExitCode.DONE);
        assertEquals(plan.out(), steps.run("--dry-run").requires(ExitCode.DONE).out());
        assertTrue(plan.out().contains("miss"), plan.out());
        assertTrue(plan.out().contains("a hit if strip makes what it made before"), plan.out());
        assertTrue(plan.out().contains("local store"), plan.out());
        assertEquals("one\n# another\n", steps.read("src/a.txt"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|a hit if strip1 makes what it made before",
                "2|a hit if strip1 and strip2 make what they made before",
                "3|a hit if strip1, strip2 and strip3 make what they made before",
                "5|a hit if strip1, strip2 and 3 more make what they made before",
            })
    void plan_whenAHitHangsOnSeveralSteps_namesThem(int changed, String reason) throws IOException {
        Steps many = Steps.in(folder.resolve("many"));
        List<String> outputs = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            many.file("src" + i + "/a.txt", "one\n")
                    .source("src" + i, "src" + i)
                    .step(
                            "strip" + i,
                            "grep -v '^#' src" + i + "/a.txt > strip" + i + ".out",
                            "strip" + i + ".out",
                            "src" + i);
            outputs.add("strip" + i);
        }
        many.step("all", "cat strip*.out > all.out", "all.out", outputs.toArray(String[]::new))
                .targets("all");
        many.run().requires(ExitCode.DONE);
        for (int i = 1; i <= changed; i++) {
            many.file("src" + i + "/a.txt", "one\n# another\n");
        }

        WholeTool.Run plan = many.plan().requires(ExitCode.DONE);

        assertTrue(plan.out().contains(reason + "\n"), plan.out());
        assertEquals("hit", Steps.statusesOf(many.run("--format=json")).get("all"));
    }

    @Test
    void run_whenReplayed_showsAgainWhatStepsPrinted() throws IOException {
        steps = Steps.in(folder).step("talk", "echo said once; echo x > talk.out", "talk.out");
        assertTrue(steps.run().err().contains("#1 | said once\n"));
        assertFalse(steps.run().err().contains("said once"));
        assertTrue(steps.run("--replay").err().contains("#1 | said once\n"));
        assertTrue(steps.run("--replay", "--progress=tty").err().contains("#1 | said once\n"));
        assertFalse(steps.run("--replay", "--progress=quiet").err().contains("said once"));
    }

    @Test
    void run_whenVariablesChange_missesForThoseThatCount() throws IOException {
        steps = Steps.in(folder)
                .step(
                        "vars",
                        "echo $COUNTS $PASSES $FIXED > vars.out",
                        "vars.out",
                        ", \"env\": { \"FIXED\": \"1\" }, \"keyEnv\": [\"COUNTS\"], \"passEnv\": [\"PASSES\"]",
                        new String[0]);
        steps.tool.with("COUNTS", "a").with("PASSES", "b");
        assertEquals("executed", steps.statuses().get("vars"));
        assertEquals("a b 1\n", steps.read("vars.out"));
        steps.tool.with("PASSES", "c");
        assertEquals("hit", steps.statuses().get("vars"));
        steps.tool.with("COUNTS", "d");
        WholeTool.Run run = steps.run().requires(ExitCode.DONE);
        assertTrue(run.err().contains("#1 vars: miss: keyEnv COUNTS changed\n"), run.err());
        steps.replace("\"FIXED\": \"1\"", "\"FIXED\": \"2\"");
        assertTrue(steps.run().err().contains("miss: env FIXED changed: 1 → 2\n"));
        assertEquals("d c 2\n", steps.read("vars.out"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "folder", "none"})
    void run_inEveryIsolation_makesTheSame(String isolation) throws IOException {
        steps.run("--isolation", isolation).requires(ExitCode.DONE);
        assertEquals("ONE\ntwo\n", steps.read("all.out"));
        steps.file("src/b.txt", "three\n");
        steps.run("--isolation", isolation).requires(ExitCode.DONE);
        assertEquals("ONE\nthree\n", steps.read("all.out"));
    }

    @Test
    void run_whenAVertexIsOpaque_saysThatItCannotBeExecuted() throws IOException {
        steps = Steps.in(folder)
                .vertex("{ \"name\": \"theirs\", \"op\": { \"opaque\": { \"cacheMaps\": [ { \"digest\": \"sha256:"
                        + "0".repeat(64) + "\" } ] } } }");
        WholeTool.Run run = steps.run().requires(ExitCode.STEP_FAILED);
        assertTrue(run.err().contains("could not execute \"theirs\": it is opaque"), run.err());
    }

    @Test
    void run_withRawEvents_printsOneObjectALine() throws IOException {
        WholeTool.Run run = steps.run("--progress=rawjson").requires(ExitCode.DONE);
        List<String> lines = run.err().lines().toList();
        assertTrue(lines.stream().allMatch(line -> line.startsWith("{\"event\":")), run.err());
        assertTrue(lines.stream().anyMatch(line -> line.contains("\"event\":\"executed\"")), run.err());
    }

    @Test
    void run_whenAStepWritesIntoItsInput_usesTheResultAndSavesNothingOfIt() throws IOException {
        steps = Steps.in(folder)
                .file("in/a.txt", "as it was\n")
                .source("in", "in")
                .step("rewrites", "echo changed >> in/a.txt; cp in/a.txt r.out", "r.out", "in")
                .step("above", "cat r.out > above.out", "above.out", "rewrites");
        Path cache = folder.resolve("cache");
        for (int round = 0; round < 2; round++) {
            WholeTool.Run run = steps.run("--isolation=folder", "--to", "oci:" + cache, "--mode=max", "--format=json")
                    .requires(ExitCode.DONE);
            assertEquals(Map.of("rewrites", "executed", "above", "executed"), Steps.statusesOf(run));
            assertTrue(run.err().contains("what \"rewrites\" made is used now and not saved: "), run.err());
            assertTrue(run.err().contains("what \"above\" made is used now and not saved: "), run.err());
            assertEquals("as it was\nchanged\n", steps.read("above.out"));
            assertEquals("as it was\n", steps.read("in/a.txt"));
        }
        assertFalse(Files.exists(cache.resolve("index.json")), "published what is not trusted");
    }

    @Test
    void run_whenOneOfSeveralTargetsFails_endsWithoutRestoringAny() throws IOException {
        steps = Steps.in(folder)
                .step("bad", "exit 7", "bad.out")
                .step("above", "cat bad.out > above.out", "above.out", "bad");
        WholeTool.Run run = steps.run().requires(ExitCode.STEP_FAILED);
        assertTrue(run.out().contains("skipped   above   bad failed\n"), run.out());
        assertTrue(run.out().contains("2 vertices: 0 hit, 0 executed, 1 failed, 1 skipped; took "), run.out());
        assertTrue(run.err().contains("7"), run.err());
    }
}
