package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which results {@code export} takes out of the workspace, and why it takes no others. */
final class WorkspaceExportTest {
    private static final String STEPS = """
            { "name": "src", "op": { "local": { "include": ["src"] } } },
            { "name": "first", "op": { "exec": { "args": ["first"], "outputs": ["out/first"] } },
              "inputs": [ { "vertex": "src", "paths": ["src/a"] } ] },
            { "name": "second", "op": { "exec": { "args": ["second"], "outputs": ["out/second"] } },
              "inputs": [ { "vertex": "first" } ] }
            """;

    private static final String FIRST = "1970-01-01T00:00:20Z";
    private static final String SECOND = "1970-01-01T00:00:30Z";

    @TempDir
    private Path temporary;

    @TempDir
    private Path folder;

    private WholeTool tool;
    private Path workspace;
    private Path graph;

    @BeforeEach
    void writeFiles() throws IOException {
        tool = new WholeTool(temporary);
        workspace = Files.createDirectory(folder.resolve("checkout"));
        graph = workspace.resolve("graph.json");
        writeGraph(STEPS);
        write("src/a", "a\n", 10);
        write("src/b", "b\n", 10);
        write("out/first", "1\n", 20);
        write("out/second", "2\n", 30);
    }

    private void writeGraph(String vertices) throws IOException {
        Files.writeString(graph, "{ \"schemaVersion\": 1, \"vertices\": [\n" + vertices + "] }\n");
        Files.setLastModifiedTime(graph, FileTime.from(Instant.ofEpochSecond(1)));
    }

