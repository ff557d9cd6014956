package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.graph.Vertex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a second run shows of a step. */
final class CheckedStepsTest {
    @TempDir
    Path temp;

    private static List<String> check(StepSite site, Vertex step, StepInput... inputs) throws Exception {
        CheckedSteps steps = new CheckedSteps(site.runner());
        steps.run(step, List.of(inputs), site.listener).outputs().release();
        assertEquals(
                site.warned,
                steps.findings().stream().map(CheckedSteps.Finding::text).toList());
        return site.warned;
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenItIsAsItSays_givesNothingToTell(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        site.write("src/a.txt", "a\n");
        site.write("src/b.txt", "b\n");

        assertEquals(
                List.of(),
                check(site, site.shell("cat src/a.txt > out", "'outputs': ['out']"), site.local("src/a.txt")));
        assertEquals(List.of(), site.stepFolders());
    }

    @Test
    void step_whenItReadsAnUndeclaredFile_isToldOfIt() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.AUTO);
        Assumptions.assumeTrue(UndeclaredFiles.canTell(temp), "this file system does not tell when files are read");
        site.write("src/a.txt", "a\n");
        site.write("src/b.txt", "b\n");
        site.write("left/over.txt", "old\n");

        assertEquals(
                List.of("reads left/over.txt, src/b.txt, none of its inputs"),
                check(
                        site,
                        site.shell(
                                "cat src/a.txt > out; cat src/b.txt left/* > /dev/null 2>&1 || :",
                                "'outputs': ['out']"),
                        site.local("src/a.txt")));
    }

    @Test
    void step_whenItUsesAnUndeclaredFile_isToldWhatDependsOnIt() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.AUTO);
        Assumptions.assumeTrue(UndeclaredFiles.canTell(temp), "this file system does not tell when files are read");
        site.write("src/b.txt", "b\n");

        assertEquals(
                List.of("reads src/b.txt, none of its inputs", "makes out, not the same where those files stand"),
                check(site, site.shell("cat src/b.txt > out 2>/dev/null || :", "'outputs': ['out']")));
    }

    @Test
    void step_whenItNeedsAnUndeclaredFile_failsAndIsToldOfIt() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.AUTO);
        Assumptions.assumeTrue(UndeclaredFiles.canTell(temp), "this file system does not tell when files are read");
        site.write("src/a.txt", "a\n");
        site.write("src/b.txt", "b\n");
        CheckedSteps steps = new CheckedSteps(site.runner());

        assertThrows(
                StepFailedException.class,
                () -> steps.run(
                        site.shell("cat src/a.txt src/b.txt > out", "'outputs': ['out']"),
                        List.of(site.local("src/a.txt")),
                        site.listener));

        assertEquals(
                List.of(
                        "reads src/b.txt, none of its inputs",
                        "fails with its inputs alone, but not where all of the workspace stands"),
                site.warned);
    }

    @Test
    void step_whenItLeavesFiles_isToldOfThem() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.AUTO);

        assertEquals(
                List.of("leaves log, tmp/x, none of its outputs"),
                check(site, site.shell("mkdir tmp; touch tmp/x out log", "'outputs': ['out']")));
    }

    @Test
    void step_whenItsOutputsDiffer_isToldOfThem() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.AUTO);

        assertEquals(
                List.of("makes id, not the same each time"),
                check(
                        site,
                        site.shell("cat /proc/sys/kernel/random/uuid > id; echo x > out", "'outputs': ['out', 'id']")));
    }

    @Test
    void step_whenItsOutputsNameTheFolder_isPathSensitive() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.AUTO);
        String script = "echo \"built in $(pwd)\" > out; ln -s \"$(pwd)/out\" link";

        assertEquals(
                List.of("writes the folder that it runs in into link, out: it is path-sensitive"),
                check(site, site.shell(script, "'outputs': ['out', 'link']")));
        site.warned.clear();
        assertEquals(List.of(), check(site, site.shell(script, "'outputs': ['out', 'link'], 'pathSensitive': true")));
    }

    @Test
    void step_whenItFailsElsewhere_isToldOfIt() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.FOLDER);
        site.write("lock", "");

        List<String> told = check(site, site.shell("test ! -e lock", ""));

        assertAll(
                () -> assertEquals(1, told.size()),
                () -> assertTrue(told.get(0).startsWith("fails in another folder"), told.get(0)));
        assertEquals("", Files.readString(site.workspace.resolve("lock")));
    }
}
