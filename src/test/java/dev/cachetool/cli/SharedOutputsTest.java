package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Steps in line whose outputs are one folder: {@code configure} makes {@code build/Makefile}, {@code compile} makes
 * {@code build/app}, and both write {@code build/config.h}. The result of either holds what that step made alone; the
 * graphs that are exported bring them along as layers, the one that is imported does not.
 */
final class SharedOutputsTest {
    private static final String CONFIGURED = "2026-01-01T00:00:00Z";
    private static final String COMPILED = "2026-01-02T00:00:00Z";
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    private static final Map<String, String> WHOLE =
            Map.of("Makefile", "all: app\n", "app", "the program\n", "config.h", "of compile\n");

    @TempDir
    private Path temporary;

    @TempDir
    private Path folder;

    private WholeTool tool;
    private Path workspace;
    private Path graph;

    /** Caches with the results of both steps, of configure alone and of compile alone. */
    private String both;

    private String configureAlone;
    private String compileAlone;

    @BeforeEach
    void makeWorkspace() throws IOException {
        tool = new WholeTool(temporary);
        workspace = Files.createDirectories(folder.resolve("checkout"));
        graph = workspace.resolve("graph.json");
        write("src/configure", "configure\n");
        write("src/main.c", "main\n");
        makeCaches("build");
    }

    private void makeCaches(String outputs) throws IOException {
        String configured = result(
                CONFIGURED, new Tar().file("build/Makefile", "all: app\n").file("build/config.h", "first\n"));
        String compiled =
                result(COMPILED, new Tar().file("build/app", "the program\n").file("build/config.h", "of compile\n"));
        both = exported("both" + outputs.length(), outputs, configured, compiled);
        configureAlone = exported("configure" + outputs.length(), outputs, configured, "");
        compileAlone = exported("compile" + outputs.length(), outputs, "", compiled);
        writeGraph(outputs, "", "");
    }

    private void write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The field of a vertex that brings a layer along. */
    private String result(String createdAt, Tar tar) throws IOException {
        byte[] layer = tar.end();
        Digest digest = Digest.sha256(layer);
        Files.createDirectories(workspace.resolve("layers"));
        Files.write(workspace.resolve("layers").resolve(digest.encoded()), layer);
        return """
                , "results": [ { "createdAt": "%s", "remote": true, "layers": [
                    { "digest": "%s", "size": %d, "diffID": "%2$s", "file": "layers/%s",
                      "mediaType": "application/vnd.oci.image.layer.v1.tar" } ] } ]
                """.formatted(createdAt, digest, layer.length, digest.encoded());
    }

    private void writeGraph(String outputs, String configured, String compiled) throws IOException {
        Files.writeString(graph, """
                { "schemaVersion": 1, "vertices": [
                  { "name": "src", "op": { "local": { "include": ["src"] } } },
                  { "name": "configure", "op": { "exec": { "args": ["src/configure"], "outputs": ["%1$s"] } },
                    "inputs": [ { "vertex": "src", "paths": ["src/configure"] } ]%2$s },
                  { "name": "compile", "op": { "exec": { "args": ["make"], "outputs": ["%1$s"] } },
                    "inputs": [ { "vertex": "src", "paths": ["src/main.c"] }, { "vertex": "configure" } ]%3$s } ] }
                """.formatted(outputs, configured, compiled));
        Files.setLastModifiedTime(graph, FileTime.from(Instant.EPOCH));
    }

    private String exported(String name, String outputs, String configured, String compiled) throws IOException {
        writeGraph(outputs, configured, compiled);
        String place = "oci:" + folder.resolve(name);
        tool.run("export", graph.toString(), "--mode=max", "--to", place).requires(ExitCode.DONE);
        return place;
    }

    /** Imports, and gives back the statuses of configure and compile. */
    private String importing(String from) throws IOException {
        WholeTool.Run run = tool.run("import", graph.toString(), "--from", from, "--materialize=all", "--format=json")
                .requires(ExitCode.DONE);
        List<String> statuses = new ArrayList<>();
        for (JsonNode vertex : new ObjectMapper().readTree(run.bytes()).get("vertices")) {
            if (!vertex.get("name").textValue().equals("src")) {
                statuses.add(vertex.get("status").textValue());
            }
        }
        return String.join(" ", statuses);
    }

    /** What stands in the shared folder. */
    private Map<String, String> built() throws IOException {
        Map<String, String> found = new TreeMap<>();
        Path build = workspace.resolve("build");
        if (Files.isDirectory(build)) {
            try (Stream<Path> walk = Files.walk(build)) {
                for (Path path : (Iterable<Path>) walk::iterator) {
                    if (Files.isRegularFile(path)) {
                        found.put(build.relativize(path).toString(), Files.readString(path));
                    }
                }
            }
        }
        return found;
    }