    private void write(String path, String text, long second) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(second)));
    }

    private WholeTool.Run run(String... arguments) {
        return tool.run(arguments).requires(ExitCode.DONE);
    }

    /** When the results were made that an export has, in the order of time. */
    private List<String> exported(String... more) throws IOException {
        return exported(config(more));
    }

    private WholeTool.Run config(String... more) {
        List<String> arguments = new ArrayList<>(List.of("export", graph.toString(), "--config-only", "--mode=max"));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(new String[0]));
    }

    private static List<String> exported(WholeTool.Run run) throws IOException {
        List<String> times = new ArrayList<>();
        for (JsonNode record : new ObjectMapper().readTree(run.bytes()).get("records")) {
            for (JsonNode layer : record.path("layers")) {
                times.add(layer.get("createdAt").textValue());
            }
        }
        times.sort(null);
        return times;
    }

    private void assertLeftOut(String warning, String... times) throws IOException {
        WholeTool.Run run = config("--from-workspace");
        assertTrue(run.err().contains(warning + "\n"), run.err());
        assertEquals(List.of(times), exported(run));
    }

    @Test
    void export_withoutItsAuthorsWord_takesNothing() throws IOException {
        assertEquals(List.of(), exported());
    }

    @Test
    void export_fromTheWorkspace_takesOutputsWithTheTimeOfTheNewest() throws IOException {
        assertEquals(List.of(FIRST, SECOND), exported("--from-workspace"));
        tool.with("SOURCE_DATE_EPOCH", "5");
        assertEquals(List.of("1970-01-01T00:00:05Z", "1970-01-01T00:00:05Z"), exported("--from-workspace"));
    }

    @Test
    void export_ofAVertexWithoutItsOutput_leavesItOut() throws IOException {
        Files.delete(workspace.resolve("out/second"));
        assertLeftOut("\"second\" is left out: nothing stands at its output out/second", FIRST);
    }

    @Test
    void export_ofOutputsOlderThanAnInput_leavesThemOut() throws IOException {
        write("src/a", "a\n", 25);
        assertLeftOut("\"first\" is left out: an output is older than src/a", SECOND);
        write("src/a", "a\n", 10);
        write("src/b", "b\n", 99);
        assertEquals(List.of(FIRST, SECOND), exported("--from-workspace"));
        write("out/first", "1\n", 40);
        assertLeftOut("\"second\" is left out: an output is older than out/first", "1970-01-01T00:00:40Z");
    }

    @Test
    void export_ofOutputsOlderThanWhatAMergeTakes_leavesThemOut() throws IOException {
        writeGraph(
                STEPS.replace("\"vertex\": \"first\"", "\"vertex\": \"both\"")
                        + ", { \"name\": \"both\", \"op\": { \"merge\": {} }, \"inputs\": [{ \"vertex\": \"first\" }, { \"vertex\": \"src\" }] }");
        assertEquals(List.of(FIRST, SECOND), exported("--from-workspace"));
        write("src/b", "b\n", 35);
        assertLeftOut("\"second\" is left out: an output is older than src/b", FIRST);
    }

    @Test
    void export_ofOutputsOlderThanTheGraph_leavesThemOut() throws IOException {
        Files.setLastModifiedTime(graph, FileTime.from(Instant.ofEpochSecond(25)));
        assertLeftOut("\"first\" is left out: an output is older than the graph file", SECOND);
    }

    @Test
    void export_ofOutputsThatAnotherVertexHasToo_leavesBothOut() throws IOException {
        writeGraph(STEPS.replace("[\"out/second\"]", "[\"out/second\", \"out/*\"]"));
        assertLeftOut("\"first\" is left out: out/first is also an output of another vertex");
        assertLeftOut("\"second\" is left out: out/first is also an output of another vertex");
    }

    @Test
    void export_afterAnImport_takesWhatIsProvenWithoutAnybodysWord() throws IOException {
        String cache = "oci:" + folder.resolve("cache");
        run("export", graph.toString(), "--from-workspace", "--mode=max", "--to", cache);
        Files.delete(workspace.resolve("out/first"));
        Files.delete(workspace.resolve("out/second"));
        run("import", graph.toString(), "--from", cache);
        assertEquals(List.of(FIRST, SECOND), exported());

        write("src/b", "other\n", 90);
        // Another file of the source is another definition, of which nothing is proven.
        assertEquals(List.of(), exported());
    }

    @Test
    void export_afterAnImport_takesNoFileThatWasChangedSince() throws IOException {
        String cache = "oci:" + folder.resolve("cache");
        run("export", graph.toString(), "--from-workspace", "--mode=max", "--to", cache);
        run("import", graph.toString(), "--from", cache);
        assertEquals(List.of(FIRST, SECOND), exported());
        write("out/first", "changed\n", 20);
        assertEquals(List.of(SECOND), exported());
    }

    @Test
    void export_withAStateFileThatIsDamaged_takesNothing() throws IOException {
        String cache = "oci:" + folder.resolve("cache");
        run("export", graph.toString(), "--from-workspace", "--mode=max", "--to", cache);
        run("import", graph.toString(), "--from", cache);
        Path state = workspace.resolve(".cachetool/state");
        String whole = Files.readString(state);
        Files.writeString(state, whole.substring(0, whole.length() / 2));
        assertEquals(List.of(), exported());
        Files.writeString(state, whole.replace("\"schemaVersion\":1", "\"schemaVersion\":2"));
        assertEquals(List.of(), exported());
        Files.writeString(state, whole);
        assertEquals(List.of(FIRST, SECOND), exported());
    }

    @Test
    void export_ofAResultWhoseLayerFileIsMissing_failsUnlessOnlyTheConfigIsWanted() throws IOException {
        writeGraph(STEPS + """
                , { "name": "given", "op": { "exec": { "args": ["given"], "outputs": ["given"] } },
                    "inputs": [ { "vertex": "second" } ],
                    "results": [ { "createdAt": "2026-01-02T03:04:05.12+01:00", "remote": true, "layers": [
                      { "digest": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "size": 10,
                        "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "file": "layers/a.tar.gz" } ] } ] }
                """);
        assertEquals(List.of("2026-01-02T03:04:05.12+01:00"), exported());
        WholeTool.Run run =
                tool.run("export", graph.toString(), "--mode=max", "--to", "oci:" + folder.resolve("cache"));
        run.requires(ExitCode.NOT_FOUND);
        assertEquals(
                "cachetool: " + graph + ":11:77: could not find the layer file layers/a.tar.gz of \"given\"\n"
                        + "  put it there, relative to the graph, or name a place that has sha256:"
                        + "0123456789abcdef".repeat(4) + " with --content\n",
                run.err());
    }
}
