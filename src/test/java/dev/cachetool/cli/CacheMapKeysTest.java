package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts in the key of a vertex, and that nothing else does, as {@code cachemap} tells it: one change at a time. */
final class CacheMapKeysTest {
    private static final String GRAPH = """
            { "schemaVersion": 1,
              "tools": { "cc": ["sh", "tool.sh"] },
              "vertices": [
                { "name": "src", "op": { "local": { "path": ".", "include": ["src"] } } },
                { "name": "lib", "op": { "local": { "path": "lib", "include": ["**"] } } },
                { "name": "step",
                  "op": { "exec": {
                    "args": ["cc", "-O2", "${workspace}/src/a.c"], "cwd": "src",
                    "env": { "A": "1", "B": "2" }, "keyEnv": ["KEY", "CARGO_*"], "passEnv": ["TOKEN"],
                    "tools": ["cc"], "outputs": ["out/app", "out/*.o"], "stdout": "log",
                    "caches": [{ "name": "objects", "env": "OBJECTS" }], "timeout": "90s", "salt": "first",
                    "platform": "linux/amd64", "times": "zero", "isolation": "auto" } },
                  "inputs": [ { "vertex": "src", "paths": ["src/*.c", "src/*.h"] }, { "vertex": "lib" } ],
                  "options": { "ignoreCache": false, "exportCache": true, "description": { "team": "core" } } } ] }
            """;

    @TempDir
    private Path temporary;

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path workspace;

    @BeforeEach
    void writeFiles() throws IOException {
        workspace = Files.createDirectory(folder.resolve("checkout"));
        write("src/a.c", "int a;\n");
        write("src/a.h", "#define A\n");
        write("src/notes.txt", "notes\n");
        write("lib/run.sh", "#!/bin/sh\n");
        Files.createSymbolicLink(workspace.resolve("lib/latest"), Path.of("run.sh"));
        write("tool.sh", "echo cc 12.2\n");
        environment.put("KEY", "k");
        environment.put("CARGO_HOME", "/c");
        environment.put("TOKEN", "secret");
    }

    private void write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void setMode(String path, String mode) throws IOException {
        Files.setPosixFilePermissions(workspace.resolve(path), PosixFilePermissions.fromString(mode));
    }

    /** What {@code cachemap} says of the vertices: their cache maps, with what they say of the inputs, by name. */
    private Map<String, String> maps(String graph) throws IOException {
        Files.writeString(workspace.resolve("graph.json"), graph);
        WholeTool tool = new WholeTool(temporary);
        environment.forEach(tool::with);
        WholeTool.Run run = tool.run("cachemap", workspace.resolve("graph.json").toString(), "--format", "json");
        JsonNode answer =
                new ObjectMapper().readTree(run.requires(ExitCode.DONE).out());
        Map<String, String> maps = new HashMap<>();
        for (JsonNode vertex : answer.get("vertices")) {
            StringBuilder text = new StringBuilder();
            for (JsonNode map : vertex.get("cacheMaps")) {
                text.append(map.get("digest").textValue());
                for (JsonNode input : map.get("inputs")) {
                    text.append(' ').append(input.get("selector")).append(input.get("content"));
                }
            }
            maps.put(vertex.get("name").textValue(), text.toString());
        }
        return maps;
    }

    private String step(String graph) throws IOException {
        return maps(graph).getOrDefault("step", "");
    }

