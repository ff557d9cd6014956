package dev.cachetool.registry;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** A person's machine in a temporary folder: home, environment, and the credential helpers on the PATH. */
final class Machine {
    static final String HOST = "registry.example.com";
    static final String REPOSITORY = "team/app";

    /** No message, cause or stack trace may have this word. */
    static final String SECRET = "hunter2";

    final Path folder;
    final Path home;
    final Path bin;
    final Path runFolder;
    final Map<String, String> environment = new HashMap<>();
    Duration patience = Duration.ofSeconds(60);

    Machine(Path folder) throws IOException {
        this.folder = folder;
        this.home = Files.createDirectory(folder.resolve("home"));
        this.bin = Files.createDirectory(folder.resolve("bin"));
        this.runFolder = folder.resolve("run");
        environment.put("PATH", bin + ":/usr/bin:/bin");
    }

    Path dockerConfig() {
        return home.resolve(".docker/config.json");
    }

    /** Writes Docker's file in the home folder; {@code '} stands for {@code "}. */
    void dockerConfig(String json) throws IOException {
        write(dockerConfig(), json);
    }

    /** Writes a file; {@code '} stands for {@code "}. */
    static void write(Path file, String json) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, json.replace('\'', '"'));
    }

    /** The document with one login. */
    static String auths(String key, String username, String password) {
        return "{'auths': " + entry(key, username, password) + "}";
    }

    static String entry(String key, String username, String password) {
        return "{'" + key + "': {'auth': '" + base64(username + ":" + password) + "'}}";
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a shell script on the PATH as the helper of that name; it finds the machine's folder in {@code $machine}. */
    void helper(String name, String script) throws IOException {
        Path program = bin.resolve("docker-credential-" + name);
        Files.writeString(program, "#!/bin/sh\nmachine='" + folder + "'\n" + script + "\n");
        assertTrue(program.toFile().setExecutable(true));
    }

    CredentialFiles credentials() {
        return new CredentialFiles(environment, home, runFolder, patience);
    }

    Credential find() throws IOException {
        return credentials().find(HOST, REPOSITORY);
    }

    Credential find(String host, String repository) throws IOException {
        return credentials().find(host, repository);
    }

    /** Seeks a credential in vain; the error has nothing of what is secret. */
    CredentialException failure() {
        CredentialException e = assertThrows(CredentialException.class, this::find);
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        assertFalse(trace.toString().contains(SECRET), trace::toString);
        assertFalse((e.place() + e.problem() + e.nextStep()).contains(SECRET));
        return e;
    }
}
