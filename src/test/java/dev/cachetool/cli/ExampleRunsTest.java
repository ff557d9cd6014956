package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.Example.Project;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.registry.DockerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples by the verb run, in every isolation: what is executed and what is loaded, first and after every kind of
 * change. All tests of one example in one isolation share a store, in which all was executed once; each begins with the
 * sources as they are, and no output. The example with Maven is for long campaigns: its steps take half a minute.
 */
@ParameterizedClass(name = "{0}, isolation {1}")
@MethodSource("cells")
final class ExampleRunsTest {
    @TempDir
    private static Path folder;

    /** What runs now, and the bytes that its targets had when all was executed. */
    private static @Nullable Example shared;

    private static Map<String, String> built;

    @Parameter(0)
    private Project project;

    @Parameter(1)
    private String isolation;

    private Example example;

    static Stream<Arguments> cells() {
        List<Project> projects = new ArrayList<>(List.of(Example.HELLO, Example.CMAKE));
        if (Boolean.getBoolean("cachetool.soak")) {
            projects.add(Example.MAVEN);
        }
        return projects.stream()
                .flatMap(project -> Stream.of("namespace", "folder", "none").map(how -> Arguments.of(project, how)));
    }

    @BeforeParameterizedClassInvocation
    static void executeAll(Project project, String isolation) throws Exception {
        shared = null;
        Path place = folder.toRealPath().resolve(project + "-" + isolation);
        shared = Example.copy(project, place, isolation);
        assertEquals(shared.expect(project.steps(), Set.of()), shared.statuses());
        built = shared.outputs();
        assertTrue(!built.isEmpty());
    }

    @AfterParameterizedClassInvocation
    static void verifyTheStore() {
        if (shared != null) {
            shared.verify();
        }
    }

    @BeforeEach
    void beginAnew() throws IOException {
        example = shared;
        example.reset();
    }

    private Map<String, String> allLoaded() {
        return example.expect(Set.of(), project.targets());
    }

    @Test
    void outputs_ofTheGraph_areThoseOfThePlainScript() throws Exception {
        // In a folder of its own, what is made of a path-sensitive step has another path in it.
        if (project.equals(Example.CMAKE) && isolation.equals("folder")) {
            return;
        }
        Launch.command("sh", "build.sh").in(example.workspace).run().requires(0);

        assertEquals(built, example.outputs());
    }

    @Test
    void run_whenNothingChanged_loadsTheTargetsAndLeavesThemAlone() throws IOException {
        assertEquals(allLoaded(), example.statuses());
        FileTime before = Files.getLastModifiedTime(example.anOutput());

        WholeTool.Run again = example.answer();

        assertEquals(allLoaded(), Steps.statusesOf(again));
        assertEquals(0, restored(again));
        assertEquals(before, Files.getLastModifiedTime(example.anOutput()));
        assertEquals(built, example.outputs());
    }

    /** How many files a run says that it brought back. */
    private static long restored(WholeTool.Run run) throws IOException {
        long files = 0;
        for (JsonValue vertex : JsonDocument.strict(run.bytes(), "the answer")
                .require("vertices")
                .asArray()) {
            JsonValue restored = vertex.require("restored");
            files += restored.isNull() ? 0 : restored.asLong();
        }
        return files;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar", "directory", "registry"})
    void run_onAnEmptyStore_loadsWhatAnotherPublished(String form) throws Exception {
        Path place = Files.createTempDirectory(folder, form);
        try (DockerRegistry registry = form.equals("registry") ? DockerRegistry.open(place) : null) {
            String cache = registry != null
                    ? registry.host() + "/example:cache"
                    : (form.equals("tar") ? "oci-archive:" : "oci:") + place.resolve("cache");
            example.run("--to", cache, "--mode=max").requires(ExitCode.DONE);
            example.hideStore();
            try {
                example.reset();
                WholeTool.Run run = example.answer("--from", cache);

                assertEquals(allLoaded(), Steps.statusesOf(run));
                assertEquals(built, example.outputs());
                assertEquals(
                        built.keySet().stream()
                                .map(example.workspace::resolve)
                                .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                                .count(),
                        restored(run));

                // Also what is no target comes from there, when a step needs it.
                example.change(project.change());
                assertEquals(
                        example.expect(
                                project.change().executed(), project.change().loaded()),
                        example.statuses("--from", cache));
                example.verify();
            } finally {
                example.showStore();
            }
        }
    }

    @Test
    void run_whenAFileChanged_executesItsDependentsAlone() throws IOException {
        example.change(project.change());

        assertEquals(
                example.expect(project.change().executed(), project.change().loaded()), example.statuses());
        assertNotEquals(built, example.outputs());

        example.reset();
        assertEquals(allLoaded(), example.statuses());
        assertEquals(built, example.outputs());
    }

    @Test
    void run_whenACommentChanged_goesNoFurtherThanTheSameBytes() throws IOException {
        example.change(project.comment());

        assertEquals(
                example.expect(project.comment().executed(), project.comment().loaded()), example.statuses());
        assertEquals(built, example.outputs());
    }

    @Test
    void run_whenAVariableThatCountsChanged_executesTheStepsThatHaveIt() throws IOException {
        example.change(project.env());

        // A step that does something else has another folder, whose name is in what a path-sensitive one makes.
        boolean moves = project.equals(Example.CMAKE) && isolation.equals("folder");
        assertEquals(
                moves
                        ? example.expect(project.steps(), Set.of())
                        : example.expect(project.env().executed(), project.env().loaded()),
                example.statuses());
        if (!moves) {
            assertEquals(built, example.outputs());
        }
    }

    @Test
    void run_whenAVariableThatIsOnlyPassedChanged_loadsAll() throws IOException {
        example.tool.with("MAKEFLAGS", "-s");
        try {
            assertEquals(allLoaded(), example.statuses());
        } finally {
            example.tool.with("MAKEFLAGS", "");
        }
    }

    @Test
    void run_whenTimesAndModesOfSourcesDiffer_loadsAll() throws IOException {
        try (Stream<Path> walk = Files.walk(example.workspace)) {
            for (Path path : walk.toList()) {
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(Files.isExecutable(path) ? "rwx------" : "rw-------"));
                Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
            }
        }

        assertEquals(allLoaded(), example.statuses());
        assertEquals(built, example.outputs());
    }

    @Test
    void run_whenAnOutputIsGoneOrDamaged_bringsItBack() throws IOException {
        example.run().requires(ExitCode.DONE);
        Path output = example.anOutput();

        Files.delete(output);
        assertEquals(1, restored(example.answer()));
        assertEquals(built, example.outputs());

        Files.write(output, new byte[] {1, 2, 3});
        WholeTool.Run run = example.answer();
        assertEquals(allLoaded(), Steps.statusesOf(run));
        assertEquals(1, restored(run));
        assertEquals(built, example.outputs());
    }

    @AfterEach
    void forget() throws IOException {
        TemporaryDirectory.deleteTree(example.workspace);
    }
}
