package dev.cachetool.cli;

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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The program {@code cachetool}. */
public final class Main {
    /** What the launcher reads (src/dist/cachetool.sh). */
    private static final Set<String> OWN_VARIABLES = Set.of("CACHETOOL_JAVA_OPTS");

    /** How many seconds a command has to put everything back after a signal. */
    private static final long GRACE = 10;

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code. On SIGINT and SIGTERM the command is interrupted, which
     * makes it close what is open and remove what is temporary, and the JVM ends with 130 and 143.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Program program = program(Streams.ofProcess(), System.getenv(), InstantSource.system());
        Thread command = Thread.currentThread();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread("interrupt") {
            @Override
            public void run() {
                if (ended.getCount() > 0) {
                    end(program, command, ended);
                }
            }
        });
        ExitCode code = program.run(args);
        ended.countDown();
        System.exit(code.number());
    }

    private static void end(Program program, Thread command, CountDownLatch ended) {
        program.silence();
        command.interrupt();
        try {
            program.interrupted(ended.await(GRACE, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; the process ends all the same.
            Thread.currentThread().interrupt();
        }
    }

    static Program program(Streams streams, Map<String, String> environment, InstantSource clock) {
        return new Program(
                streams, environment, OWN_VARIABLES, new Wiring(streams, environment, version()), Main::version, clock);
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
