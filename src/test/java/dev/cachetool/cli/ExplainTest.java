package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.command.OutputSchema;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code explain}: a cache is exported on one machine, and a miss explained on another. */
final class ExplainTest {
    private static final String GRAPH = """
            { "schemaVersion": 1,
              "tools": { "cc": ["sh", "cc-version.sh"] },
              "vertices": [
                { "name": "src", "op": { "local": { "path": "src" } } },
                { "name": "lib", "op": { "local": { "path": "lib" } } },
                { "name": "compile",
                  "op": { "exec": { "args": ["cc", "-O2", "src/main.c"], "cwd": "src", "env": { "LEVEL": "1" },
                                    "keyEnv": ["CC_FLAGS"], "passEnv": ["TOKEN"], "tools": ["cc"], "salt": "a",
                                    "platform": "linux/amd64", "outputs": ["out/main.o"] } },
                  "inputs": [ { "vertex": "src", "paths": ["src/*.c", "src/*.h", "src/gen.sh"] } ] },
                { "name": "jar",
                  "op": { "exec": { "args": ["jar", "out/main.o"], "outputs": ["out/app.jar"] } },
                  "inputs": [ { "vertex": "compile" }, { "vertex": "lib" } ] },
                { "name": "docs",
                  "op": { "exec": { "args": ["doc"], "outputs": ["out/doc"] } },
                  "inputs": [ { "vertex": "lib" } ] } ] }
            """;

    @TempDir
    private Path temporary;

    private Machine first;
    private Machine second;

    /** A checkout of the project, with a home and variables of its own. */
    private static final class Machine {
        final Path workspace;
        final WholeTool tool;

        Machine(Path folder) throws IOException {
            workspace = Files.createDirectories(folder.resolve("checkout"));
            tool = new WholeTool(Files.createDirectories(folder.resolve("tmp")))
                    .with("HOME", folder.resolve("home").toString())
                    .with("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"))
                    .with("CC_FLAGS", "-flags-that-are-secret")
                    .with("TOKEN", "token-that-is-secret");
            file("graph.json", GRAPH);
            file("cc-version.sh", "echo version-that-tools-print-1\n");
            file("src/main.c", "main\n");
            file("src/util.h", "util\n");
            file("src/last.h", "last\n");
            file("src/gen.sh", "gen\n");
            file("src/notes.txt", "notes\n");
            file("lib/a.jar", "a\n");
        }

        /** What the steps would make; newer than all that they take. */
        private void build() throws IOException {
            file("out/main.o", "object\n");
            file("out/app.jar", "jar\n");
            file("out/doc", "doc\n");
        }

        Machine file(String path, String text) throws IOException {
            Files.createDirectories(workspace.resolve(path).getParent());
            Files.writeString(workspace.resolve(path), text);
            return this;
        }

        Machine graph(String from, String to) throws IOException {
            String before = Files.readString(workspace.resolve("graph.json"));
            assertTrue(before.contains(from), from);
            return file("graph.json", before.replace(from, to));
        }

        String export(Path layout) throws IOException {
            return export(layout, "max");
        }

        String export(Path layout, String mode) throws IOException {
            build();
            tool.run(
                            "export",
                            workspace.resolve("graph.json").toString(),
                            "--from-workspace",
                            "--mode",
                            mode,
                            "--to",
                            "oci:" + layout)
                    .requires(ExitCode.DONE);
            return "oci:" + layout;
        }

