package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many processes of the packaged program that run overlapping graphs with one store, some of them killed (SIGKILL) at random
 * moments: no output is ever wrong, the next run completes, and the store verifies. {@code -Dcachetool.seed=N} takes other
 * graphs and moments.
 */
final class RunProcessesIT {
    private static final long SEED = Long.getLong("cachetool.seed", 20261126);
    private static final boolean SOAK = Boolean.getBoolean("cachetool.soak");
    private static final int PROCESSES = SOAK ? 16 : 4;
    private static final int ROUNDS = SOAK ? 200 : 2;
    private static final int KILLS = SOAK ? 300 : 6;
    private static final int STEPS = 5;
    /** So many different contents a source has: several processes want the same at the same time. */
    private static final int VERSIONS = 4;

    /** A process is killed within this time at the latest. */
    private static final int LONGEST = 1_500;

    @TempDir
    private Path folder;

    /** A workspace of its own for a process, and what a run of it must give. */
    private static final class Project {
        final Path workspace;
        private final Map<String, String> expected = new HashMap<>();

        Project(Path workspace, Random random) throws IOException {
            this.workspace = workspace;
            StringBuilder vertices = new StringBuilder();
            StringBuilder targets = new StringBuilder();
            Files.createDirectories(workspace.resolve("src"));
            String below = "";
            for (int i = 0; i < STEPS; i++) {
                String content = "source " + i + " version " + random.nextInt(VERSIONS) + "\n";
                Files.writeString(workspace.resolve("src/" + i), content);
                vertices.append("{\"name\": \"src" + i + "\", \"op\": {\"local\": {\"path\": \"src\", \"include\": [\""
                        + i + "\"]}}}, ");
                String inputs =
                        "{\"vertex\": \"src" + i + "\"}" + (i == 0 ? "" : ", {\"vertex\": \"step" + (i - 1) + "\"}");
                String command = "mkdir -p out && cat src/" + i + (i == 0 ? "" : " out/" + (i - 1)) + " > out/" + i;
                vertices.append("{\"name\": \"step" + i + "\", \"op\": {\"exec\": {\"args\": [\"sh\", "
                        + "\"-c\", \"" + command + "\"], \"outputs\": [\"out/" + i + "\"]}}, \"inputs\": [" + inputs
                        + "]}"
                        + (i == STEPS - 1 ? "" : ", "));
                targets.append((i == 0 ? "" : ", ") + "{\"vertex\": \"step" + i + "\"}");
                below = content + below;
                expected.put(Integer.toString(i), below);
            }
            Files.writeString(
                    workspace.resolve("graph.json"),
                    "{\"schemaVersion\": 1, \"vertices\": [" + vertices + "], \"targets\": [" + targets + "]}");
        }

        void check(String when) throws IOException {
            for (Map.Entry<String, String> output : expected.entrySet()) {
                assertEquals(
                        output.getValue(),
                        Files.readString(workspace.resolve("out").resolve(output.getKey())),
                        () -> when + ": " + workspace);
            }
        }
    }

    private Launch program(Project project) {
        return Launch.program(
                        "run",
                        project.workspace.resolve("graph.json").toString(),
                        "--store",
                        folder.resolve("store").toString(),
                        "--progress=plain")
                .with("HOME", folder.toString())
                .withOneOutput();
    }

    private Process start(Project project, String name) throws IOException {
        return program(project).start(folder.resolve(name + ".err"), folder.resolve(name + ".out"));
    }

    private void end(Process process, String name) throws IOException, InterruptedException {
        int code = process.waitFor();
        String said = Files.readString(folder.resolve(name + ".out"));
        assertEquals(0, code, said);
    }

    private void verifyStore() throws IOException, InterruptedException {
        Launch.program(
                        "store",
                        "verify",
                        "--deep",
                        "--store",
                        folder.resolve("store").toString())
                .run()
                .requires(0);
    }

    @Test
    void run_whenManyProcessesShareAStore_isRightInEach() throws Exception {
        System.out.println(
                "RunProcessesIT: -Dcachetool.seed=" + SEED + ", " + PROCESSES + " processes, " + ROUNDS + " rounds");
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            List<Project> projects = new ArrayList<>();
            List<Process> processes = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                projects.add(new Project(folder.resolve("w" + i), random));
            }
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(start(projects.get(i), "p" + i));
            }
            for (int i = 0; i < PROCESSES; i++) {
                end(processes.get(i), "p" + i);
                projects.get(i).check("seed " + SEED + " round " + round);
            }
        }
        verifyStore();
    }

    @Test
    void run_whenKilledAtAnyMoment_leavesAStoreThatTheNextOneWorksWith() throws Exception {
        System.out.println("RunProcessesIT: -Dcachetool.seed=" + SEED + ", " + KILLS + " kills");
        Random random = new Random(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
            Project killed = new Project(folder.resolve("killed"), random);
            Project other = new Project(folder.resolve("other"), random);
            Process victim = start(killed, "victim");
            Process bystander = start(other, "bystander");
            if (!victim.waitFor(random.nextInt(LONGEST), TimeUnit.MILLISECONDS)) {
                victim.destroyForcibly().waitFor();
            }
            end(bystander, "bystander");
            String when = "seed " + SEED + " kill " + kill;
            other.check(when);
            end(start(killed, "again"), "again");
            killed.check(when);
        }
        verifyStore();
    }
}
