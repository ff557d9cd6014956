package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.command.CleanUps;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private ExitCode run(String... args) {
        Streams streams = new Streams(new ByteArrayInputStream(new byte[0]), out, err, false, false);
        return Main.program(streams, Map.of(), new CleanUps()).run(args);
    }

    @Test
    void version_whenAsked_isOneLineOnStdout() {
        assertEquals(ExitCode.DONE, run("version"));
        String line = out.toString(StandardCharsets.UTF_8);
        assertTrue(line.matches("cachetool \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\n"), line);
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void main_whenNoCommandIsGiven_isAUsageErrorOnStderr() {
        assertEquals(ExitCode.USAGE, run());
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("cachetool: a verb is missing"));
    }
}
