package dev.cachetool.cli;

import dev.cachetool.registry.TestServers;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Docker's daemon with its BuildKit (Debian's packages docker.io and busybox-static) as a process of its own: all that it
 * keeps lies in one folder, it touches no network, and its only base image is {@code base:1}, made of busybox. Closing it
 * ends it and removes the folder.
 */
final class DockerDaemon implements Closeable {
    private static final String DAEMON = "/usr/sbin/dockerd";
    private static final String CLIENT = "/usr/bin/docker";
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final String BASE = "base:1";
    private static final long START_SECONDS = 60;

    private final Path folder;
    private final Process process;

    private DockerDaemon(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Starts one, or ends the test where that is not possible here. */
    static DockerDaemon start() throws IOException, InterruptedException {
        for (String needed : List.of(DAEMON, CLIENT, BUSYBOX.toString())) {
            if (!Files.isExecutable(Path.of(needed))) {
                TestServers.missing(needed + " is not there (on Debian: apt-get install docker.io busybox-static)");
            }
        }
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            TestServers.missing("a Docker daemon needs root");
        }
        // A path of its socket may have 107 bytes at most.
        Path folder = Files.createTempDirectory("dockerd");
        Path log = folder.resolve("log");
        Files.writeString(folder.resolve("daemon.json"), "{}\n");
        Process process = new ProcessBuilder(
                        DAEMON,
                        "--config-file=" + folder.resolve("daemon.json"),
                        "--data-root=" + folder.resolve("data"),
                        "--exec-root=" + folder.resolve("exec"),
                        "--pidfile=" + folder.resolve("pid"),
                        "--host=unix://" + folder.resolve("sock"),
                        "--iptables=false",
                        "--ip6tables=false",
                        "--bridge=none")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        DockerDaemon daemon = new DockerDaemon(folder, process);
        try {
            daemon.awaitAnswer();
            daemon.makeBase();
            daemon.tryToBuild();
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            String said = Files.readString(log);
            daemon.close();
            TestServers.missing("the Docker daemon does not run here: " + e.getMessage() + "\n" + said);
        }
        return daemon;
    }

    /** Waits until it answers: its end, or the time, is looked at between the client's tries. */
    private void awaitAnswer() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (docker("version").run().code() != 0) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                throw new IOException("it did not start");
            }
        }
    }

    /** Anything that Docker's client does. */
    Launch docker(String... args) {
        List<String> command = new ArrayList<>(List.of(CLIENT, "-H", "unix://" + folder.resolve("sock")));
        command.addAll(List.of(args));
        return Launch.command(command.toArray(new String[0]))
                .with("DOCKER_BUILDKIT", "1")
                .with("DOCKER_CONFIG", folder.resolve("config").toString());
    }

    private void makeBase() throws IOException, InterruptedException {
        Path bin = Files.createDirectories(folder.resolve("base/bin"));
        Files.createDirectories(folder.resolve("base/tmp"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String name : List.of("sh", "cat", "tr")) {
            Files.createSymbolicLink(bin.resolve(name), Path.of("busybox"));
        }
        Path tar = folder.resolve("base.tar");
        Launch.command("tar", "-C", folder.resolve("base").toString(), "-cf", tar.toString(), ".")
                .run()
                .requires(0);
        docker("import", "-c", "ENV PATH=/bin", tar.toString(), BASE).run().requires(0);
    }

    /** Sees that a step can run here at all. */
    private void tryToBuild() throws IOException, InterruptedException {
        Path context = Files.createDirectories(folder.resolve("trial"));
        Files.writeString(context.resolve("Dockerfile"), "FROM " + BASE + "\nRUN cat /bin/busybox >/copy\n");
        build(context);
    }

    /** Builds the folder, and gives back what BuildKit says of it, a line a step and event. */
    String build(Path context, String... args) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("build", "--progress=plain", "--network=host"));
        all.addAll(List.of(args));
        all.add(context.toString());
        return docker(all.toArray(new String[0]))
                .withOneOutput()
                .run()
                .requires(0)
                .out();
    }

    /** Forgets every build and every image but the base. */
    void forget() throws IOException, InterruptedException {
        docker("builder", "prune", "-af").run().requires(0);
        String images = docker("images", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}")
                .run()
                .requires(0)
                .out();
        for (String line : images.lines().toList()) {
            if (!line.startsWith(BASE + " ")) {
                docker("rmi", "-f", line.substring(line.indexOf(' ') + 1)).run().requires(0);
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            // What it mounted and leaves behind; the deepest first.
            for (String mount : mountsBelow(folder)) {
                Launch.command("umount", mount).run();
            }
            Launch.command("rm", "-rf", "--one-file-system", folder.toString()).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> mountsBelow(Path folder) {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.map(line -> line.split(" ", -1)[1])
                    .filter(mount -> mount.startsWith(folder + "/"))
                    .sorted((a, b) -> Integer.compare(b.length(), a.length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
