package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.registry.TestServers;
import dev.cachetool.step.Isolations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A copy of one of the examples, with a store of its own, in which a test runs its graph with real steps, and changes it. */
final class Example {
    private static final Path EXAMPLES = Path.of("examples");

    final Path workspace;
    final WholeTool tool;
    final Project project;
    private final Path folder;
    private final String isolation;
    private final Path store;

    /**
     * A text that is replaced in a file.
     *
     * @param executed the steps whose commands it makes run again
     * @param loaded the steps whose results are loaded then
     */
    record Edit(String file, String from, String to, Set<String> executed, Set<String> loaded) {
        static Edit of(String file, String from, String to, String executed, String loaded) {
            return new Edit(file, from, to, names(executed), names(loaded));
        }
    }

    /**
     * An example.
     *
     * @param programs what it needs on the machine, and the package that has it
     * @param targets the steps that are targets
     * @param others the other steps
     * @param outputs where the outputs of the targets lie
     * @param tool a program whose version counts, and the arguments that make it say its version
     * @param toolless the steps that do not use that program
     * @param preparation made in the copy before anything else: first text, second text in graph.json
     * @param change a change whose effect goes up to a target
     * @param comment a change that gives the same bytes as before
     * @param env a change of a variable of the steps, in graph.json, that gives the same bytes as before
     */
    record Project(
            String name,
            Map<String, String> programs,
            Set<String> targets,
            Set<String> others,
            List<String> outputs,
            List<String> tool,
            Set<String> toolless,
            List<String> preparation,
            Edit change,
            Edit comment,
            Edit env) {
        Set<String> steps() {
            Set<String> steps = new TreeSet<>(targets);
            steps.addAll(others);
            return steps;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Seven steps of a shell; what it is made with counts too here. */
    static final Project HELLO = new Project(
            "hello",
            Map.of("awk", "mawk"),
            names("site"),
            names("orders prices totals table chart pages"),
            List.of("out/site"),
            List.of("awk", "-W version"),
            Set.of(),
            List.of(
                    "\"defaults\": { \"exec\": {",
                    "\"tools\": { \"awk\": [\"awk\", \"-W\", \"version\"] },\n"
                            + "  \"defaults\": { \"exec\": { \"tools\": [\"awk\"], \"passEnv\": [\"MAKEFLAGS\"],"),
            Edit.of("data/prices.csv", "bread,350", "bread,360", "prices totals table chart site", "orders pages"),
            Edit.of("data/orders.csv", "# a loaf more", "# one loaf more", "orders", "site"),
            Edit.of(
                    "graph.json",
                    "\"LC_ALL\": \"C\"",
                    "\"LC_ALL\": \"C.UTF-8\"",
                    "orders prices totals table chart pages site",
                    ""));

    /** Two projects of CMake, one of which uses the other, and what the program says. */
    static final Project CMAKE = new Project(
            "cmake",
            Map.of("cmake", "cmake", "cc", "gcc", "make", "make"),
            names("report app"),
            names("lib"),
            List.of("out/report.txt", "out/app"),
            List.of("cc", "--version"),
            names("report"),
            List.of(),
            Edit.of("text/robin.txt", "snow", "wind", "report", "app"),
            Edit.of("lib/words.c", "which may be behind", "which might be behind", "lib", "app report"),
            Edit.of(
                    "graph.json",
                    "\"LC_ALL\": \"C\" }, \"passEnv\"",
                    "\"LC_ALL\": \"POSIX\" }, \"passEnv\"",
                    "lib report",
                    "app"));

    /** Two modules of Maven, with the local repository that the user has, so that nothing is downloaded once more. */
    static final Project MAVEN = new Project(
            "maven",
            Map.of("mvn", "maven"),
            names("dist lib-test"),
            names("deps lib-classes lib-jar app-jar"),
            List.of("target/dist", "lib/target/tests.txt"),
            List.of("mvn", "-v"),
            names("dist"),
            List.of(
                    "\"passEnv\": [\"JAVA_HOME\"],\n      \"caches\": [ { \"name\": \"maven\", \"env\": \"MAVEN_REPO\" } ],",
                    "\"env\": { \"LC_ALL\": \"C\" }, \"passEnv\": [\"JAVA_HOME\", \"MAKEFLAGS\"],"),
            Edit.of(
                    "app/src/main/java/example/app/Main.java",
                    "\"robin\"",
                    "\"robin\" + \"\".strip()",
                    "app-jar dist",
                    "lib-classes lib-jar deps lib-test"),
            Edit.of(
                    "lib/src/main/java/example/lib/Poem.java",
                    "The lines of a poem",
                    "All lines of a poem",
                    "lib-classes",
                    "dist lib-test"),
            Edit.of(
                    "graph.json",
                    "\"LC_ALL\": \"C\"",
                    "\"LC_ALL\": \"POSIX\"",
                    "deps lib-classes lib-jar lib-test app-jar dist",
                    ""));

    private Example(Project project, Path folder, String isolation, Path store, WholeTool tool, Path workspace) {
        this.project = project;
        this.folder = folder;
        this.isolation = isolation;
        this.store = store;
        this.tool = tool;
        this.workspace = workspace;
    }

    static Set<String> names(String text) {
        return text.isEmpty() ? Set.of() : new TreeSet<>(List.of(text.split(" ")));
    }

    /** Copies an example into the folder; the test is ended where the machine lacks what it needs. */
    static Example copy(Project project, Path folder, String isolation) throws IOException {
        for (Map.Entry<String, String> program : project.programs().entrySet()) {
            if (find(program.getKey()).isEmpty()) {
                TestServers.missing("examples/" + project.name() + " needs " + program.getKey()
                        + " (on Debian: apt-get install " + program.getValue() + ")");
            }
        }
        WholeTool tool = new WholeTool(Files.createDirectories(folder.resolve("tmp")));
        for (String name : List.of("PATH", "HOME", "JAVA_HOME", "USER")) {
            String value = System.getenv(name);
            if (value != null) {
                tool.with(name, value);
            }
        }
        Example example =
                new Example(project, folder, isolation, folder.resolve("store"), tool, folder.resolve("workspace"));
        example.reset();
        if (isolation.equals("namespace")) {
            String reason = new Isolations(example.workspace, example.store, Isolation.NAMESPACE).reason();
            Assumptions.assumeTrue(reason.isEmpty(), () -> "this machine allows no namespaces: " + reason);
        }
        return example;
    }

    /** The first program of this name on the PATH. */
    private static Optional<Path> find(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                .map(name -> Path.of(name, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Puts the store away, so that there is an empty one at its place, which path-sensitive steps may tell from another. */
    void hideStore() throws IOException {
        Files.move(store, folder.resolve("hidden"));
    }

    /** Takes the store again that was put away. */
    void showStore() throws IOException {
        TemporaryDirectory.deleteTree(store);
        Files.move(folder.resolve("hidden"), store);
    }

    /** Makes the workspace what it was at first: the sources as they are under version control, and nothing else. */
    void reset() throws IOException {
        TemporaryDirectory.deleteTree(workspace);
        Path from = EXAMPLES.resolve(project.name());
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Path name = from.relativize(path);
                if (isSource(name)) {
                    Files.createDirectories(workspace.resolve(name.toString()).getParent());
                    Files.copy(path, workspace.resolve(name.toString()));
                }
            }
        }
        if (!project.preparation().isEmpty()) {
            change(
                    "graph.json",
                    project.preparation().get(0),
                    project.preparation().get(1));
        }
    }

    /** What a person may have built in the example's own folder is no source. */
    private static boolean isSource(Path name) {
        for (Path part : name) {
            if (Set.of("out", "target", ".cachetool").contains(part.toString())) {
                return false;
            }
        }
        return true;
    }

    /** Replaces a text in a file, which has to be there. */
    void change(String file, String from, String to) throws IOException {
        Path path = workspace.resolve(file);
        String before = Files.readString(path);
        String after = before.replace(from, to);
        assertNotEquals(before, after, file + " has no " + from);
        Files.writeString(path, after);
    }

    void change(Edit edit) throws IOException {
        change(edit.file(), edit.from(), edit.to());
    }

    /** Runs the graph. */
    WholeTool.Run run(String... words) {
        return tool.run(words(words));
    }

    /** The command line that runs the graph. */
    String[] words(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "run",
                workspace.resolve("graph.json").toString(),
                "--store",
                store.toString(),
                "--isolation",
                isolation));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** Runs the graph, which must succeed, and gives what became of every step. */
    Map<String, String> statuses(String... words) throws IOException {
        return Steps.statusesOf(answer(words));
    }

    /** Runs the graph, which must succeed, and answers in JSON. */
    WholeTool.Run answer(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--format=json");
        return run(all.toArray(String[]::new)).requires(ExitCode.DONE);
    }

    /** Looks at every byte of the store. */
    void verify() {
        tool.run("store", "verify", "--deep", "--store", store.toString()).requires(ExitCode.DONE);
    }

    /** What becomes of every step when these are executed and those loaded. */
    Map<String, String> expect(Set<String> executed, Set<String> loaded) {
        Map<String, String> statuses = new TreeMap<>();
        for (String step : project.steps()) {
            statuses.put(step, executed.contains(step) ? "executed" : loaded.contains(step) ? "hit" : "unneeded");
        }
        return statuses;
    }

    /** The outputs of the targets: paths with types, modes and digests of contents. */
    Map<String, String> outputs() throws IOException {
        Map<String, String> found = new TreeMap<>();
        SmallProject.snapshot(workspace).forEach((path, what) -> {
            if (project.outputs().stream().anyMatch(output -> path.equals(output) || path.startsWith(output + "/"))) {
                found.put(path, what);
            }
        });
        return found;
    }

    /** One file of the outputs. */
    Path anOutput() throws IOException {
        return outputs().keySet().stream()
                .map(workspace::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow();
    }

    /** Makes a program that says another version than the one that there is and does the same; gives back its folder. */
    Path otherTool() throws IOException {
        String name = project.tool().get(0);
        Path other = folder.resolve("bin").resolve(name);
        Files.createDirectories(other.getParent());
        Files.writeString(
                other,
                "#!/bin/sh\ncase \"$*\" in\n\"" + project.tool().get(1)
                        + "\") echo 'Apache Maven 99.1'; echo 'Java version: 99, made up' ;;\n*) exec '"
                        + find(name).orElseThrow() + "' \"$@\" ;;\nesac\n");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwxr-xr-x"));
        return other.getParent();
    }
}
