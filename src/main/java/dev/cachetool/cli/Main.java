package dev.cachetool.cli;

import dev.cachetool.cli.command.CleanUps;
import dev.cachetool.cli.command.Program;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Streams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The program {@code cachetool}. */
public final class Main {
    /** What the launcher reads (src/dist/cachetool.sh). */
    private static final Set<String> OWN_VARIABLES = Set.of("CACHETOOL_JAVA_OPTS");

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code. On SIGINT and SIGTERM the JVM ends with 130 and 143 after
     * what is open was closed.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        CleanUps cleanUps = new CleanUps();
        Program program = program(Streams.ofProcess(), System.getenv(), cleanUps);
        AtomicBoolean ended = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread("clean-up") {
            @Override
            public void run() {
                if (!ended.get()) {
                    cleanUps.closeAll();
                    program.interrupted();
                }
            }
        });
        ExitCode code = program.run(args);
        ended.set(true);
        System.exit(code.number());
    }

    static Program program(Streams streams, Map<String, String> environment, CleanUps cleanUps) {
        return new Program(
                streams,
                environment,
                OWN_VARIABLES,
                new Wiring(streams, environment, cleanUps),
                Main::version,
                InstantSource.system());
    }

    private static String version() {
        InputStream in = Main.class.getResourceAsStream("version.txt");
        if (in == null) {
            throw new IllegalStateException("could not find version.txt beside " + Main.class.getName());
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return String.valueOf(reader.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
