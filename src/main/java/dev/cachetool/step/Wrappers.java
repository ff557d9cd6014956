package dev.cachetool.step;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this machine has to put around a step's command, found out by trying, once per process: a session of its own
 * ({@code setsid}), and that it dies with cachetool ({@code setpriv}).
 */
final class Wrappers {
    private static final int PATIENCE = 10;

    private static @Nullable Wrappers ofThisMachine;

    private final List<String> session;
    private final boolean hasSession;

    private Wrappers(List<String> session, boolean hasSession) {
        this.session = session;
        this.hasSession = hasSession;
    }

    static synchronized Wrappers ofThisMachine() {
        Wrappers known = ofThisMachine;
        if (known == null) {
            known = find();
            ofThisMachine = known;
        }
        return known;
    }

    private static Wrappers find() {
        Optional<String> setsid =
                program("setsid").filter(path -> tries(List.of(path, "true")).isEmpty());
        List<String> command = new ArrayList<>();
        setsid.ifPresent(command::add);
        Optional<String> setpriv = program("setpriv");
        if (setpriv.isPresent()) {
            List<String> dying = List.of(setpriv.get(), "--pdeathsig", "KILL");
            List<String> trial = new ArrayList<>(dying);
            trial.add("true");
            if (tries(trial).isEmpty()) {
                command.addAll(dying);
            }
        }
        return new Wrappers(List.copyOf(command), setsid.isPresent());
    }

    /** What goes in front of the command. */
    List<String> command() {
        return session;
    }

    /** Whether a step is a session of its own, by which what it started can be found. */
    boolean hasSession() {
        return hasSession;
    }

    /** Where the program is that cachetool's own PATH has. */
    static Optional<String> program(String name) {
        return find(name, System.getenv().getOrDefault("PATH", ""), Path.of("/"));
    }

    /**
     * Where the program is that a PATH has.
     *
     * @param folder the one that relative entries of PATH start from
     */
    static Optional<String> find(String name, String path, Path folder) {
        for (String entry : path.split(File.pathSeparator, -1)) {
            Path at;
            try {
                at = folder.resolve(entry).resolve(name);
            } catch (java.nio.file.InvalidPathException e) {
                continue;
            }
            if (Files.isRegularFile(at) && Files.isExecutable(at)) {
                return Optional.of(at.toString());
            }
        }
        return Optional.empty();
    }

    /** Runs a command that prints little; gives back why it failed, empty where it did not. */
    static Optional<String> tries(List<String> command) {
        Process process = null;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                return Optional.of("it did not end within " + PATIENCE + " s");
            }
            if (process.exitValue() == 0) {
                return Optional.empty();
            }
            String printed = new String(
                            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .strip();
            return Optional.of(printed.isEmpty() ? "exit code " + process.exitValue() : printed);
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }
}
