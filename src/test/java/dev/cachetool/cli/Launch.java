package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process that a test starts: the packaged program, or any other. It has the variables of this process but for those of
 * cachetool and of CI systems.
 */
final class Launch {
    /** The distribution that the phase package made. */
    static final Path DISTRIBUTION = Path.of(System.getProperty("cachetool.dist", "target/dist/cachetool"))
            .toAbsolutePath();

    /** Where the local store is, unless a test says otherwise. */
    private static final Path CACHES = Path.of("target", "caches").toAbsolutePath();

    private static final String JAVA_HOME = System.getProperty("java.home");

    private final ProcessBuilder builder;

    private Launch(List<String> command) {
        builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.matches("(CACHETOOL|GITHUB|GITLAB|CI)_.*"));
        builder.environment().put("JAVA_HOME", JAVA_HOME);
        builder.environment().put("XDG_CACHE_HOME", CACHES.toString());
    }

    /** The packaged program, with the Java of this process. */
    static Launch program(String... args) {
        Launch launch = command(launcher(DISTRIBUTION));
        launch.builder.command().addAll(List.of(args));
        return launch;
    }

    /** Any other command. */
    static Launch command(String... command) {
        return new Launch(new ArrayList<>(List.of(command)));
    }

    /** What starts the program of a distribution. */
    static String launcher(Path home) {
        return home.resolve("bin/cachetool").toString();
    }

    Launch in(Path directory) {
        builder.directory(directory.toFile());
        return this;
    }

    Launch with(String name, String value) {
        builder.environment().put(name, value);
        return this;
    }

    Launch with(Map<String, String> variables) {
        builder.environment().putAll(variables);
        return this;
    }

    Launch without(String name) {
        builder.environment().remove(name);
        return this;
    }

    /** Makes standard error go where standard output goes. */
    Launch withOneOutput() {
        builder.redirectErrorStream(true);
        return this;
    }

    /** Starts it with pipes for input and output; standard error goes to the file. */
    Process start(Path err) throws IOException {
        return builder.redirectError(err.toFile()).start();
    }

    /** The same, standard output going to a file as well. */
    Process start(Path err, Path out) throws IOException {
        builder.redirectOutput(out.toFile());
        return start(err);
    }

    /** Starts it with nothing on standard input and waits for its end. */
    Outcome run() throws IOException, InterruptedException {
        Path out = Files.createTempFile("launch-", ".out");
        Path err = Files.createTempFile("launch-", ".err");
        try {
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            return new Outcome(process.waitFor(), Files.readAllBytes(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** What a process ended with and printed. */
    record Outcome(int code, byte[] bytes, String err) {
        /** Standard output as text. */
        String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** This outcome, which must have the code. */
        Outcome requires(int expected) {
            assertEquals(expected, code, this::toString);
            return this;
        }

        @Override
        public String toString() {
            return "exit code " + code + "\n--- stdout\n" + out() + "--- stderr\n" + err;
        }
    }
}
