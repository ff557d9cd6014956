package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
    @TempDir
    private Path temporary;

    @Test
    void version_whenAsked_isOneLineOnStdout() {
        WholeTool.Run run = new WholeTool(temporary).run("version").requires(ExitCode.DONE);
        assertTrue(run.out().matches("cachetool \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\n"), run.out());
        assertEquals("", run.err());
    }

    @Test
    void main_whenNoCommandIsGiven_isAUsageErrorOnStderr() {
        WholeTool.Run run = new WholeTool(temporary).run().requires(ExitCode.USAGE);
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("cachetool: a verb is missing"), run.err());
    }
}
