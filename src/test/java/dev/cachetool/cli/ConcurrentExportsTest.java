package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.registry.DockerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs that export to one tag at the same moment with {@code --on-conflict=merge}, in one process: afterwards each finds all
 * of its own there. {@code -Psoak} runs 50 rounds of 32 jobs, everything else 2 rounds of 4.
 */
final class ConcurrentExportsTest {
    private static final boolean SOAK = Boolean.getBoolean("cachetool.soak");
    private static final int JOBS = SOAK ? 32 : 4;
    private static final int ROUNDS = SOAK ? 50 : 2;

    @TempDir
    private static Path folder;

    private static DockerRegistry registry;
    private static final List<Job> JOBS_READY = new ArrayList<>();

    /** A workspace in which one step has just been made, that no other job has, and the tool that exports it. */
    private record Job(int number, Path workspace, WholeTool tool) {
        static Job make(int number) throws IOException {
            Path workspace = Files.createDirectories(folder.resolve("job" + number));
            Files.writeString(Files.createDirectories(workspace.resolve("src")).resolve("a.txt"), "of job " + number);
            Files.writeString(workspace.resolve("graph.json"), """
                    { "schemaVersion": 1, "vertices": [
                      { "name": "src", "op": { "local": { "path": "src" } } },
                      { "name": "make", "op": { "exec": { "args": ["cp", "src/a.txt", "out.txt"], "outputs": ["out.txt"] } },
                        "inputs": [ { "vertex": "src" } ] } ] }
                    """);
            Files.writeString(workspace.resolve("out.txt"), "made by job " + number);
            return new Job(
                    number,
                    workspace,
                    new WholeTool(Files.createDirectories(folder.resolve("tmp" + number)))
                            .with("HOME", workspace.toString()));
        }

        private String graph() {
            return workspace.resolve("graph.json").toString();
        }

        WholeTool.Run export(String place) {
            return tool.run("export", graph(), "--from-workspace", "--mode=max", "--to", place, "--on-conflict=merge");
        }

        boolean isThere(String place) {
            return tool.run("plan", graph(), "--fail-on-miss", "--from", place).code() == ExitCode.DONE;
        }
    }

    @BeforeAll
    static void makeTheJobs() throws IOException {
        registry = DockerRegistry.open(folder.resolve("storage"));
        for (int i = 0; i < JOBS; i++) {
            JOBS_READY.add(Job.make(i));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        registry.close();
    }

    private static void exportAtOnce(String place, String what) throws Exception {
        CyclicBarrier together = new CyclicBarrier(JOBS);
        ExecutorService threads = Executors.newFixedThreadPool(JOBS);
        long begin = System.nanoTime();
        try {
            List<Future<WholeTool.Run>> runs = new ArrayList<>();
            for (Job job : JOBS_READY) {
                runs.add(threads.submit(() -> {
                    together.await();
                    return job.export(place);
                }));
            }
            for (Future<WholeTool.Run> run : runs) {
                run.get().requires(ExitCode.DONE);
            }
        } finally {
            threads.shutdownNow();
        }
        long took = (System.nanoTime() - begin) / 1_000_000;
        List<Integer> lost = JOBS_READY.stream()
                .filter(job -> !job.isThere(place))
                .map(Job::number)
                .toList();
        if (SOAK) {
            System.out.println("ConcurrentExportsTest: " + what + ": " + took + " ms, lost " + lost);
        }
        assertEquals(List.of(), lost, what);
    }

    @Test
    void exports_toOneTagOfARegistryAtOnce_areAllThereAfterwards() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            exportAtOnce(registry.host() + "/jobs/app:round-" + round, "registry, round " + round);
        }
    }

    @Test
    void exports_toOneTagOfADirectoryAtOnce_areAllThereAfterwards() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Path layout = folder.resolve("layout" + round);
            exportAtOnce("oci:" + layout, "directory, round " + round);
            assertTrue(Files.notExists(layout.resolve("index.json.lock")));
        }
    }

    @Test
    void exports_toOneTagOfATarAtOnce_areAllThereAfterwards() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            exportAtOnce("oci-archive:" + folder.resolve("cache" + round + ".tar"), "tar, round " + round);
        }
    }
}
