package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.step.Isolations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that do what they should not, by the verb run in every isolation: no cache is poisoned, and the step is named. */
@ParameterizedClass
@ValueSource(strings = {"namespace", "folder", "none"})
final class StepMannersTest {
    @TempDir
    private Path folder;

    @Parameter
    private String isolation;

    private Steps steps;

    @BeforeEach
    void makeProject() throws IOException {
        steps = Steps.in(folder.toRealPath())
                .file("src/a.txt", "one\n")
                .file("src/b.txt", "two\n")
                .source("src", "src");
        if (isolation.equals("namespace")) {
            String reason = new Isolations(steps.workspace, steps.store, Isolation.NAMESPACE).reason();
            Assumptions.assumeTrue(reason.isEmpty(), () -> "this machine allows no namespaces: " + reason);
        }
    }

    private WholeTool.Run run(String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "--isolation";
        all[1] = isolation;
        all[2] = "--format=json";
        System.arraycopy(words, 0, all, 3, words.length);
        return steps.run(all);
    }

    private Map<String, String> statuses(String... words) throws IOException {
        return Steps.statusesOf(run(words).requires(ExitCode.DONE));
    }

    private static String distrust(String input) {
        return "warning: what \"spoil\" made is used now and not saved: it changed its input " + input + "\n";
    }

    private void verifyStore() {
        steps.tool
                .run("store", "verify", "--deep", "--store", steps.store.toString())
                .requires(ExitCode.DONE);
    }

    @Test
    void step_thatReadsWhatItDoesNotDeclare_failsWhereItSeesItsInputsAlone() throws IOException {
        steps.step("peek", "cat src/a.txt src/b.txt > peek.out", "peek.out", "src:src/a.txt");

        WholeTool.Run run = run();

        if (isolation.equals("none")) {
            run.requires(ExitCode.DONE);
            assertEquals("one\ntwo\n", steps.read("peek.out"));
        } else {
            run.requires(ExitCode.STEP_FAILED);
            assertEquals(Map.of("peek", "failed"), Steps.statusesOf(run));
            assertTrue(run.err().contains("src/b.txt"), run.err());
            assertEquals("executed", afterMending("src/a.txt src/b.txt", "src/a.txt"));
        }
    }

    private String afterMending(String from, String to) throws IOException {
        return steps.replace(from, to).statuses("--isolation", isolation).get("peek");
    }

    @Test
    void step_thatReadsWhatItDoesNotDeclare_isNamedByTheCheck() throws IOException {
        steps.step("peek", "cat src/a.txt src/b.txt > peek.out", "peek.out", "src:src/a.txt");

        WholeTool.Run run = run("--check-inputs");

        assertEquals(isolation.equals("none") ? ExitCode.DONE : ExitCode.STEP_FAILED, run.code());
        assertTrue(run.err().contains("\"peek\" reads src/b.txt, none of its inputs\n"), run.err());
    }

    @Test
    void step_thatAppendsToItsOutput_beginsWithNone() throws IOException {
        steps.step("append", "cat src/a.txt >> log.out", "log.out", "src:src/a.txt");
        assertEquals(Map.of("append", "executed"), statuses());
        assertEquals("one\n", steps.read("log.out"));

        steps.file("src/a.txt", "three\n");

        assertEquals(Map.of("append", "executed"), statuses());
        assertEquals("three\n", steps.read("log.out"));
        verifyStore();
    }

    @Test
    void step_thatAppendsToItsOutputAndFails_leavesTheOldOneInTheWorkspace() throws IOException {
        steps.step("append", "cat src/a.txt >> log.out; grep -q one src/a.txt", "log.out", "src:src/a.txt");
        statuses();
        steps.file("src/a.txt", "three\n");

        run().requires(ExitCode.STEP_FAILED);

        assertEquals("one\n", steps.read("log.out"));
    }

    @Test
    void step_thatWritesIntoTheResultOfAnother_harmsNothingAndIsNotSaved() throws IOException {
        steps.step("made", "cp src/a.txt made.out; chmod 444 made.out", "made.out", "src:src/a.txt")
                .step("spoil", "echo spoilt >> made.out && cp made.out spoil.out", "spoil.out", "made");
        steps.replace("echo spoilt", "chmod 644 made.out; echo spoilt");

        WholeTool.Run run = run().requires(ExitCode.DONE);

        assertEquals(Map.of("made", "executed", "spoil", "executed"), Steps.statusesOf(run));
        assertTrue(run.err().contains(distrust("made.out")), run.err());
        verifyStore();
        assertEquals(Map.of("made", "hit", "spoil", "executed"), statuses());
        assertEquals(Map.of("made", "hit", "spoil", "unneeded"), statuses("made"));
        assertEquals("one\n", steps.read("made.out"));
        verifyStore();
    }

    @Test
    void step_thatWritesIntoASource_isNotSaved() throws IOException {
        steps.step("spoil", "echo spoilt >> src/a.txt; cp src/a.txt spoil.out", "spoil.out", "src:src/a.txt");

        WholeTool.Run run = run().requires(ExitCode.DONE);

        assertTrue(run.err().contains(distrust("src/a.txt")), run.err());
        assertEquals(isolation.equals("none") ? "one\nspoilt\n" : "one\n", steps.read("src/a.txt"));
        steps.file("src/a.txt", "one\n");
        assertEquals(Map.of("spoil", "executed"), statuses());
        verifyStore();
    }

    @Test
    void step_thatWritesIntoASource_publishesNothingOfIt() throws IOException {
        steps.step("spoil", "echo spoilt >> src/a.txt; cp src/a.txt spoil.out", "spoil.out", "src:src/a.txt");
        String cache = "oci:" + folder.resolve("cache");

        WholeTool.Run run = run("--to", cache, "--mode=max");

        steps.file("src/a.txt", "one\n");
        assertTrue(run.code() == ExitCode.DONE, run.toString());
        if (Files.exists(folder.resolve("cache"))) {
            assertEquals(
                    "miss",
                    Steps.statusesOf(steps.plan("--from", cache, "--format=json", "--store", folder + "/none"))
                            .get("spoil"));
        }
    }
}
