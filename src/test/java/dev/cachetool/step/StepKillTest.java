package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.Mounted;
import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.graph.Vertex;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a process leaves that is killed while a step runs, and a full disk. */
@Timeout(120)
final class StepKillTest {
    @TempDir
    Path temp;

    /** The process that is killed: runs a step that says where it is and never ends. */
    public static void main(String[] args) throws Exception {
        StepSite site = StepSite.in(Path.of(args[0]), Isolation.valueOf(args[1]));
        StepListener listener = new StepListener() {
            @Override
            public void printed(Vertex vertex, String line) {
                System.out.println(line);
                System.out.flush();
            }
        };
        site.runner().run(site.shell(script(args[2]), "'outputs': ['out']"), List.of(), listener);
    }

    private static String script(String sleep) {
        return "echo half > out; sleep " + sleep + " & echo begun; sleep " + sleep;
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenItsProcessIsKilled_diesAndIsUndone(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        Assumptions.assumeTrue(Wrappers.ofThisMachine().command().contains("--pdeathsig"), "there is no setpriv");
        site.write("out", "old\n");
        String sleep = "87654." + System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        StepSite.classPath().stream()
                                .map(Path::toString)
                                .collect(Collectors.joining(File.pathSeparator)),
                        StepKillTest.class.getName(),
                        temp.toString(),
                        isolation.name(),
                        sleep)
                .redirectErrorStream(true)
                .start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);

        String first = lines.readLine();
        process.destroyForcibly().waitFor();
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(one -> one.info().commandLine().orElse("").contains(sleep))
                .toList();
        for (ProcessHandle one : left) {
            if (isolation != Isolation.NAMESPACE
                    && one.info().command().orElse("").endsWith("sleep")) {
                // Without a namespace only the step's own process is sure to die, not what it started.
                one.destroyForcibly();
            }
            one.onExit().get(60, TimeUnit.SECONDS);
        }

        assertEquals("begun", first);
        if (isolation == Isolation.NONE) {
            assertEquals("half\n", Files.readString(site.workspace.resolve("out")));
        }
        // The next run puts back what was moved aside, and fails in its turn.
        assertThrows(
                StepFailedException.class,
                () -> site.run(site.shell(script(sleep), "'outputs': ['out'], 'timeout': '100ms'")));
        assertAll(
                () -> assertEquals("old\n", Files.readString(site.workspace.resolve("out"))),
                () -> assertEquals(List.of(), site.stepFolders()));
    }

    @Test
    void outputs_whenTheDiskIsFull_areGoneAndSaid() throws Exception {
        try (Mounted disk = Mounted.of(temp.resolve("disk"), 2 << 20)) {
            StepSite site = StepSite.in(temp, disk.at().resolve("store"), Isolation.FOLDER);

            StepFailedException failure = assertThrows(
                    StepFailedException.class,
                    () -> site.run(site.shell("dd if=/dev/zero of=out bs=64k count=64", "'outputs': ['out']")));
            Files.write(site.workspace.resolve("big"), new byte[4 << 20]);
            IOException tooBig =
                    assertThrows(IOException.class, () -> site.run(site.shell("true", ""), site.local("big")));
            StepOutcome small = site.run(site.shell("echo x > out", "'outputs': ['out']"));

            assertAll(
                    () -> assertTrue(failure.lastLines().toString().contains("No space left"), failure.toString()),
                    () -> assertTrue(String.valueOf(tooBig.getMessage()).contains("No space left"), tooBig::toString),
                    () -> assertEquals("x\n", StepSite.text(small, "out")),
                    () -> assertEquals(List.of(), site.stepFolders()));
            site.store.close();
        }
    }
}
