package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hits that only the content of an input gives, and what is cut off early by them, through the command line. */
final class ContentKeysTest {
    private static final String GRAPH = """
            { "schemaVersion": 1,
              "vertices": [
                { "name": "src", "op": { "local": { "include": ["src"] } } },
                { "name": "strip",
                  "op": { "exec": { "args": ["sh", "-c", "grep -v '^#' src/code >out/stripped"], "outputs": ["out/stripped"] } },
                  "inputs": [ { "vertex": "src", "paths": ["src/code"] } ] },
                { "name": "count",
                  "op": { "exec": { "args": ["wc", "-c", "out/stripped"], "stdout": "out/count" } },
                  "inputs": [ { "vertex": "strip" } ] } ],
              "targets": [ { "vertex": "TARGET" } ] }
            """;

    @TempDir
    private Path temporary;

    @TempDir
    private Path folder;

    private Path workspace;
    private Path graph;

    @BeforeEach
    void writeFiles() throws IOException {
        workspace = Files.createDirectory(folder.resolve("checkout"));
        Files.createDirectory(workspace.resolve("src"));
        graph = workspace.resolve("graph.json");
        write("src/code", "# comment\nx = 1\n", 1);
        write("src/notes", "notes\n", 1);
        Files.writeString(graph, GRAPH.replace("TARGET", "count"));
        Files.setLastModifiedTime(graph, FileTime.from(Instant.ofEpochSecond(1)));
    }

    private void write(String path, String text, long second) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(second)));
    }

    private WholeTool.Run run(String verb, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(verb, graph.toString(), "--format", "json"));
        arguments.addAll(more);
        return new WholeTool(temporary).run(arguments.toArray(new String[0])).requires(ExitCode.DONE);
    }

    private void export(String cache) {
        WholeTool.Run run =
                run("export", List.of("--from-workspace", "--mode=max", "--to", "oci:" + folder.resolve(cache)));
        assertFalse(run.err().contains("warning"), run.err());
    }

    private Map<String, String> statuses(String verb, String... caches) throws IOException {
        List<String> from = new ArrayList<>();
        for (String cache : caches) {
            from.addAll(List.of("--from", "oci:" + folder.resolve(cache)));
        }
        Map<String, String> statuses = new TreeMap<>();
        JsonNode answer = new ObjectMapper().readTree(run(verb, from).out());
        for (JsonNode vertex : answer.get("vertices")) {
            statuses.put(vertex.get("name").textValue(), vertex.get("status").textValue());
        }
        return statuses;
    }

    private JsonNode cachemap(int vertex) throws IOException {
        return new ObjectMapper()
                .readTree(run("cachemap", List.of()).out())
                .get("vertices")
                .get(vertex)
                .get("cacheMaps")
                .get(0);
    }

    private static Map<String, String> expected(String src, String strip, String count) {
        return Map.of("src", src, "strip", strip, "count", count);
    }

    private void make() throws IOException {
        write("out/stripped", "x = 1\n", 10);
        write("out/count", "6 out/stripped\n", 11);
    }

    @Test
    void plan_whenAFileOutsideOfPathsChanged_hitsByTheContentOfWhatIsSelected() throws Exception {
        make();
        export("cache");
        assertEquals(expected("source", "unneeded", "hit"), statuses("plan", "cache"));
        JsonNode sourceBefore = cachemap(0);
        JsonNode stepBefore = cachemap(1);
        write("src/notes", "other notes\n", 2);
        assertNotEquals(sourceBefore.get("digest"), cachemap(0).get("digest"));
        assertEquals(stepBefore, cachemap(1));
        assertEquals(expected("source", "unneeded", "hit"), statuses("plan", "cache"));
    }

    @Test
    void import_whenAFileOutsideOfPathsChanged_restoresWhatHitsByContent() throws Exception {
        make();
        export("cache");
        write("src/notes", "other notes\n", 2);
        Files.delete(workspace.resolve("out/stripped"));
        Files.delete(workspace.resolve("out/count"));
        assertEquals(expected("source", "hit", "hit"), statuses("import", "cache"));
        assertEquals("x = 1\n", Files.readString(workspace.resolve("out/stripped")));
        assertEquals("6 out/stripped\n", Files.readString(workspace.resolve("out/count")));
    }

    @Test
    void plan_whenACommentChanged_isAMissAndAMaybeUntilTheStepHasMadeTheSame() throws Exception {
        make();
        export("before");
        write("src/code", "# another comment\nx = 1\n", 2);
        assertEquals(expected("source", "miss", "maybe"), statuses("plan", "before"));

        // The step runs again and makes the same bytes; its cache knows nothing of what stands on it.
        write("out/stripped", "x = 1\n", 20);
        Files.writeString(graph, GRAPH.replace("TARGET", "strip"));
        Files.setLastModifiedTime(graph, FileTime.from(Instant.ofEpochSecond(1)));
        export("after");
        Files.writeString(graph, GRAPH.replace("TARGET", "count"));
        assertEquals(expected("source", "hit", "miss"), statuses("plan", "after"));
        assertEquals("hit", statuses("plan", "before", "after").get("count"));

        Files.delete(workspace.resolve("out/stripped"));
        Files.delete(workspace.resolve("out/count"));
        assertEquals(expected("source", "hit", "hit"), statuses("import", "before", "after"));
        assertEquals("6 out/stripped\n", Files.readString(workspace.resolve("out/count")));
    }

    @Test
    void plan_whenTheStepMakesSomethingElse_isAMiss() throws Exception {
        make();
        export("before");
        write("src/code", "x = 2\n", 2);
        write("out/stripped", "x = 2\n", 20);
        Files.writeString(graph, GRAPH.replace("TARGET", "strip"));
        Files.setLastModifiedTime(graph, FileTime.from(Instant.ofEpochSecond(1)));
        export("after");
        Files.writeString(graph, GRAPH.replace("TARGET", "count"));
        assertEquals(expected("source", "hit", "miss"), statuses("plan", "before", "after"));
        assertTrue(Files.exists(workspace.resolve("out/count")));
    }
}
