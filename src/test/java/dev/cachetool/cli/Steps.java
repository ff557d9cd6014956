package dev.cachetool.cli;

import dev.cachetool.cli.command.OutputSchema;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A workspace with a graph of shell commands, and the whole tool to run it with a store of its own. */
final class Steps {
    final Path workspace;
    final Path store;
    final WholeTool tool;
    private final List<String> vertices = new ArrayList<>();
    private String targets = "";

    private Steps(Path folder) throws IOException {
        this.workspace = Files.createDirectories(folder.resolve("workspace"));
        this.store = folder.resolve("store");
        this.tool = new WholeTool(Files.createDirectories(folder.resolve("tmp")))
                .with("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"))
                .with("HOME", folder.toString());
    }

    static Steps in(Path folder) throws IOException {
        return new Steps(folder);
    }

    /** Adds a source of a folder. */
    Steps source(String name, String path) throws IOException {
        return vertex("{ \"name\": \"" + name + "\", \"op\": { \"local\": { \"path\": \"" + path + "\" } } }");
    }

    /**
     * Adds a step: a shell command that makes one file.
     *
     * @param inputs names of what it takes, with a path behind a colon where that is all that counts
     */
    Steps step(String name, String command, String output, String... inputs) throws IOException {
        return step(name, command, output, "", inputs);
    }

    /**
     * The same.
     *
     * @param more further fields of the op, each with a comma in front
     */
    Steps step(String name, String command, String output, String more, String[] inputs) throws IOException {
        List<String> takes = new ArrayList<>();
        for (String input : inputs) {
            String[] parts = input.split(":", 2);
            String paths = parts.length == 1 ? "" : ", \"paths\": [\"" + parts[1] + "\"]";
            takes.add("{ \"vertex\": \"" + parts[0] + "\"" + paths + " }");
        }
        return vertex("{ \"name\": \"" + name + "\", \"op\": { \"exec\": { \"args\": [\"sh\", \"-c\", \""
                + command.replace("\\", "\\\\").replace("\"", "\\\"") + "\"], \"outputs\": [\"" + output + "\"]" + more
                + " } }, \"inputs\": [" + String.join(", ", takes) + "] }");
    }

    /** Adds a vertex as it stands in a graph. */
    Steps vertex(String json) throws IOException {
        vertices.add(json);
        write();
        return this;
    }

    /** Forgets all vertices. */
    Steps clear() {
        vertices.clear();
        return this;
    }

    /** Replaces a text in all vertices. */
    Steps replace(String from, String to) throws IOException {
        vertices.replaceAll(vertex -> vertex.replace(from, to));
        write();
        return this;
    }

    Steps targets(String... names) throws IOException {
        List<String> wanted = new ArrayList<>();
        for (String name : names) {
            wanted.add("{ \"vertex\": \"" + name + "\" }");
        }
        targets = ", \"targets\": [" + String.join(", ", wanted) + "]";
        write();
        return this;
    }

    private void write() throws IOException {
        file(
                "graph.json",
                "{ \"schemaVersion\": 1, \"vertices\": [" + String.join(",\n", vertices) + "]" + targets + " }");
    }

    /** Writes a file of the workspace. */
    Steps file(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    String read(String path) throws IOException {
        return Files.readString(workspace.resolve(path));
    }

    /** Runs the graph. */
    WholeTool.Run run(String... words) {
        return tool(withGraph("run", words));
    }

    WholeTool.Run plan(String... words) {
        return tool(withGraph("plan", words));
    }

    private String[] withGraph(String verb, String... words) {
        List<String> all =
                new ArrayList<>(List.of(verb, workspace.resolve("graph.json").toString(), "--store", store.toString()));
        all.addAll(List.of(words));
        return all.toArray(String[]::new);
    }

    private WholeTool.Run tool(String... words) {
        return tool.run(words);
    }

    /** Runs the graph, which must succeed, and gives what became of every vertex but sources. */
    Map<String, String> statuses(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--format=json");
        return statusesOf(run(all.toArray(String[]::new)).requires(ExitCode.DONE));
    }

    /** What a run that answered in JSON says of every vertex but sources. */
    static Map<String, String> statusesOf(WholeTool.Run run) throws IOException {
        return statusesOf(run.bytes());
    }

    /** The same of an answer in JSON. */
    static Map<String, String> statusesOf(byte[] answer) throws IOException {
        new OutputSchema().hold(new String(answer, StandardCharsets.UTF_8));
        Map<String, String> statuses = new TreeMap<>();
        for (JsonValue vertex :
                JsonDocument.strict(answer, "the answer").require("vertices").asArray()) {
            String status = vertex.require("status").asString();
            if (!status.equals("source")) {
                statuses.put(vertex.require("name").asString(), status);
            }
        }
        return statuses;
    }
}
