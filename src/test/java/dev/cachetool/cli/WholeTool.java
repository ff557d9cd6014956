package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The whole tool in this process: everything but the process and its streams is real. Paths of the command line are best
 * absolute, since the working directory is that of the tests.
 *
 * <p>Every run must keep what all verbs promise: whoever gets another exit code than 0 is told why on standard error,
 * nobody sees a stack trace, and nothing is left in the folder for temporary files.
 */
public final class WholeTool {
    private final Path temporary;
    private final Map<String, String> environment = new HashMap<>();
    private InstantSource clock = InstantSource.system();
    private byte[] input = {};

    /**
     * @param temporary the folder for temporary files ({@code TMPDIR}), which the tool leaves as it finds it; may be one
     *     that is not there or cannot be written. Caches of the user, the local store among them, are in a folder
     *     beside it.
     */
    public WholeTool(Path temporary) {
        this.temporary = temporary;
        environment.put("TMPDIR", temporary.toString());
        environment.put("XDG_CACHE_HOME", temporary + "-caches");
    }

    /** Sets an environment variable for the runs that follow. */
    public WholeTool with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Stops the clock of the runs that follow at this time. */
    public WholeTool at(Instant now) {
        clock = InstantSource.fixed(now);
        return this;
    }

    /** Gives the runs that follow these bytes on standard input. */
    public WholeTool withInput(byte[] bytes) {
        input = bytes.clone();
        return this;
    }

    /** Runs it. */
    public Run run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return run(out, args).withOut(out.toByteArray());
    }

    /** Runs it with this standard output, which may fail; the answer is not kept. */
    public Run run(OutputStream out, String... args) {
        List<String> before = leftovers();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams = new Streams(new ByteArrayInputStream(input), out, err, false, false);
        ExitCode code = Main.program(streams, environment, clock).run(args);
        Run run = new Run(code, new byte[0], err.toString(StandardCharsets.UTF_8));
        if (code != ExitCode.DONE) {
            assertFalse(run.err().isBlank(), "exit code " + code + " without a word on standard error");
        }
        assertFalse(run.err().contains("\tat "), run.err());
        assertEquals(before, leftovers(), "left in the temporary folder by " + List.of(args));
        return run;
    }

    private List<String> leftovers() {
        if (!Files.isDirectory(temporary)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(temporary)) {
            return found.map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What one run ended with and printed. */
    public record Run(ExitCode code, byte[] bytes, String err) {
        private Run withOut(byte[] out) {
            return new Run(code, out, err);
        }

        /** Standard output as text. */
        public String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** This run, which must have ended with the code. */
        public Run requires(ExitCode expected) {
            assertEquals(expected, code, this::toString);
            return this;
        }

        @Override
        public String toString() {
            return "exit code " + code.number() + "\n--- stdout\n" + out() + "--- stderr\n" + err;
        }
    }
}
