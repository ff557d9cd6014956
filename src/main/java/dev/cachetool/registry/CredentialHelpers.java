package dev.cachetool.registry;

import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs credential helpers, with the protocol of docker-credential-helpers: {@code docker-credential-NAME get} reads the
 * registry's address from standard input and prints an object with {@code Username} and {@code Secret}, or ends with
 * another code than 0 and says why on standard output. Standard error is dropped.
 */
final class CredentialHelpers {
    private static final String PREFIX = "docker-credential-";
    private static final String NOT_FOUND = "credentials not found in native keychain";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]*");

    /** The most bytes of what a helper prints that are read. */
    private static final int LIMIT = 1 << 20;

    private final Map<String, String> environment;
    private final Duration patience;

    /**
     * @param environment what helpers are found by ({@code PATH}) and get
     * @param patience how long one may take
     */
    CredentialHelpers(Map<String, String> environment, Duration patience) {
        this.environment = environment;
        this.patience = patience;
    }

    /**
     * What is asked of a helper.
     *
     * @param registry the registry, for errors
     * @param place where in which file the helper is named, for errors
     * @param name the helper's name as it stands there
     * @param server what the helper is asked for
     */
    record Call(String registry, String place, String name, String server) {
        String program() {
            return PREFIX + name;
        }

        CredentialException failed(String problem, String nextStep, @Nullable Throwable cause) {
            return CredentialException.ofHelper(registry, place, program(), problem, nextStep, cause);
        }

        String tryIt() {
            return "see what it says: echo " + server + " | " + program() + " get";
        }
    }

    /** The credential that the helper has; empty where it says that it has none. */
    Optional<Credential> get(Call call) throws CredentialException, InterruptedIOException {
        if (!NAME.matcher(call.name()).matches()) {
            throw CredentialException.ofFile(
                    call.registry(),
                    call.place(),
                    "that cannot be a credential helper's name",
                    "write what follows " + PREFIX + " in the program's name",
                    null);
        }
        Process process = start(call);
        try {
            return answer(call, process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + call.program() + " ran");
        } finally {
            kill(process);
        }
    }

    private Process start(Call call) throws CredentialException {
        Path program = programOf(call)
                .orElseThrow(() -> call.failed(
                        "there is no such program on the PATH",
                        "install it, or take its name out of " + call.place(),
                        null));
        ProcessBuilder builder = new ProcessBuilder(program.toString(), "get");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        // What is the same stays untouched: bytes that are no text in this locale would not survive being set.
        Map<String, String> inherited = builder.environment();
        inherited.keySet().retainAll(environment.keySet());
        environment.forEach((name, value) -> {
            if (!value.equals(inherited.get(name))) {
                inherited.put(name, value);
            }
        });
        try {
            return builder.start();
        } catch (IOException e) {
            throw call.failed("it could not be started", call.tryIt(), e);
        }
    }

    /** The program on the PATH. A relative folder there counts for nothing: what runs must not hang on where one stands. */
    private Optional<Path> programOf(Call call) {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (isAbsolute(folder)) {
                Path program = Path.of(folder, call.program());
                if (Files.isRegularFile(program) && Files.isExecutable(program)) {
                    return Optional.of(program);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isAbsolute(String folder) {
        try {
            return Path.of(folder).isAbsolute();
        } catch (InvalidPathException e) {
            // What cannot be named in this locale cannot be looked into either.
            return false;
        }
    }

    private Optional<Credential> answer(Call call, Process process) throws CredentialException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        FutureTask<byte[]> reading = new FutureTask<>(() -> {
            tell(process, call.server());
            try (InputStream in = process.getInputStream()) {
                return in.readNBytes(LIMIT + 1);
            }
        });
        Thread reader = new Thread(reading, call.program());
        reader.setDaemon(true);
        reader.start();
        byte[] output;
        try {
            output = reading.get(Math.max(deadline - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
            if (output.length > LIMIT) {
                throw call.failed("it printed more than " + LIMIT + " bytes", call.tryIt(), null);
            }
            if (!process.waitFor(Math.max(deadline - System.nanoTime(), 0), TimeUnit.NANOSECONDS)) {
                throw tooSlow(call);
            }
        } catch (TimeoutException e) {
            throw tooSlow(call);
        } catch (ExecutionException e) {
            throw call.failed("what it printed could not be read", call.tryIt(), e.getCause());
        }
        if (process.exitValue() != 0) {
            if (new String(output, StandardCharsets.UTF_8).strip().equals(NOT_FOUND)) {
                return Optional.empty();
            }
            throw call.failed("it ended with exit code " + process.exitValue(), call.tryIt(), null);
        }
        return credential(call, output);
    }

    private CredentialException tooSlow(Call call) {
        return call.failed(
                "it did not end within " + patience.toSeconds()
                        + " s, as one does not that waits for somebody to unlock a key store",
                call.tryIt(),
                null);
    }

    private static void tell(Process process, String server) {
        try (OutputStream out = process.getOutputStream()) {
            out.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended without reading that; its output and its exit code tell more.
        }
    }

    private static Optional<Credential> credential(Call call, byte[] output) throws CredentialException {
        String username;
        String secret;
        try {
            JsonValue answer = JsonDocument.asGoReads(output, call.program());
            username = text(answer, "Username");
            secret = text(answer, "Secret");
        } catch (JsonException e) {
            // Not even as the cause: the reader may quote what was printed.
            throw call.failed("it printed something else than an object with Username and Secret", call.tryIt(), null);
        }
        return username.isEmpty() && secret.isEmpty() ? Optional.empty() : Optional.of(Credential.of(username, secret));
    }

    private static String text(JsonValue answer, String name) throws JsonException {
        Optional<JsonValue> value = answer.get(name);
        return value.isPresent() ? value.get().asString() : "";
    }

    /** Ends the process, if it has not ended, and what it started. */
    private static void kill(Process process) {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
