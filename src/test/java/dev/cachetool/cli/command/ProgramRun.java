package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Streams;
import dev.cachetool.cli.output.TickingClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** One run of the program in this process, with stub services: what it printed where, and its exit code. */
final class ProgramRun {
    final StubServices services = new StubServices();
    final TickingClock clock = new TickingClock();
    final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    boolean terminal;

    /** Runs it; whatever ends with another code than 0 says something on standard error. */
    ExitCode run(String... args) {
        out.reset();
        err.reset();
        Streams streams = new Streams(new ByteArrayInputStream(new byte[0]), out, err, terminal, terminal);
        ExitCode code = new Program(streams, environment, Set.of("CACHETOOL_JAVA_OPTS"), services, () -> "1.2.3", clock)
                .run(args);
        if (code != ExitCode.DONE) {
            assertFalse(err().isBlank(), "exit code " + code + " without a word on standard error");
        }
        return code;
    }

    /** Runs it, and gives back the error that is expected of wrong usage. */
    String usageError(String... args) {
        assertEquals(ExitCode.USAGE, run(args), this::err);
        assertEquals("", out());
        return err();
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
