package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals in the middle of the work: the exit code, and nothing left behind. */
final class SignalIT {
    private static final int MORE_THAN_A_PIPE_HOLDS = 4 << 20;

    @TempDir
    Path temp;

    private Path graph = Path.of("");
    private Path tmp = Path.of("");
    private Path err = Path.of("");

    @BeforeEach
    void makeABuildWithALargeOutput() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("project"));
        graph = folder.resolve("graph.json");
        Files.writeString(graph, """
                { "schemaVersion": 1, "vertices": [
                  { "name": "large", "op": { "exec": { "args": ["make"], "outputs": ["large.bin"] } } } ] }
                """);
        byte[] bytes = new byte[MORE_THAN_A_PIPE_HOLDS];
        new Random(1).nextBytes(bytes);
        Files.write(folder.resolve("large.bin"), bytes);
        tmp = Files.createDirectory(temp.resolve("tmp"));
        err = temp.resolve("err");
    }

    private Process start(String... args) throws IOException {
        return Launch.program(args).with("TMPDIR", tmp.toString()).start(err);
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(tmp)) {
            return files.toList();
        }
    }

    /** Waits for an export in the middle of its work: it writes to a pipe, of which only the first byte is read. */
    private Process exportInTheMiddle() throws IOException {
        Process export = start("export", graph.toString(), "--from-workspace", "--export-roots", "--to", "-");
        assertNotEquals(-1, export.getInputStream().read());
        assertNotEquals(List.of(), temporaryFiles());
        return export;
    }

    private void assertLeftNothing() throws IOException {
        String said = Files.readString(err);
        assertTrue(said.endsWith("\ncachetool: interrupted; nothing was half-published\n"), said);
        assertEquals(List.of(), temporaryFiles());
    }

    @Test
    void export_whenTerminated_endsWith143AndLeavesNothing() throws Exception {
        Process export = exportInTheMiddle();
        export.destroy();
        assertEquals(143, export.waitFor());
        assertLeftNothing();
    }

    @Test
    void export_whenInterrupted_endsWith130AndLeavesNothing() throws Exception {
        assumeFalse(ignoresInterrupts(), "this process was started with SIGINT ignored, and so is what it starts");
        Process export = exportInTheMiddle();
        assertEquals(
                0, Launch.command("sh", "-c", "kill -INT " + export.pid()).run().code());
        assertEquals(130, export.waitFor());
        assertLeftNothing();
    }

    private static boolean ignoresInterrupts() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(
                                        line.substring("SigIgn:".length()).strip(), 16)
                                & 2)
                        != 0;
            }
        }
        return true;
    }

    @Test
    void import_whenTerminatedWhileItReads_endsWith143AndLeavesTheWorkspace() throws Exception {
        Process reading = start("import", graph.toString(), "--from", "-");
        // When all of it is written, most of it was read, and the rest is waited for.
        OutputStream in = reading.getOutputStream();
        in.write(new byte[MORE_THAN_A_PIPE_HOLDS]);
        in.flush();
        assertNotEquals(List.of(), temporaryFiles());
        reading.destroy();
        assertEquals(143, reading.waitFor());
        assertEquals("cachetool: interrupted; nothing was half-published\n", Files.readString(err));
        assertEquals(List.of(), temporaryFiles());
        try (Stream<Path> left = Files.list(temp.resolve("project"))) {
            assertEquals(
                    List.of("graph.json", "large.bin"),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void run_whenTerminated_endsItsStepsAndKeepsWhatWasDone() throws Exception {
        Path steps = graph.resolveSibling("steps.json");
        // Its processes are found by it, in whatever namespace they are.
        String seconds = "1000." + ProcessHandle.current().pid();
        Files.writeString(steps, """
                { "schemaVersion": 1, "vertices": [
                  { "name": "quick", "op": { "exec": { "args": ["sh", "-c", "echo q > q.out"], "outputs": ["q.out"] } } },
                  { "name": "slow", "op": { "exec": { "args": ["sh", "-c", "sleep SECONDS & echo it has begun; wait"], "outputs": ["s.out"] } },
                    "inputs": [ { "vertex": "quick" } ] } ] }
                """.replace("SECONDS", seconds));
        String store = temp.resolve("store").toString();
        Process run = start("run", steps.toString(), "--store", store, "--isolation=folder");
        String begun = "";
        while (!begun.contains(" begun") && run.isAlive()) {
            begun = Files.readString(err);
            Thread.onSpinWait();
        }
        run.destroy();
        assertEquals(143, run.waitFor());
        assertEquals(
                List.of(),
                ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains("sleep " + seconds))
                        .toList());
        Launch.Outcome plan =
                Launch.program("plan", steps.toString(), "--store", store).run().requires(0);
        assertTrue(plan.out().contains("hit    quick"), plan.out());
    }
}