    private static String changed(String from, String to) {
        assertEquals(GRAPH.indexOf(from), GRAPH.lastIndexOf(from), () -> from + " stands more than once");
        assertTrue(GRAPH.contains(from), () -> from + " is not there");
        return GRAPH.replace(from, to);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"-O2\", | \"-O3\",",
                "\"-O2\", | ",
                "\"-O2\", \"${workspace}/src/a.c\" | \"${workspace}/src/a.c\", \"-O2\"",
                "\"-O2\", | \"-O2\", \"\",",
                "\"cwd\": \"src\" | \"cwd\": \".\"",
                "\"A\": \"1\" | \"A\": \"2\"",
                "\"A\": \"1\" | \"C\": \"1\"",
                "\"A\": \"1\", \"B\": \"2\" | \"A\": \"1\"",
                "\"KEY\", | ",
                "\"CARGO_*\" | \"CARGO_X*\"",
                "\"tools\": [\"cc\"] | \"tools\": []",
                "\"tools\": [\"cc\"] | \"tools\": [\"cc\", \"cc\"]",
                "\"out/app\", | \"./out/app\",",
                "\"out/app\", | ",
                "\"out/app\", \"out/*.o\" | \"out/*.o\", \"out/app\"",
                "\"stdout\": \"log\" | \"stdout\": \"log.txt\"",
                ", \"stdout\": \"log\" | ",
                "\"salt\": \"first\" | \"salt\": \"second\"",
                "\"platform\": \"linux/amd64\" | \"platform\": \"linux/arm64\"",
                "\"times\": \"zero\" | \"times\": \"keep\"",
                "\"times\": \"zero\" | \"pathSensitive\": true",
                "\"src/*.c\", \"src/*.h\" | \"src/*.h\", \"src/*.c\"",
                "\"src/*.c\", \"src/*.h\" | \"src/*.c\"",
                ", \"paths\": [\"src/*.c\", \"src/*.h\"] | ",
                "{ \"vertex\": \"lib\" } | { \"vertex\": \"lib\", \"paths\": [\"**\"] }",
                ", { \"vertex\": \"lib\" } | ",
                ", { \"vertex\": \"lib\" } | , { \"vertex\": \"lib\" }, { \"vertex\": \"lib\" }",
            })
    void step_whenThisChangesInTheGraph_hasAnotherMap(String from, String to) throws IOException {
        assertNotEquals(step(GRAPH), step(changed(from, to == null ? "" : to)));
    }

    @Test
    void step_whenItsInputsChangePlaces_hasAnotherMap() throws IOException {
        String first = "{ \"vertex\": \"src\" }";
        String second = "{ \"vertex\": \"lib\" }";
        String paths = "{ \"vertex\": \"src\", \"paths\": [\"src/*.c\", \"src/*.h\"] }, " + second;
        assertNotEquals(step(changed(paths, first + ", " + second)), step(changed(paths, second + ", " + first)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"description\": { \"team\": \"core\" } | \"description\": { \"team\": \"web\" }",
                "\"ignoreCache\": false | \"ignoreCache\": true",
                "\"exportCache\": true | \"exportCache\": false",
                "\"timeout\": \"90s\" | \"timeout\": \"2h\"",
                "\"caches\": [{ \"name\": \"objects\", \"env\": \"OBJECTS\" }] | \"caches\": []",
                "\"passEnv\": [\"TOKEN\"] | \"passEnv\": [\"HTTP_*\"]",
                "\"isolation\": \"auto\" | \"isolation\": \"none\"",
                "\"isolation\": \"auto\" | \"isolation\": \"folder\"",
                "\"A\": \"1\", \"B\": \"2\" | \"B\": \"2\", \"A\": \"1\"",
                "\"KEY\", | \"KE?\",",
                "\"KEY\", | \"KEY\", \"NOT_SET\", \"KEY\",",
                "\"cwd\": \"src\" | \"cwd\": \"./lib/../src/\"",
                "\"stdout\": \"log\" | \"stdout\": \".//log\"",
                "\"out/app\", | { \"path\": \"out/app\", \"optional\": true },",
                "\"src/*.c\", | { \"path\": \"src/*.c\", \"optional\": true },",
                "\"times\": \"zero\", | ",
                "\"times\": \"zero\" | \"pathSensitive\": false",
                "\"cc\": [\"sh\", \"tool.sh\"] | \"cc\": [\"sh\", \"-e\", \"tool.sh\"]",
                "\"cc\": [\"sh\", \"tool.sh\"] | \"cc\": { \"args\": [\"sh\", \"tool.sh\"] }, \"x\": [\"false\"]",
            })
    void step_whenThisChangesInTheGraph_hasTheSameMap(String from, String to) throws IOException {
        assertEquals(step(GRAPH), step(changed(from, to == null ? "" : to)));
    }

    @Test
    void step_whenVerticesAndToolsHaveOtherNames_hasTheSameMap() throws IOException {
        String renamed = GRAPH.replace("\"name\": \"src\"", "\"name\": \"sources\"")
                .replace("\"vertex\": \"src\"", "\"vertex\": \"sources\"")
                .replace("\"cc\":", "\"compiler\":")
                .replace("[\"cc\"]", "[\"compiler\"]")
                .replace("\"step\"", "\"compile\"");
        assertNotEquals(GRAPH, renamed);
        assertEquals(maps(GRAPH).get("step"), maps(renamed).get("compile"));
    }

    @ParameterizedTest
    @CsvSource({
        "KEY, other, true",
        "KEY, '', true",
        "CARGO_HOME, /d, true",
        "CARGO_TARGET, x, true",
        "TOKEN, other, false",
        "PATH_OF_NOTHING, x, false",
    })
    void step_whenAVariableChanges_hasAnotherMapIfKeyEnvNamesIt(String name, String value, boolean counts)
            throws IOException {
        String before = step(GRAPH);
        environment.put(name, value);
        assertEquals(counts, !before.equals(step(GRAPH)));
    }

    @Test
    void step_whenAVariableIsGone_hasAnotherMap() throws IOException {
        String before = step(GRAPH);
        environment.remove("KEY");
        assertNotEquals(before, step(GRAPH));
    }

    @ParameterizedTest
    @CsvSource({
        "echo cc 12.3, true",
        "echo cc 12.2 >&2, true",
        "echo cc 12.2; echo more >&2, true",
        "'printf \"cc 12.2\"', true",
        "'printf \"\\033[31mcc\\033[0m 12.2\\n\"', false",
    })
    void step_whenAToolPrintsSomethingElse_hasAnotherMapUnlessItIsColour(String script, boolean counts)
            throws IOException {
        String before = step(GRAPH);
        write("tool.sh", script + "\n");
        assertEquals(counts, !before.equals(step(GRAPH)));
    }

    @ParameterizedTest
    @CsvSource({"cc 12.2 built today, false", "cc 12.3 built yesterday, true"})
    void step_whenAToolHasAMatch_hasAnotherMapIfWhatItsGroupsMatchChanges(String print, boolean counts)
            throws IOException {
        String graph = changed(
                "\"cc\": [\"sh\", \"tool.sh\"]",
                "\"cc\": { \"args\": [\"sh\", \"tool.sh\"], \"match\": \"cc (\\\\d+\\\\.\\\\d+)\" }");
        write("tool.sh", "echo cc 12.2 built yesterday\n");
        String before = step(graph);
        write("tool.sh", "echo " + print + "\n");
        assertEquals(counts, !before.equals(step(graph)));
    }

    @Test
    void step_withoutPlatform_hasThatOfThisMachine() throws IOException {
        String os = "\"platform\": \"linux/amd64\", ";
        String without = step(changed(os, ""));
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        assertEquals(without, step(changed(os, "\"platform\": \"linux/" + architecture + "\", ")));
    }

    @Test
    void vertices_whenTheCheckoutMoves_haveTheSameMapsUnlessTheyArePathSensitive() throws IOException {
        String sensitive = changed("\"times\": \"zero\"", "\"pathSensitive\": true");
        Map<String, String> before = maps(GRAPH);
        String stepBefore = step(sensitive);
        workspace = Files.move(workspace, folder.resolve("elsewhere"));
        assertEquals(before, maps(GRAPH));
        assertNotEquals(stepBefore, step(sensitive));
    }

    @Test
    void vertices_whenOnlyTimesAndModesChange_haveTheSameMaps() throws IOException {
        Map<String, String> before = maps(GRAPH);
        setMode("src/a.c", "rw-------");
        setMode("src", "rwx------");
        setMode("lib/run.sh", "rw-rw-rw-");
        Files.setLastModifiedTime(workspace.resolve("src/a.c"), FileTime.from(Instant.EPOCH));
        assertEquals(before, maps(GRAPH));
    }

    @Test
    void local_whenTheExecutableBitChanges_hasAnotherMap() throws IOException {
        Map<String, String> before = maps(GRAPH);
        setMode("lib/run.sh", "rwxr-xr-x");
        Map<String, String> executable = maps(GRAPH);
        assertNotEquals(before.get("lib"), executable.get("lib"));
        assertNotEquals(before.get("step"), executable.get("step"));
        assertEquals(before.get("src"), executable.get("src"));
        setMode("lib/run.sh", "r--r-----");
        assertEquals(before, maps(GRAPH));
        setMode("lib/run.sh", "r--r-x---");
        assertEquals(executable, maps(GRAPH));
    }

    @ParameterizedTest
    @CsvSource({"lib/run.sh, rw-rw-r--", "lib, rwx------"})
    void local_withExactModes_hasAnotherMapForEveryModeBit(String path, String mode) throws IOException {
        String exact = changed("\"include\": [\"**\"]", "\"include\": [\"**\"], \"modes\": \"exact\"")
                .replace("\"path\": \"lib\"", "\"path\": \".\"")
                .replace("[\"**\"]", "[\"lib\"]");
        setMode("lib/run.sh", "rw-r--r--");
        setMode("lib", "rwxr-xr-x");
        Map<String, String> before = maps(exact);
        setMode(path, mode);
        Map<String, String> after = maps(exact);
        assertNotEquals(before.get("lib"), after.get("lib"));
        assertNotEquals(before.get("step"), after.get("step"));
    }

    @Test
    void local_whenAFileChanges_hasAnotherMapAndItsUsersOtherContent() throws IOException {
        Map<String, String> before = maps(GRAPH);
        write("src/a.c", "int b;\n");
        Map<String, String> after = maps(GRAPH);
        assertNotEquals(before.get("src"), after.get("src"));
        assertNotEquals(before.get("step"), after.get("step"));
        assertEquals(before.get("lib"), after.get("lib"));
    }

    @Test
    void local_whenAFileOutsideOfPathsChanges_hasAnotherMapAndItsUsersTheSameContent() throws IOException {
        Map<String, String> before = maps(GRAPH);
        write("src/notes.txt", "other notes\n");
        Map<String, String> after = maps(GRAPH);
        assertNotEquals(before.get("src"), after.get("src"));
        assertEquals(before.get("step"), after.get("step"));
    }

    @Test
    void local_whenAFileIsRenamed_hasAnotherMap() throws IOException {
        Map<String, String> before = maps(GRAPH);
        Files.move(workspace.resolve("src/a.c"), workspace.resolve("src/b.c"));
        Map<String, String> after = maps(GRAPH);
        assertNotEquals(before.get("src"), after.get("src"));
        assertNotEquals(before.get("step"), after.get("step"));
    }

    @Test
    void local_whenAFileBecomesALinkToTheSameBytes_hasAnotherMap() throws IOException {
        write("src/z.c", "int a;\n");
        Map<String, String> before = maps(GRAPH);
        Files.delete(workspace.resolve("src/z.c"));
        Files.createSymbolicLink(workspace.resolve("src/z.c"), Path.of("a.c"));
        Map<String, String> linked = maps(GRAPH);
        assertNotEquals(before.get("src"), linked.get("src"));
        Files.delete(workspace.resolve("src/z.c"));
        Files.createSymbolicLink(workspace.resolve("src/z.c"), Path.of("a.h"));
        assertNotEquals(linked.get("src"), maps(GRAPH).get("src"));
    }

    @Test
    void local_whenAnEmptyFolderIsNew_hasAnotherMap() throws IOException {
        Map<String, String> before = maps(GRAPH);
        Files.createDirectory(workspace.resolve("src/empty"));
        assertNotEquals(before.get("src"), maps(GRAPH).get("src"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"include\": [\"src\"] | \"include\": [\"src/*.c\", \"src/*.h\", \"src/notes.txt\"]",
                "\"include\": [\"src\"] | \"exclude\": [\"lib\", \"tool.sh\"]",
                "\"include\": [\"src\"] | \"include\": [\".\", \"!lib\", \"!*.sh\"]",
                "\"path\": \".\", \"include\": [\"src\"] | \"include\": [\"src/**\", { \"path\": \"x\", \"optional\": true }]",
            })
    void local_whenOtherPatternsSelectTheSame_hasTheSameMap(String from, String to) throws IOException {
        assertEquals(maps(GRAPH).get("src"), maps(changed(from, to)).get("src"));
    }

    @Test
    void local_withAnotherPath_hasAnotherMapThoughItsFilesKeepTheirPlace() throws IOException {
        String from = "\"path\": \".\", \"include\": [\"src\"]";
        Map<String, String> before = maps(GRAPH);
        Map<String, String> after = maps(changed(from, "\"path\": \"src\""));
        assertNotEquals(before.get("src"), after.get("src"));
        assertEquals(before.get("step"), after.get("step"));
    }

    @Test
    void local_ofTheWholeWorkspace_takesNeitherGraphNorGitNorOwnFolderNorOutputs() throws IOException {
        String all = changed(", \"include\": [\"src\"]", "");
        String before = maps(all).get("src");
        for (String path : new String[] {".git/HEAD", "lib/.git", ".cachetool/state", "out/app", "out/x.o", "log"}) {
            write(path, "new\n");
        }
        assertEquals(before, maps(all + "\n").get("src"));
        write("out/other", "new\n");
        assertNotEquals(before, maps(all).get("src"));
    }

    @Test
    void step_withDefaults_hasTheMapOfOneThatSaysThemItself() throws IOException {
        String defaults = "\"defaults\": { \"exec\": { \"cwd\": \"src\", \"env\": { \"A\": \"0\", \"B\": \"2\" }, "
                + "\"keyEnv\": [\"KEY\", \"CARGO_*\"], \"tools\": [\"cc\"], \"salt\": \"first\", "
                + "\"platform\": \"linux/amd64\", \"times\": \"zero\" } },";
        String step = GRAPH;
        for (String said : new String[] {
            "\"cwd\": \"src\",",
            ", \"B\": \"2\"",
            "\"keyEnv\": [\"KEY\", \"CARGO_*\"], ",
            "\"tools\": [\"cc\"], ",
            ", \"salt\": \"first\"",
            "\"platform\": \"linux/amd64\", \"times\": \"zero\", "
        }) {
            assertTrue(step.contains(said), said);
            step = step.replace(said, "");
        }
        String before = step(GRAPH);
        assertNotEquals(before, step(step));
        assertEquals(before, step(step.replace("\"vertices\":", defaults + "\"vertices\":")));
        String behind = step.strip();
        assertEquals(
                before,
                step(behind.substring(0, behind.length() - 1) + ", " + defaults.substring(0, defaults.length() - 1)
                        + " }"));
    }

    @Test
    void step_thatSaysOtherwiseThanTheDefaults_isRight() throws IOException {
        String defaults = "\"defaults\": { \"exec\": { \"cwd\": \"lib\", \"env\": { \"A\": \"0\", \"B\": \"0\" }, "
                + "\"keyEnv\": [\"X\"], \"tools\": [], \"salt\": \"x\", \"platform\": \"a/b\", \"times\": \"keep\" } },";
        assertEquals(step(GRAPH), step(GRAPH.replace("\"vertices\":", defaults + "\"vertices\":")));
    }

    @Test
    void graph_inYaml_hasTheMapsOfTheOneInJson() throws IOException {
        Map<String, String> json = maps(GRAPH);
        Files.delete(workspace.resolve("graph.json"));
        Path yaml = workspace.resolve("graph.yaml");
        Files.writeString(yaml, """
                schemaVersion: 1
                tools:
                  cc: [sh, tool.sh]
                vertices:
                  - name: src
                    op: { local: { path: ., include: [src] } }
                  - name: lib
                    op:
                      local:
                        path: lib
                        include: ["**"]
                  # not in JSON: a comment
                  - name: step
                    op:
                      exec:
                        args: [cc, -O2, "${workspace}/src/a.c"]
                        cwd: src
                        env: { A: "1", B: '2' }
                        keyEnv: [KEY, CARGO_*]
                        tools: [cc]
                        outputs:
                          - out/app
                          - out/*.o
                        stdout: log
                        salt: first
                        platform: linux/amd64
                    inputs:
                      - vertex: src
                        paths: [src/*.c, src/*.h]
                      - vertex: lib
                """);
        WholeTool tool = new WholeTool(temporary);
        environment.forEach(tool::with);
        JsonNode answer = new ObjectMapper()
                .readTree(tool.run("cachemap", yaml.toString(), "--format", "json")
                        .requires(ExitCode.DONE)
                        .out());
        for (JsonNode vertex : answer.get("vertices")) {
            String digest = vertex.get("cacheMaps").get(0).get("digest").textValue();
            assertTrue(json.getOrDefault(vertex.get("name").textValue(), "").startsWith(digest), vertex::toString);
        }
        assertEquals(3, answer.get("vertices").size());
    }
}