    /** Sets the time of all that stands in the shared folder, to tell what is left alone. */
    private void age() throws IOException {
        for (String name : built().keySet()) {
            Files.setLastModifiedTime(workspace.resolve("build").resolve(name), LONG_AGO);
        }
    }

    /** The names of what was not touched since. */
    private List<String> untouched() throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : built().keySet()) {
            if (Files.getLastModifiedTime(workspace.resolve("build").resolve(name))
                    .equals(LONG_AGO)) {
                names.add(name);
            }
        }
        return names;
    }

    /** When the results were made that an export has, in the order of time. */
    private static List<String> times(WholeTool.Run config) throws IOException {
        List<String> times = new ArrayList<>();
        for (JsonNode record : new ObjectMapper().readTree(config.bytes()).get("records")) {
            record.path("layers")
                    .forEach(layer -> times.add(layer.get("createdAt").textValue()));
        }
        times.sort(null);
        return times;
    }

    private WholeTool.Run export(String... more) {
        return tool.run(Stream.concat(
                                Stream.of("export", graph.toString(), "--config-only", "--mode=max"), Stream.of(more))
                        .toArray(String[]::new))
                .requires(ExitCode.DONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"build", "build/**", "buil[d]"})
    void import_whenBothHit_restoresBothAndRemovesWhatIsNobodys(String outputs) throws IOException {
        makeCaches(outputs);
        write("build/app", "an old program\n");
        write("build/stale.o", "nobody's\n");
        write("build/deep/stale.o", "nobody's\n");
        assertEquals("hit hit", importing(both));
        assertEquals(WHOLE, built());
        assertFalse(Files.exists(workspace.resolve("build/deep")));
    }

    @Test
    void import_whenAllIsInPlace_touchesNothing() throws IOException {
        importing(both);
        age();
        assertEquals("hit hit", importing(both));
        assertEquals(WHOLE, built());
        assertEquals(List.of("Makefile", "app", "config.h"), untouched());
        TemporaryDirectory.deleteTree(workspace.resolve(".cachetool"));
        importing(both);
        assertEquals(List.of("Makefile", "app", "config.h"), untouched());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Makefile", "app", "config.h"})
    void import_whenAFileIsDamagedOrGone_replacesThatFileAlone(String name) throws IOException {
        List<String> others = new ArrayList<>(List.of("Makefile", "app", "config.h"));
        others.remove(name);
        importing(both);
        age();
        write("build/" + name, "damaged\n");
        importing(both);
        assertEquals(WHOLE, built());
        assertEquals(others, untouched());
        Files.delete(workspace.resolve("build").resolve(name));
        importing(both);
        assertEquals(WHOLE, built());
        assertEquals(others, untouched());
    }

    @Test
    void import_whenCompileAloneHits_leavesWhatIsProvenToBeConfigures() throws IOException {
        importing(configureAlone);
        age();
        write("build/stale.o", "nobody's\n");
        assertEquals("unneeded hit", importing(compileAlone));
        assertEquals(WHOLE, built());
        assertEquals(List.of("Makefile"), untouched());
    }

    @Test
    void import_whenCompileAloneHitsAndNothingIsProven_removesTheRest() throws IOException {
        write("build/Makefile", "all: app\n");
        assertEquals("unneeded hit", importing(compileAlone));
        assertEquals(Map.of("app", "the program\n", "config.h", "of compile\n"), built());
    }

    @Test
    void import_whenCompileAloneHitsAndConfiguresFilesWereChanged_removesThem() throws IOException {
        importing(configureAlone);
        write("build/Makefile", "changed\n");
        importing(compileAlone);
        assertEquals(Map.of("app", "the program\n", "config.h", "of compile\n"), built());
    }

    @Test
    void import_whenConfigureAloneHits_leavesWhatIsProvenToBeCompiles() throws IOException {
        importing(both);
        age();
        assertEquals("hit miss", importing(configureAlone));
        assertEquals(WHOLE, built());
        assertEquals(List.of("Makefile", "app", "config.h"), untouched());
        write("build/app", "changed\n");
        importing(configureAlone);
        assertEquals(Map.of("Makefile", "all: app\n", "config.h", "first\n"), built());
    }

    @Test
    void import_whenTheLayerOfCompileIsDamaged_restoresConfigureAlone() throws IOException {
        try (Stream<Path> blobs = Files.list(Path.of(both.substring("oci:".length()), "blobs", "sha256"))) {
            for (Path blob : (Iterable<Path>) blobs::iterator) {
                String content = Files.readString(blob);
                if (content.startsWith("build/app")) {
                    Files.writeString(blob, content.replace("the program", "bad program"));
                }
            }
        }
        write("build/app", "an old program\n");
        write("build/config.h", "old\n");
        assertEquals("hit miss", importing(both));
        assertEquals(Map.of("Makefile", "all: app\n", "config.h", "first\n"), built());
    }

    @Test
    void export_afterAnImport_takesTheResultThatStillStands() throws IOException {
        importing(both);
        // build/config.h is compile's: of what configure made, not all is there.
        WholeTool.Run run = export();
        assertEquals(List.of(COMPILED), times(run));
        assertTrue(
                run.err()
                        .contains("warning: \"configure\" is left out: its outputs are not those that were restored\n"),
                run.err());
        assertEquals(List.of(COMPILED), times(export("--from-workspace")));
        write("build/other.o", "made since\n");
        assertEquals(List.of(COMPILED), times(export()));
        write("build/app", "changed\n");
        assertEquals(List.of(), times(export()));
    }

    @Test
    void export_afterAnImportOfStepsThatShareNoFile_takesBoth() throws IOException {
        String configured = result(CONFIGURED, new Tar().file("build/Makefile", "all: app\n"));
        String compiled = result(COMPILED, new Tar().file("build/app", "the program\n"));
        String cache = exported("apart", "build", configured, compiled);
        writeGraph("build", "", "");
        importing(cache);
        assertEquals(List.of(CONFIGURED, COMPILED), times(export()));
        String again = "oci:" + folder.resolve("again");
        tool.run("export", graph.toString(), "--mode=max", "--to", again).requires(ExitCode.DONE);
        TemporaryDirectory.deleteTree(workspace.resolve("build"));
        assertEquals("hit hit", importing(again));
        assertEquals(Map.of("Makefile", "all: app\n", "app", "the program\n"), built());
    }

    @Test
    void export_ofASharedFolderThatNothingProves_leavesBothOut() throws IOException {
        write("build/Makefile", "all: app\n");
        write("build/app", "the program\n");
        WholeTool.Run run = export("--from-workspace");
        assertEquals(List.of(), times(run));
        for (String step : List.of("configure", "compile")) {
            assertTrue(
                    run.err()
                            .contains("warning: \"" + step
                                    + "\" is left out: build/Makefile is also an output of another vertex\n"),
                    run.err());
        }
    }

    @Test
    void import_whenAPathIsNoUtf8_provesItAllTheSame() throws IOException {
        String name = new String(new byte[] {'b', (byte) 0xff}, StandardCharsets.ISO_8859_1);
        Tar tar = new Tar(StandardCharsets.ISO_8859_1).file("build/" + name, "a\n");
        String cache = exported("bytes", "build", result(CONFIGURED, tar), "");
        writeGraph("build", "", "");
        importing(cache);
        assertEquals(List.of(CONFIGURED), times(export()));
    }

    @Test
    void stdout_whenItsNameLooksLikeAPattern_isThatFileAlone() throws IOException {
        Files.writeString(graph, """
                { "schemaVersion": 1, "vertices": [
                  { "name": "src", "op": { "local": { "include": ["src"] } } },
                  { "name": "list", "op": { "exec": { "args": ["ls"], "stdout": "out/log[1].txt" } },
                    "inputs": [ { "vertex": "src" } ] },
                  { "name": "shout", "op": { "exec": { "args": ["ls"], "stdout": "!out" } },
                    "inputs": [ { "vertex": "src" } ] } ] }
                """);
        Files.setLastModifiedTime(graph, FileTime.from(Instant.EPOCH));
        write("out/log[1].txt", "printed\n");
        write("out/log1.txt", "mine\n");
        write("!out", "shouted\n");
        String cache = "oci:" + folder.resolve("printed");
        WholeTool.Run run = tool.run("export", graph.toString(), "--from-workspace", "--mode=max", "--to", cache)
                .requires(ExitCode.DONE);
        assertFalse(run.err().contains("left out"), run.err());
        Files.delete(workspace.resolve("out/log[1].txt"));
        Files.delete(workspace.resolve("!out"));
        assertEquals("hit hit", importing(cache));
        assertEquals("printed\n", Files.readString(workspace.resolve("out/log[1].txt")));
        assertEquals("shouted\n", Files.readString(workspace.resolve("!out")));
        assertEquals("mine\n", Files.readString(workspace.resolve("out/log1.txt")));
    }
}
