package dev.cachetool.registry;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Docker's registry (Debian's package docker-registry) as a process of its own, with its storage in a folder of the test and
 * on a free port of this machine. Closing it ends the process.
 */
public final class DockerRegistry implements Closeable {
    /** Who may log in where a login is needed. */
    public static final String USER = "ci";

    /** The password of {@link #USER}. */
    public static final String PASSWORD = "correct horse";

    /** Of {@link #USER} and {@link #PASSWORD}, made with crypt(3). */
    private static final String HTPASSWD = USER + ":$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2\n";

    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
    private static final Pattern LISTENING = Pattern.compile("msg=\"listening on 127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final int port;
    private final boolean tls;

    private DockerRegistry(Process process, int port, boolean tls) {
        this.process = process;
        this.port = port;
        this.tls = tls;
    }

    /** Starts one that lets everyone do everything. */
    public static DockerRegistry open(Path folder) throws IOException {
        return start(folder, "", "");
    }

    /** Starts one that lets everyone do everything but delete. */
    public static DockerRegistry withoutDeletion(Path folder) throws IOException {
        return start(folder, "", "", false);
    }

    /** Starts one that lets {@link #USER} in ({@code Basic}). */
    public static DockerRegistry withPassword(Path folder) throws IOException {
        Path users = Files.writeString(Files.createDirectories(folder).resolve("htpasswd"), HTPASSWD);
        return start(folder, "", "auth: {htpasswd: {realm: test, path: \"" + users + "\"}}\n");
    }

    /** Starts one that speaks TLS, with a certificate of {@link TestTls#authority}. */
    public static DockerRegistry withTls(Path folder) throws IOException {
        return start(
                folder,
                ", tls: {certificate: \"" + TestTls.serverCertificate().toAbsolutePath() + "\", key: \""
                        + TestTls.serverKey().toAbsolutePath() + "\"}",
                "");
    }

    /** Starts one that lets those in who bring a token of the server. */
    public static DockerRegistry withTokens(Path folder, JwtTokenServer tokens) throws IOException {
        return start(
                folder,
                "",
                "auth: {token: {realm: \"" + tokens.realm() + "\", service: \"" + JwtTokenServer.SERVICE
                        + "\", issuer: \"" + JwtTokenServer.ISSUER + "\", rootcertbundle: \""
                        + TestTls.authority().toAbsolutePath() + "\"}}\n");
    }

    private static DockerRegistry start(Path folder, String http, String auth) throws IOException {
        return start(folder, http, auth, true);
    }

    private static DockerRegistry start(Path folder, String http, String auth, boolean deletes) throws IOException {
        if (!Files.isExecutable(PROGRAM)) {
            TestServers.missing(PROGRAM + " is not there (on Debian: apt-get install docker-registry)");
        }
        Path config = Files.createDirectories(folder).resolve("registry.yml");
        Files.writeString(
                config,
                "version: 0.1\n"
                        + "log: {accesslog: {disabled: true}}\n"
                        + "storage: {filesystem: {rootdirectory: \"" + folder.resolve("registry")
                        + "\"}, delete: {enabled: " + deletes + "}}\n"
                        + "http: {addr: \"127.0.0.1:0\", secret: none" + http + "}\n"
                        + auth);
        Process process = new ProcessBuilder(PROGRAM.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .start();
        return new DockerRegistry(process, port(process), !http.isEmpty());
    }

    /** Reads what the process says up to where it listens; what it says later is read and forgotten. */
    private static int port(Process process) throws IOException {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder all = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            all.append(line).append('\n');
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread reader = new Thread(() -> said.lines().forEach(more -> {}), "docker-registry");
                reader.setDaemon(true);
                reader.start();
                return Integer.parseInt(listening.group(1));
            }
        }
        throw new IOException("docker-registry ended:\n" + all);
    }

    /** Where it listens, {@code host:port}. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    /** A proxy before it, which its caller closes. */
    public CountingProxy counting() throws IOException {
        return CountingProxy.before(port, tls);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
