package dev.cachetool.step;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs a script as a process that nothing outlives: not what it started and left behind, nor an interrupt, a timeout, or
 * (where {@code setpriv} is at hand) the death of cachetool.
 */
final class StepProcess {
    /** How long what was printed is waited for once all processes are gone that could print. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final File NOTHING = new File("/dev/null");

    /**
     * How it ended.
     *
     * @param exitCode of the command; empty where it ran too long
     */
    record Ended(Optional<Integer> exitCode, Duration time) {}

    private StepProcess() {}

    /**
     * Runs the script to its end.
     *
     * @param folder where it is, and begins
     * @param namespace where it runs in one
     * @param environment all variables but those that the script sets
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread was interrupted; the script and all it started have ended
     */
    static Ended run(
            Path folder,
            Path script,
            Optional<Namespace> namespace,
            Map<String, String> environment,
            Optional<Duration> timeout,
            StepOutput output)
            throws IOException, InterruptedException {
        Wrappers wrappers = Wrappers.ofThisMachine();
        List<String> command = new ArrayList<>(wrappers.command());
        namespace.ifPresent(way -> command.addAll(way.command()));
        command.addAll(List.of("/bin/sh", script.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.redirectInput(NOTHING);
        give(builder.environment(), environment);
        long start = System.nanoTime();
        Process process = builder.start();
        StepSession session = new StepSession(process, wrappers.hasSession(), namespace.isPresent());
        Thread reader = reading(process, output);
        boolean interrupted = false;
        boolean inTime = true;
        try {
            if (timeout.isPresent()) {
                inTime = process.waitFor(timeout.get().toNanos(), TimeUnit.NANOSECONDS);
            } else {
                process.waitFor();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            // Of a namespace nothing is left when its first process has ended.
            if (interrupted || process.isAlive() || namespace.isEmpty()) {
                session.end();
            }
        }
        interrupted |= Thread.interrupted();
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        try {
            reader.join(LAST_WORDS.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        // Whoever left the session may hold it open for ever.
        process.getInputStream().close();
        if (interrupted) {
            throw new InterruptedException("interrupted while a step ran");
        }
        return new Ended(inTime ? session.exitCode() : Optional.empty(), time);
    }

    private static Thread reading(Process process, StepOutput output) {
        Thread reader = new Thread(
                () -> {
                    try {
                        output.readFrom(process.getInputStream());
                    } catch (IOException e) {
                        // The stream was closed under it: what came until then was printed.
                        return;
                    }
                },
                "step output");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** Sets the variables. Those that are there with the same text stay as they are: not every byte has a text. */
    private static void give(Map<String, String> variables, Map<String, String> wanted) {
        variables.entrySet().removeIf(there -> !there.getValue().equals(wanted.get(there.getKey())));
        wanted.forEach(variables::putIfAbsent);
    }
}
