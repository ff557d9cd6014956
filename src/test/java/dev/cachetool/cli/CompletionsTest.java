package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.command.OutputSchema;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verb {@code completion}, and the scripts in completions/, which are what it prints. */
class CompletionsTest {
    @TempDir
    Path folder;

    private WholeTool tool;

    @BeforeEach
    void start() throws IOException {
        tool = new WholeTool(Files.createDirectory(folder.resolve("tmp")));
    }

    @ParameterizedTest
    @CsvSource({"bash, cachetool.bash", "zsh, _cachetool", "fish, cachetool.fish"})
    void script_whenCommitted_isWhatTheCommandsSay(String shell, String file) {
        String script = tool.run("completion", shell).requires(ExitCode.DONE).out();
        Approved.at(Path.of("completions")).hold(file, script);
    }

    @Test
    void vertices_whenAsked_areNamesOfTheGraph() throws IOException {
        Path graph = Files.writeString(folder.resolve("graph.json"), """
                {"schemaVersion": 1, "vertices": [
                  {"name": "my app: one", "op": {"local": {"path": "a"}}},
                  {"name": "last", "op": {"local": {"path": "c"}}}], "targets": [{"vertex": "last"}]}
                """);
        String names = tool.run("completion", "--vertices", graph.toString())
                .requires(ExitCode.DONE)
                .out();
        assertEquals("my app: one\nlast\n", names);
        String json = tool.run("completion", "--vertices", graph.toString(), "--format=json")
                .requires(ExitCode.DONE)
                .out();
        new OutputSchema().hold(json);
        assertTrue(json.contains("\"my app: one\""), json);
    }

    @Test
    void script_whenJsonIsAskedFor_isAField() throws IOException {
        String json = tool.run("completion", "fish", "--format", "json")
                .requires(ExitCode.DONE)
                .out();
        new OutputSchema().hold(json);
        assertTrue(json.contains("\"shell\": \"fish\""), json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "completion | completion needs the name of a shell",
                "completion fihs | unknown shell \"fihs\"",
                "completion bash --vertices g | --vertices prints names and no script"
            })
    void completion_whenNotUnderstood_saysSo(String line, String says) {
        String err = tool.run(line.split(" ", -1)).requires(ExitCode.USAGE).err();
        assertEquals(says, err.lines().findFirst().orElse("").replace("cachetool: ", ""));
    }
}
