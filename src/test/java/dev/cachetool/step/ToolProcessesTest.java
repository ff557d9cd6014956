package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cachemap.ToolFailedException;
import dev.cachetool.cachemap.ToolRunner.Printed;
import dev.cachetool.graph.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ToolProcessesTest {
    @TempDir
    Path workspace;

    private static Tool shell(String script) {
        return new Tool("sh", List.of("sh", "-c", script), Optional.empty());
    }

    @Test
    void tool_whenItPrintsOnBothStreams_givesBoth() throws IOException {
        Printed printed = new ToolProcesses(workspace).run(shell("echo out; echo err >&2; cat"));
        assertEquals("out\n", new String(printed.standardOutput(), StandardCharsets.UTF_8));
        assertEquals("err\n", new String(printed.standardError(), StandardCharsets.UTF_8));
    }

    @Test
    void tool_whenItDoesNotEnd_isGivenUpInTime() {
        ToolProcesses impatient = new ToolProcesses(workspace, Duration.ofMillis(300));
        ToolFailedException e =
                assertThrows(ToolFailedException.class, () -> impatient.run(shell("echo started; sleep 20")));
        assertTrue(String.valueOf(e.getMessage()).contains("did not end within"), e.getMessage());
    }

    @Test
    void tool_whenItPrintsWithoutEnd_fails() {
        ToolFailedException e = assertThrows(
                ToolFailedException.class, () -> new ToolProcesses(workspace).run(shell("while :; do echo yes; done")));
        assertTrue(String.valueOf(e.getMessage()).contains("more than 1048576 bytes"), e.getMessage());
    }

    @Test
    void tool_whenItFailsOrIsNotThere_saysSo() {
        ToolProcesses processes = new ToolProcesses(workspace);
        assertTrue(String.valueOf(assertThrows(ToolFailedException.class, () -> processes.run(shell("exit 3")))
                        .getMessage())
                .contains("exit code 3"));
        Tool missing = new Tool("no", List.of("/no/such/tool"), Optional.empty());
        assertTrue(String.valueOf(assertThrows(ToolFailedException.class, () -> processes.run(missing))
                        .getMessage())
                .contains("could not be started"));
    }
}