        WholeTool.Run explain(String vertex, String... more) {
            List<String> words = new ArrayList<>(
                    List.of("explain", workspace.resolve("graph.json").toString(), vertex));
            words.addAll(List.of(more));
            return tool.run(words.toArray(String[]::new));
        }
    }

    @BeforeEach
    void makeMachines() throws IOException {
        first = new Machine(temporary.resolve("first"));
        second = new Machine(temporary.resolve("second"));
    }

    private Path cache() {
        return temporary.resolve("cache");
    }

    private String exported() throws IOException {
        return first.export(cache());
    }

    /** The lines about the cache, without those about the vertex and the sum. */
    private static String lines(WholeTool.Run run) {
        return String.join(
                "\n", run.out().lines().filter(line -> line.startsWith("  ")).toList());
    }

    /** What is done to a checkout. */
    @FunctionalInterface
    interface Edit {
        void to(Machine machine) throws IOException;
    }

    private static Arguments edit(String name, Edit edit, String... lines) {
        return Arguments.of(name, edit, String.join("\n", lines));
    }

    static Stream<Arguments> edits() {
        String follow = "    compile   takes src, which differs\n    jar       takes compile, which differs";
        return Stream.of(
                edit(
                        "a file's content",
                        machine -> machine.file("src/main.c", "other\n"),
                        "    src       src/main.c changed",
                        follow),
                edit(
                        "a file more, and one that does not count",
                        machine -> machine.file("src/more.c", "more\n").file("src/notes.txt", "other\n"),
                        "    src       src/more.c is new",
                        follow),
                edit(
                        "a file less",
                        machine -> Files.delete(machine.workspace.resolve("src/util.h")),
                        "    src       src/util.h is gone",
                        follow),
                edit(
                        "several files",
                        machine -> machine.file("src/main.c", "other\n")
                                .file("src/more.h", "more\n")
                                .file("src/util.h", "other\n"),
                        "    src       src/main.c changed",
                        "              src/more.h is new",
                        "              src/util.h changed",
                        follow),
                edit(
                        "a mode",
                        machine -> Files.setPosixFilePermissions(
                                machine.workspace.resolve("src/gen.sh"), PosixFilePermissions.fromString("rwxr-xr-x")),
                        "    src       src/gen.sh is executable now",
                        follow),
                edit(
                        "a file that is a link",
                        machine -> {
                            Files.delete(machine.workspace.resolve("src/util.h"));
                            Files.createSymbolicLink(machine.workspace.resolve("src/util.h"), Path.of("main.c"));
                        },
                        "    src       src/util.h is a link now",
                        follow),
                edit(
                        "an argument",
                        machine -> machine.graph("\"-O2\"", "\"-O3\""),
                        "    compile   argument 1 changed: -O2 → -O3",
                        "    jar       takes compile, which differs"),
                edit(
                        "a long argument",
                        machine -> machine.graph("\"-O2\"", "\"-D" + "x".repeat(300) + "\""),
                        "    compile   argument 1 changed",
                        "                was: -O2",
                        "                is:  -D" + "x".repeat(198) + "… (-v shows all)",
                        "    jar       takes compile, which differs"),
                edit(
                        "an argument more",
                        machine -> machine.graph("\"-O2\"", "\"-g\", \"-O2\""),
                        "    compile   argument 1 is new: -g",
                        "    jar       takes compile, which differs"),
                edit(
                        "an argument less, and a variable",
                        machine -> machine.graph("\"-O2\", ", "").graph("\"LEVEL\": \"1\"", "\"LEVEL\": \"2\""),
                        "    compile   argument 1 is gone: -O2",
                        "              env LEVEL changed: 1 → 2",
                        "    jar       takes compile, which differs"),
                edit(
                        "a variable that is gone",
                        machine -> machine.graph("\"LEVEL\": \"1\"", ""),
                        "    compile   env LEVEL is gone: 1",
                        "    jar       takes compile, which differs"),
                edit(
                        "a variable of the environment",
                        machine -> machine.tool.with("CC_FLAGS", "-other"),
                        "    compile   keyEnv CC_FLAGS changed",
                        "    jar       takes compile, which differs"),
                edit(
                        "the folder",
                        machine -> machine.graph("\"cwd\": \"src\"", "\"cwd\": \".\""),
                        "    compile   cwd changed: src → .",
                        "    jar       takes compile, which differs"),
                edit(
                        "the platform",
                        machine -> machine.graph("linux/amd64", "linux/arm64"),
                        "    compile   platform changed: linux/amd64 → linux/arm64",
                        "    jar       takes compile, which differs"),
                edit(
                        "the salt and an output",
                        machine -> machine.graph("\"salt\": \"a\"", "\"salt\": \"b\"")
                                .graph("\"outputs\": [\"out/main.o\"]", "\"outputs\": [\"out/main.*\"]"),
                        "    compile   output pattern 0 changed: out/main.o → out/main.*",
                        "              salt changed: a → b",
                        "    jar       takes compile, which differs"),
                edit(
                        "a tool",
                        machine -> machine.file("cc-version.sh", "echo version-that-tools-print-2\n"),
                        "    compile   tool cc changed",
                        "    jar       takes compile, which differs"),
                edit(
                        "paths",
                        machine -> machine.graph("\"src/*.c\", \"src/*.h\"", "\"src/*.c\""),
                        "    compile   paths of src changed: src/*.c, src/*.h, src/gen.sh → src/*.c, src/gen.sh",
                        "    jar       takes compile, which differs"),
                edit(
                        "all of an input",
                        machine -> machine.graph(", \"paths\": [\"src/*.c\", \"src/*.h\", \"src/gen.sh\"]", ""),
                        "    compile   paths of src are gone: src/*.c, src/*.h, src/gen.sh",
                        "    jar       takes compile, which differs"),
                edit(
                        "one more input",
                        machine -> machine.graph("\"src/gen.sh\"] } ]", "\"src/gen.sh\"] }, { \"vertex\": \"lib\" } ]"),
                        "    compile   inputs changed: 1 → 2",
                        "    jar       takes compile, which differs"),
                edit(
                        "another op",
                        machine -> machine.graph(
                                "{ \"exec\": { \"args\": [\"jar\", \"out/main.o\"], \"outputs\": [\"out/app.jar\"] } }",
                                "{ \"merge\": {} }"),
                        "    jar   op changed: exec → merge",
                        "          argument 0 is gone: jar"),
                edit(
                        "a step that is executed in any case",
                        machine -> machine.graph(
                                "\"src/gen.sh\"] } ] }",
                                "\"src/gen.sh\"] } ], \"options\": { \"ignoreCache\": true } }"),
                        "    compile   is executed in any case: no cache is asked for it",
                        "    jar       takes compile, which differs"),
                edit(
                        "two causes",
                        machine -> machine.file("src/main.c", "other\n").file("lib/b.jar", "b\n"),
                        "    src       src/main.c changed",
                        "    compile   takes src, which differs",
                        "    lib       lib/b.jar is new",
                        "    jar       takes compile, lib, which differ"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void explain_whenSomethingChangedOnAnotherMachine_saysWhatFromTheFirstCauseOn(
            String name, Edit edit, String expected) throws IOException {
        String cache = exported();
        edit.to(second);

        WholeTool.Run run = second.explain("jar", "--from", cache).requires(ExitCode.DONE);
        assertTrue(run.out().startsWith("miss   jar   ") || run.out().startsWith("maybe   jar   "), run.out());
        assertEquals("", run.err());
        assertTrue(
                (lines(run) + "\n").contains("  in " + cache() + ":\n" + expected + "\n")
                        || (name.equals("another op") && lines(run).contains(expected)),
                run.out());

        WholeTool.Run json =
                second.explain("jar", "--from", cache, "--format=json").requires(ExitCode.DONE);
        new OutputSchema().hold(json.out());
    }

    @Test
    void explain_ofAHit_saysFromWhere() throws IOException {
        String cache = exported();

        WholeTool.Run run = second.explain("jar", "--from", cache).requires(ExitCode.DONE);
        assertTrue(
                run.out()
                        .matches("hit   jar   \\d+ B   .*   " + cache() + "\n1 vertex: 1 hit; compared with 1 cache\n"),
                run.out());
    }

    @Test
    void explain_ofAMissWhoseInputMisses_namesTheFirstCauseInTheFirstLine() throws IOException {
        String cache = exported();
        second.file("src/main.c", "other\n");

        String out =
                second.explain("jar", "--from", cache).requires(ExitCode.DONE).out();
        assertTrue(
                out.startsWith(
                        "maybe   jar   a hit if compile makes what it made before; first cause: src/main.c changed\n"),
                out);
        assertTrue(out.endsWith("\n1 vertex: 1 maybe; compared with 1 cache\n"), out);
    }

    @Test
    void explain_againstSeveralCaches_putsTheNearestFirst() throws IOException {
        String far = exported();
        first.file("src/main.c", "other\n");
        String near = first.export(temporary.resolve("near"));
        second.file("src/main.c", "other\n").file("lib/a.jar", "other\n").file("src/util.h", "other\n");

        JsonValue explanation = JsonDocument.strict(
                        second.explain("jar", "--from", far, "--from", near, "--format=json")
                                .requires(ExitCode.DONE)
                                .bytes(),
                        "the answer")
                .require("explanations")
                .asArray()
                .get(0);
        List<JsonValue> caches = explanation.require("caches").asArray();
        assertEquals(near, caches.get(0).require("place").asString());
        assertEquals(far, caches.get(1).require("place").asString());
        assertEquals(1, changesOf(caches.get(0), "src"));
        assertEquals(2, changesOf(caches.get(1), "src"));
    }

    private static int changesOf(JsonValue cache, String vertex) throws IOException {
        for (JsonValue step : cache.require("steps").asArray()) {
            if (step.require("vertex").asString().equals(vertex)) {
                return step.require("changes").asArray().size();
            }
        }
        return 0;
    }

    @Test
    void explain_withSeveralVersionsInOneCache_comparesWithTheNearest() throws IOException {
        first.export(temporary.resolve("old"));
        first.file("src/main.c", "other\n").file("src/util.h", "other\n");
        first.export(temporary.resolve("new"));
        first.tool
                .run(
                        "merge",
                        "oci:" + temporary.resolve("old"),
                        "oci:" + temporary.resolve("new"),
                        "--to",
                        "oci:" + cache())
                .requires(ExitCode.DONE);
        second.file("src/main.c", "other\n");

        WholeTool.Run run =
                second.explain("compile", "--from", "oci:" + cache()).requires(ExitCode.DONE);
        assertEquals(
                1,
                run.out()
                        .lines()
                        .filter(line -> line.contains("src/") && line.contains(" changed"))
                        .filter(line -> line.startsWith("    "))
                        .count(),
                run.out());
    }

    @Test
    void explain_whenResultsAreNotExported_saysWhy() throws IOException {
        first.graph("\"docs\",", "\"docs\", \"options\": { \"exportCache\": false },");
        second.graph("\"docs\",", "\"docs\", \"options\": { \"exportCache\": false },");
        String cache = exported();

        WholeTool.Run run = second.explain("docs", "--from", cache).requires(ExitCode.DONE);
        assertTrue(run.out().startsWith("miss   docs   the cache has no result for it\n"), run::toString);
        assertTrue(
                run.out()
                        .contains(
                                "  in " + cache()
                                        + ": its key is there, without a result: it is never exported (exportCache is false)\n"),
                run.out());
    }

    @Test
    void explain_whenOnlyTargetsWereExported_saysThatTheKeyHasNoResult() throws IOException {
        first.export(cache(), "min");

        WholeTool.Run run =
                second.explain("compile", "--from", "oci:" + cache()).requires(ExitCode.DONE);
        assertTrue(run.out().contains(": its key is there, without a result: "), run.out());
    }

    @Test
    void explain_whenALayerIsMissing_saysWhich() throws IOException {
        String cache = exported();
        Path layer = cache().resolve("blobs/sha256");
        try (Stream<Path> blobs = Files.list(layer)) {
            for (Path blob : blobs.toList()) {
                byte[] start = Files.readAllBytes(blob);
                if (start.length > 4 && start[0] == 0x28 && (start[1] & 0xff) == 0xb5) {
                    Files.delete(blob);
                }
            }
        }

        WholeTool.Run run = second.explain("jar", "--from", cache).requires(ExitCode.DONE);
        assertTrue(
                run.out().matches("(?s)miss   jar   layer [0-9a-f]{12} of its result is not in " + cache() + "\n.*"),
                run.out());
    }

    @Test
    void explain_ofAVertexThatWasRenamed_saysWhatItIsCalledThere() throws IOException {
        String cache = exported();
        second.graph("\"name\": \"compile\"", "\"name\": \"build\"")
                .graph("\"vertex\": \"compile\"", "\"vertex\": \"build\"")
                .file("src/main.c", "other\n");

        WholeTool.Run run = second.explain("build", "--from", cache).requires(ExitCode.DONE);
        assertTrue(run.out().contains("    build (there: compile)   takes src, which differs\n"), run.out());
        assertTrue(run.out().startsWith("miss   build   src/main.c changed\n"), run.out());
    }

    @Test
    void explain_ofANewVertex_saysThatNothingOfItIsThere() throws IOException {
        String cache = exported();
        second.graph(
                "{ \"name\": \"docs\",",
                "{ \"name\": \"site\", \"op\": { \"exec\": { \"args\": [\"site\"], \"outputs\": [\"out/site\"] } },"
                        + " \"inputs\": [ { \"vertex\": \"lib\" } ] }, { \"name\": \"docs\",");

        WholeTool.Run run = second.explain("site", "--from", cache).requires(ExitCode.DONE);
        assertTrue(run.out().contains("    site   is not in the cache, nor another version of it\n"), run.out());
    }

    @Test
    void explain_ofAVertexThatIsNotInTheGraph_suggestsTheNearest() throws IOException {
        WholeTool.Run run = second.explain("comple", "--from", exported()).requires(ExitCode.USAGE);
        assertEquals("cachetool: the graph has no vertex \"comple\"\n  did you mean \"compile\"?\n", run.err());
    }

    @Test
    void explain_withoutACache_saysWhatToName() throws IOException {
        WholeTool.Run run = second.explain("jar").requires(ExitCode.DONE);
        assertTrue(run.out().contains("name a cache with --from SPEC"), run.out());
    }

    /** A bare config has keys alone, as BuildKit's caches have. */
    @Test
    void explain_withoutNotes_saysWhatKeysTell() throws IOException {
        exported();
        Path config = temporary.resolve("config.json");
        WholeTool.Run printed = first.tool.run(
                "export",
                first.workspace.resolve("graph.json").toString(),
                "--from-workspace",
                "--mode=max",
                "--config-only");
        Files.write(config, printed.requires(ExitCode.DONE).bytes());
        second.file("src/main.c", "other\n");

        WholeTool.Run run = second.explain("jar", "--from", "config:" + config).requires(ExitCode.DONE);
        assertTrue(run.out().contains("""
                    it has no notes (BuildKit writes none), so that only keys are compared
                    src       has other files; which, is not noted
                    compile   takes src, which differs
                    jar       takes compile, which differs
                """), run.out());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void explain_byACacheOfSomethingElse_saysThatNothingIsThere(boolean noted) throws IOException {
        String other;
        if (noted) {
            Steps steps = Steps.in(temporary.resolve("else"))
                    .file("src/a", "1")
                    .source("stuff", "src")
                    .step("other", "cat src/a > other.out", "other.out", "stuff")
                    .targets("other");
            other = "oci:" + temporary.resolve("else cache");
            steps.run("--to", other, "--mode=max").requires(ExitCode.DONE);
        } else {
            other = "oci:"
                    + GoldenCases.get("caches", "0.32.2-p4-local-image-manifest-oci-gzip-max")
                            .folder();
        }

        WholeTool.Run run = second.explain("jar", "--from", other).requires(ExitCode.DONE);

        assertTrue(run.out().startsWith("miss   jar   neither it nor what it takes is in the cache\n"), run.out());
        assertTrue(
                run.out()
                        .contains("    neither it nor what it stands on is there"
                                + (noted ? ", in any version\n" : " as it is now (no more is noted)\n")),
                run.out());
        assertFalse(run.out().contains("other files"), run.out());
        assertTrue(
                run.out().lines().filter(line -> line.startsWith("    ")).allMatch(line -> line.length() <= 80),
                run.out());
        WholeTool.Run source = second.explain("src", "--from", other).requires(ExitCode.DONE);
        assertTrue(
                source.out()
                        .contains(
                                noted
                                        ? "    src   is not in the cache, nor another version of it\n"
                                        : "    src   is not there with these files; what differs, is not noted\n"),
                source.out());
    }

    @Test
    void explain_byACacheOfAPart_saysWhatOfItIsThere() throws IOException {
        String part = "oci:" + temporary.resolve("part");
        first.tool
                .run("prune", exported(), "--max-results", "0", "--keep", "docs", "--to", part, "--apply")
                .requires(ExitCode.DONE);

        WholeTool.Run run = second.explain("jar", "--from", part).requires(ExitCode.DONE);

        assertFalse(run.out().contains("neither it nor"), run.out());
        assertTrue(run.out().contains("    compile   is not in the cache, nor another version of it\n"), run.out());
        assertTrue(run.out().contains("          takes compile, which differs\n"), run.out());
    }

    @Test
    void explain_afterAStepGotAnotherName_findsNothingThatDiffers() throws IOException {
        Steps steps = Steps.in(Files.createDirectory(temporary.resolve("run")))
                .file("in/a.txt", "a\n")
                .source("in", "in")
                .step("copy", "cp in/a.txt out.txt", "out.txt", "in")
                .step("use", "cp out.txt used.txt", "used.txt", "copy");
        steps.run().requires(ExitCode.DONE);
        steps.replace("\"copy\"", "\"kopie\"");
        String graph = steps.workspace.resolve("graph.json").toString();

        String out = steps.tool
                .run("explain", graph, "kopie", "use", "--store", steps.store.toString())
                .requires(ExitCode.DONE)
                .out();

        assertEquals(2, out.lines().filter(line -> line.startsWith("hit ")).count(), out);
        assertFalse(out.contains("differ") || out.contains("not in"), out);
        TemporaryDirectory.deleteTree(steps.store);
    }

    @Test
    void explain_ofALargeSource_saysWhichFolder() throws IOException {
        for (int i = 0; i < 5_010; i++) {
            first.file("lib/" + i % 7 + "/deep/" + i, "");
        }
        String cache = exported();
        first.file("lib/3/deep/new", "");
        Files.delete(first.workspace.resolve("lib/5/deep/5"));

        WholeTool.Run run = first.explain("docs", "--from", cache).requires(ExitCode.DONE);
        assertTrue(run.out().contains("""
                    lib    what is in lib/3/deep changed
                           what is in lib/5/deep changed
                    docs   takes lib, which differs
                """), run.out());
        assertTrue(run.out().startsWith("miss   docs   what is in lib/3/deep changed\n"), run.out());
    }

    @Test
    void explain_ofVeryManyChanges_showsTheFirst() throws IOException {
        String cache = exported();
        for (int i = 100; i < 150; i++) {
            second.file("lib/" + i, "");
        }

        String out =
                second.explain("docs", "--from", cache).requires(ExitCode.DONE).out();
        assertTrue(out.contains("    lib    lib/100 is new\n           lib/101 is new\n"), out);
        assertTrue(out.contains("           …and 41 more (-v shows all)\n"), out);
        assertTrue(second.explain("docs", "--from", cache, "-v").out().contains("lib/149 is new\n"));
    }

    @Test
    void explain_neverTellsSecrets() throws IOException {
        String cache = exported();
        second.tool.with("CC_FLAGS", "-another-secret").with("TOKEN", "another-token");
        second.file("cc-version.sh", "echo version-that-tools-print-2\n");

        StringBuilder all = new StringBuilder();
        for (String format : List.of("text", "json")) {
            WholeTool.Run run = second.explain("jar", "--from", cache, "--format", format, "-v");
            all.append(run.requires(ExitCode.DONE).out()).append(run.err());
        }
        all.append(second.tool.run("inspect", cache, "--format=json").out());
        try (Stream<Path> blobs = Files.list(cache().resolve("blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                all.append(new String(Files.readAllBytes(blob), StandardCharsets.ISO_8859_1));
            }
        }
        assertTrue(all.indexOf("keyEnv CC_FLAGS") >= 0);
        for (String secret :
                List.of("flags-that-are", "token-that-is", "another-secret", "another-token", "version-that-tools")) {
            assertFalse(all.indexOf(secret) >= 0, secret);
        }
        assertFalse(all.indexOf("TOKEN") >= 0, "passEnv is not noted");
    }

    @Test
    void explain_afterARunHere_comparesWithIt() throws IOException {
        Steps steps = Steps.in(Files.createDirectory(temporary.resolve("run")))
                .file("in/a.txt", "a\n")
                .source("in", "in")
                .step("copy", "cp in/a.txt out.txt", "out.txt", "in");
        steps.run().requires(ExitCode.DONE);
        steps.file("in/a.txt", "b\n");

        String out = steps.tool
                .run(
                        "explain",
                        steps.workspace.resolve("graph.json").toString(),
                        "copy",
                        "--store",
                        steps.store.toString())
                .requires(ExitCode.DONE)
                .out();
        assertEquals("""
                miss   copy   in/a.txt changed
                  since the last run here:
                    in     in/a.txt changed
                    copy   takes in, which differs
                1 vertex: 1 miss; compared with 0 caches
                """, out);
        TemporaryDirectory.deleteTree(steps.store);
    }

    @Test
    void explain_ofTheExample_saysWhatIsApproved() throws Exception {
        Hello hello =
                Hello.copyTo(Files.createDirectory(temporary.resolve("hello"))).build();
        WholeTool tool = new WholeTool(Files.createDirectories(temporary.resolve("tmp")));
        tool.run("export", hello.graph(), "--from-workspace", "--mode=max", "--to", "oci:" + cache())
                .requires(ExitCode.DONE);
        hello.change("pages/news.txt", "good", "fine");
        hello.change("scripts/clean.sh", "set -e", "set -eu");
        hello.change("graph.json", "\"awk\", \"-f\", \"scripts/chart.awk\"", "\"gawk\", \"-f\", \"scripts/chart.awk\"");

        String out = tool.run(
                        "explain", hello.graph(), "site", "orders", "chart", "scripts", "--from", "oci:" + cache())
                .requires(ExitCode.DONE)
                .out();
        Approved approved = Approved.in("explain");
        approved.hold("hello.txt", out.replace(cache().toString(), "hello-cache"));
        approved.requireOnly(List.of("hello.txt"));
    }
}
