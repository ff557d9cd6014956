package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.graph.Vertex;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the processes of steps end. A process is found by what stands in its command line. */
@Timeout(120)
final class StepProcessesTest {
    @TempDir
    Path temp;

    /** A number of seconds to sleep that no other process has. */
    private final String sleep = "98765." + System.nanoTime();

    private List<String> sleepers() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(sleep))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenItRunsTooLong_endsWithAllItStarted(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        Vertex step = site.shell(
                "echo begun; (sleep " + sleep + " & sleep " + sleep + ") & sleep " + sleep, "'timeout': '300ms'");

        StepFailedException failure = assertThrows(StepFailedException.class, () -> site.run(step));

        assertAll(
                () -> assertEquals("it did not end within 300 ms", failure.getMessage()),
                () -> assertEquals(-1, failure.exitCode()),
                () -> assertEquals(List.of("begun"), failure.lastLines()),
                () -> assertEquals(List.of(), sleepers()));
    }

    @Test
    void step_whenItDoesNotHearToEnd_isKilled() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.FOLDER);
        Vertex step = site.shell("trap '' TERM; sleep " + sleep + " & sleep " + sleep, "'timeout': '100ms'");

        assertThrows(StepFailedException.class, () -> site.run(step));

        assertEquals(List.of(), sleepers());
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenInterrupted_endsWithAllItStartedAndIsUndone(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        site.write("out", "old\n");
        Vertex step = site.shell(
                "echo half > out; (sleep " + sleep + " &) ; echo begun; sleep " + sleep, "'outputs': ['out']");
        CountDownLatch begun = new CountDownLatch(1);
        StepListener listener = new StepListener() {
            @Override
            public void printed(Vertex vertex, String line) {
                begun.countDown();
            }
        };
        FutureTask<StepOutcome> run = new FutureTask<>(() -> site.runner().run(step, List.of(), listener));
        Thread thread = new Thread(run);

        thread.start();
        begun.await();
        thread.interrupt();
        ExecutionException failure = assertThrows(ExecutionException.class, run::get);

        assertAll(
                () -> assertEquals(
                        InterruptedException.class, failure.getCause().getClass()),
                () -> assertEquals(List.of(), sleepers()),
                () -> assertEquals("old\n", Files.readString(site.workspace.resolve("out"))),
                () -> assertEquals(List.of(), site.stepFolders()),
                () -> assertFalse(Files.exists(site.workspace.resolve(".cachetool"))
                        && Files.list(site.workspace.resolve(".cachetool"))
                                .findAny()
                                .isPresent()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenItLeavesAProcess_endsWithoutIt(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);

        StepOutcome outcome = site.run(site.shell("sleep " + sleep + " & echo done > out", "'outputs': ['out']"));

        assertAll(
                () -> assertEquals("done\n", StepSite.text(outcome, "out")), () -> assertEquals(List.of(), sleepers()));
    }

    @Test
    void step_whenItLeavesTheSession_endsWithTheNamespaceOrIsNotWaitedFor() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.AUTO);

        StepOutcome outcome =
                site.run(site.shell("setsid sleep " + sleep + " & echo done > out", "'outputs': ['out']"));

        assertEquals("done\n", StepSite.text(outcome, "out"));
        if (site.isolations().reason().isEmpty()) {
            assertEquals(List.of(), sleepers());
        }
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(sleep))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void step_whenItRuns_isOfASessionOfItsOwn(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        Vertex step = site.shell("sleep " + sleep + " || echo ended > out", "'outputs': ['out']");
        FutureTask<StepOutcome> run = new FutureTask<>(() -> site.run(step));
        new Thread(run).start();

        ProcessHandle sleeper = sleeper(run);
        String session = session(Long.toString(sleeper.pid()));
        sleeper.destroyForcibly();

        assertEquals("ended\n", StepSite.text(run.get(), "out"));
        assertAll(
                () -> assertNotEquals(session("self"), session),
                // 0 is the session of a leader that this process cannot see, and so none that it made
                () -> assertNotEquals("0", session));
    }

    /** The process that sleeps, once it is there; fails when the step ends before. */
    private ProcessHandle sleeper(FutureTask<StepOutcome> run) throws Exception {
        while (true) {
            boolean ended = run.isDone();
            Optional<ProcessHandle> found = ProcessHandle.allProcesses()
                    .filter(process -> process.info().command().orElse("").endsWith("sleep"))
                    .filter(process -> process.info().commandLine().orElse("").contains(sleep))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            if (ended) {
                throw new AssertionError("the step ended before it slept: " + run.get());
            }
            Thread.onSpinWait();
        }
    }

    /** The session of a process as seen from here: the fourth field after the name in {@code stat}. */
    private static String session(String process) throws Exception {
        String stat = Files.readString(Path.of("/proc", process, "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3];
    }

    @Test
    void step_whenItHasANamespace_seesItsOwnProcessesAlone() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.NAMESPACE);

        StepOutcome outcome = site.run(site.shell("ls /proc | grep -c '^[0-9]' > out", "'outputs': ['out']"));

        long processes = Long.parseLong(StepSite.text(outcome, "out").strip());
        assertTrue(processes < 8, processes + " processes");
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void input_whenAStepReadsStandardInput_isEmpty(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);

        assertEquals("0\n", StepSite.text(site.run(site.shell("wc -c > out", "'outputs': ['out']")), "out"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void stdout_whenDeclared_takesStandardOutputAlone(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        Vertex fine = site.shell("printf 'a\\377'; echo warning >&2", "'stdout': 'sub/list'");

        StepOutcome outcome = site.run(fine);
        StepFailedException failure = assertThrows(
                StepFailedException.class,
                () -> site.run(site.shell("echo 1 failed; echo why >&2; exit 1", "'stdout': 'sub/list'")));

        assertAll(
                () -> assertEquals(List.of("sub/list"), StepSite.paths(outcome)),
                () -> assertEquals(
                        "a\u00ff",
                        Files.readString(outcome.outputs().mount().resolve("sub/list"), StandardCharsets.ISO_8859_1)),
                () -> assertEquals("warning\n", new String(outcome.printed(), StandardCharsets.UTF_8)),
                () -> assertEquals(List.of("1 failed", "why"), failure.lastLines()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "FOLDER", "NONE"})
    void program_whenItIsNotThere_isNamedWithACure(Isolation isolation) throws Exception {
        StepSite site = StepSite.in(temp, isolation);
        Files.setPosixFilePermissions(
                site.write("plain", "x"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));

        assertAll(
                () -> assertEquals(
                        "it could not be started: no folder of PATH has a program \"no-such-program\"; install it, or"
                                + " give the step another PATH in env",
                        problem(site, "'args': ['no-such-program']")),
                () -> assertEquals(
                        "it could not be started: ./configure is none of its inputs; add configure to its inputs",
                        problem(site, "'args': ['./configure']")),
                () -> assertEquals(
                        "it could not be started: there is no file /no/such/file",
                        problem(site, "'args': ['/no/such/file']")),
                () -> assertEquals(
                        "it could not be started: ./plain is not executable; try: chmod +x plain",
                        assertThrows(
                                        StepFailedException.class,
                                        () -> site.run(site.vertex("'args': ['./plain']"), site.local("plain")))
                                .getMessage()));
    }

    private static String problem(StepSite site, String fields) {
        return assertThrows(StepFailedException.class, () -> site.run(site.vertex(fields)))
                .getMessage();
    }

    @Test
    void lines_whenLongOrNoText_comeInPartsAndAreKept() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.FOLDER);

        StepOutcome outcome = site.run(site.shell(
                "i=0; while [ $i -lt 3000 ]; do printf 'äöü'; i=$((i+1)); done; echo; printf 'x\\377\\r\\n\\nend'",
                ""));

        assertAll(
                () -> assertEquals("äöü".repeat(3000), String.join("", site.printed.subList(0, 3))),
                () -> assertEquals(List.of("x\uDCFF", "", "end"), site.printed.subList(3, site.printed.size())),
                () -> assertEquals(18000 + 1 + 4 + 1 + 3, outcome.printed().length));
    }

    @Test
    void print_whenLong_isKeptFromItsEnd() throws Exception {
        StepSite site = StepSite.in(temp, Isolation.FOLDER);

        StepFailedException failure =
                assertThrows(StepFailedException.class, () -> site.run(site.shell("seq 1 400000; exit 2", "")));
        StepOutcome outcome = site.run(site.shell("seq 1 400000", ""));

        assertAll(
                () -> assertEquals(50, failure.lastLines().size()),
                () -> assertEquals("400000", failure.lastLines().get(49)),
                () -> assertEquals(StepOutput.LIMIT, outcome.printed().length),
                () -> assertTrue(new String(outcome.printed(), StandardCharsets.UTF_8).endsWith("399999\n400000\n")));
    }
}
