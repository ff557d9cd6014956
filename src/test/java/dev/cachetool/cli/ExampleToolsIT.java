package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cachetool.cli.Example.Project;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples by the packaged program, whose PATH has another version of a tool: that counts, and that alone. */
final class ExampleToolsIT {
    @TempDir
    private Path folder;

    private Example example;

    static Stream<Project> projects() {
        return Boolean.getBoolean("cachetool.soak")
                ? Stream.of(Example.HELLO, Example.CMAKE, Example.MAVEN)
                : Stream.of(Example.HELLO, Example.CMAKE);
    }

    private Map<String, String> statuses(String path) throws Exception {
        Launch.Outcome run = Launch.program(example.words("--format=json"))
                .with("PATH", path)
                .run()
                .requires(0);
        return Steps.statusesOf(run.bytes());
    }

    @ParameterizedTest
    @MethodSource("projects")
    void run_whenAToolHasAnotherVersion_executesTheStepsThatUseIt(Project project) throws Exception {
        example = Example.copy(project, folder.toRealPath(), "auto");
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        Set<String> using = project.steps();
        using.removeAll(project.toolless());
        assertEquals(example.expect(project.steps(), Set.of()), statuses(path));

        assertEquals(example.expect(using, project.toolless()), statuses(example.otherTool() + ":" + path));
        assertEquals(example.expect(Set.of(), project.targets()), statuses(path));
    }
}
