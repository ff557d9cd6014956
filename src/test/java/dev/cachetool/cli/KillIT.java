package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.digest.Digest;
import dev.cachetool.registry.DockerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program, killed (SIGKILL) in the middle of a push, a pull and copies when a random number of bytes went over
 * the network: nobody is ever served half a cache, no file is damaged, the same command completes, and what was pulled
 * before is not pulled again. {@code -Dcachetool.seed=N} kills elsewhere; {@code -Psoak} kills 200 times.
 */
final class KillIT {
    private static final long SEED = Long.getLong("cachetool.seed", 20260107);
    private static final int KILLS = Boolean.getBoolean("cachetool.soak") ? 50 : 2;
    private static final int STEPS = 6;
    private static final int LARGEST = 400_000;
    /** What requests and answers have beside blobs: heads and documents. */
    private static final long BESIDE_LAYERS = 24_000;

    /** By so many bytes at most the same command differs from run to run. */
    private static final long VARIES = 2_000;

    private static final int SIGKILL = 137;

    @TempDir
    private static Path folder;

    private static final List<RemoteSite> OPEN = new ArrayList<>();
    private static RemoteSite site;
    private static RemoteSite other;
    private static Path graph;
    private static Map<String, String> built;
    private static Digest cache;
    private static Digest earlier;

    @TempDir
    private Path temp;

    private Random random;

    @BeforeAll
    static void startRegistriesAndPushTwoCaches() throws Exception {
        System.out.println("KillIT: -Dcachetool.seed=" + SEED + ", " + 4 * KILLS + " kills");
        site = new RemoteSite(folder, DockerRegistry.open(folder.resolve("storage")));
        OPEN.add(site);
        other = new RemoteSite(folder, DockerRegistry.open(folder.resolve("other")));
        OPEN.add(other);
        graph = makeGraph(folder.resolve("project"));
        build(1);
        push(site.at("all/earlier:cache")).run().requires(0);
        build(2);
        built = SmallProject.snapshot(folder.resolve("project/out"));
        push(site.at("all/now:cache")).run().requires(0);
        earlier = tag(site, "all/earlier").orElseThrow();
        cache = tag(site, "all/now").orElseThrow();
    }

    @AfterAll
    static void stop() throws IOException {
        for (RemoteSite each : OPEN) {
            each.close();
        }
    }

    @BeforeEach
    void beginAnew() {
        random = new Random(SEED);
    }

    /** A project with steps that hang on one source and not on each other. */
    private static Path makeGraph(Path project) throws IOException {
        StringBuilder vertices = new StringBuilder("{\"name\": \"src\", \"op\": {\"local\": {\"path\": \"src\"}}}");
        StringBuilder targets = new StringBuilder();
        for (int i = 0; i < STEPS; i++) {
            vertices.append(", {\"name\": \"step" + i + "\", \"op\": {\"exec\": {\"args\": [\"make\", \"" + i
                    + "\"], \"outputs\": [\"out/" + i + "\"]}}, \"inputs\": [{\"vertex\": \"src\"}]}");
            targets.append((i == 0 ? "" : ", ") + "{\"vertex\": \"step" + i + "\"}");
        }
        Files.createDirectories(project.resolve("src"));
        Files.writeString(project.resolve("src/in.txt"), "in\n");
        return Files.writeString(
                project.resolve("graph.json"),
                "{\"schemaVersion\": 1, \"vertices\": [" + vertices + "], \"targets\": [" + targets + "]}");
    }

    private static void build(int version) throws IOException {
        Path out = Files.createDirectories(folder.resolve("project/out"));
        Random bytes = new Random(version);
        for (int i = 0; i < STEPS; i++) {
            byte[] output = new byte[LARGEST / 2 + bytes.nextInt(LARGEST / 2)];
            bytes.nextBytes(output);
            Files.write(out.resolve(Integer.toString(i)), output);
        }
    }

    private static Launch program(String... args) {
        return Launch.program(args).with("SOURCE_DATE_EPOCH", "1767225600").with("HOME", folder.toString());
    }

    private static Launch push(String to) {
        return program("export", graph.toString(), "--from-workspace", "--mode=max", "--to", to);
    }

    /** What the only tag of the repository names, whose cache is whole; empty where there is no tag. */
    private static Optional<Digest> tag(RemoteSite in, String repository) throws IOException, InterruptedException {
        Map<String, Digest> tags = in.served(repository).tags();
        assertTrue(tags.size() <= 1, tags.toString());
        return Optional.ofNullable(tags.get("cache"));
    }

    /** How many bytes go through the site's proxy while the program does its work. */
    private static long bytesOf(RemoteSite through, Launch launch) throws IOException, InterruptedException {
        through.proxy.clear();
        launch.run().requires(0);
        return through.proxy.bytes();
    }

    /** Starts the program, and kills it after a random part of so many bytes. */
    private void kill(RemoteSite through, long bytes, Launch launch) throws Exception {
        CompletableFuture<Process> started = new CompletableFuture<>();
        long at = 1 + (long) (random.nextDouble() * (bytes - 1));
        through.proxy.clear();
        through.proxy.afterBytes(at, () -> started.join().destroyForcibly());
        Path err = temp.resolve("err");
        Process process = launch.start(err);
        started.complete(process);
        process.getOutputStream().close();
        process.getInputStream().readAllBytes();
        assertEquals(SIGKILL, process.waitFor(), () -> "after " + at + " of " + bytes + " bytes: " + read(err));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void push_whenKilled_leavesTheTagWhatItWasAndGoesOnNextTime() throws Exception {
        long bytes = bytesOf(site, push(site.at("push/clean:cache")));
        for (int i = 0; i < KILLS; i++) {
            String repository = "push/killed" + i;
            boolean replacing = i % 2 == 0;
            if (replacing) {
                program("copy", site.uncounted("all/earlier:cache"), site.uncounted(repository + ":cache"))
                        .run()
                        .requires(0);
            }

            kill(site, bytes - VARIES, push(site.at(repository + ":cache")));

            Optional<Digest> standing = tag(site, repository);
            if (standing.isPresent()) {
                assertTrue(standing.get().equals(cache)
                        || (replacing && standing.get().equals(earlier)));
            }
            push(site.at(repository + ":cache")).run().requires(0);
            assertEquals(Optional.of(cache), tag(site, repository));
        }
    }

    @Test
    void pull_whenKilled_damagesNoFileAndGoesOnFromItsParts() throws Exception {
        String from = site.at("all/now:cache");
        Path clean = workspace("clean");
        long bytes = bytesOf(site, pull(clean, from));
        assertEquals(built, SmallProject.snapshot(clean.resolve("out")));
        for (int i = 0; i < KILLS; i++) {
            Path workspace = workspace("killed" + i);

            kill(site, bytes - VARIES, pull(workspace, from));

            if (Files.exists(workspace.resolve("out"))) {
                SmallProject.snapshot(workspace.resolve("out"))
                        .forEach((name, is) -> assertEquals(built.get(name), is, name));
            }
            long had = bytesOfParts(workspace);
            site.proxy.clear();
            pull(workspace, from).run().requires(0);
            assertEquals(built, SmallProject.snapshot(workspace.resolve("out")));
            assertGoesOn(site, bytes, had);
            assertEquals(0, bytesOfParts(workspace));
        }
    }

    private Path workspace(String name) throws IOException {
        return makeGraph(temp.resolve(name)).getParent();
    }

    private static Launch pull(Path workspace, String from) {
        return program("import", workspace.resolve("graph.json").toString(), "--fail-on-miss", "--from", from);
    }

    private static long bytesOfParts(Path below) throws IOException {
        try (Stream<Path> walk = Files.walk(below)) {
            long bytes = 0;
            for (Path file :
                    walk.filter(path -> path.toString().endsWith(".part")).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    /** What was there already was not transferred again. */
    private static void assertGoesOn(RemoteSite through, long whole, long had) {
        long now = through.proxy.bytesToClient();
        assertTrue(
                now <= whole - had + BESIDE_LAYERS,
                "of " + whole + " bytes " + had + " were there, and " + now + " came again");
    }

    @Test
    void copyToADirectory_whenKilled_showsNoHalfCacheAndGoesOnFromItsParts() throws Exception {
        String from = site.at("all/now:cache");
        long bytes = bytesOf(site, program("copy", from, "oci:" + temp.resolve("clean")));
        for (int i = 0; i < KILLS; i++) {
            Path directory = temp.resolve("directory" + i);
            Launch[] copies = {program("copy", from, "oci:" + directory), program("copy", from, "oci:" + directory)};

            kill(site, bytes - VARIES, copies[0]);

            if (Files.exists(directory.resolve("index.json"))) {
                assertEquals(List.of(), damaged(directory));
                program("inspect", "oci:" + directory).run().requires(0);
            }
            long had = bytesOfParts(directory) + bytesOfBlobs(directory);
            site.proxy.clear();
            copies[1].run().requires(0);
            assertEquals(List.of(), damaged(directory));
            assertGoesOn(site, bytes, had);
            program("inspect", "oci:" + directory + "@" + cache).run().requires(0);
        }
    }

    private static long bytesOfBlobs(Path layout) throws IOException {
        long bytes = 0;
        for (Path blob : blobs(layout)) {
            bytes += Files.size(blob);
        }
        return bytes;
    }

    private static List<Path> blobs(Path layout) throws IOException {
        Path folder = layout.resolve("blobs/sha256");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}"))
                    .toList();
        }
    }

    /** The blobs that are not what their name says. */
    private static List<Path> damaged(Path layout) throws IOException {
        List<Path> damaged = new ArrayList<>();
        for (Path blob : blobs(layout)) {
            if (!Digest.sha256(Files.readAllBytes(blob))
                    .encoded()
                    .equals(blob.getFileName().toString())) {
                damaged.add(blob);
            }
        }
        return damaged;
    }

    @Test
    void copyToAnotherRegistry_whenKilled_leavesTheTagWhatItWasAndGoesOnNextTime() throws Exception {
        String from = site.uncounted("all/now:cache");
        long bytes = bytesOf(other, program("copy", from, other.at("copy/clean:cache")));
        for (int i = 0; i < KILLS; i++) {
            String repository = "copy/killed" + i;

            kill(other, bytes - VARIES, program("copy", from, other.at(repository + ":cache")));

            Optional<Digest> standing = tag(other, repository);
            assertTrue(standing.isEmpty() || standing.get().equals(cache), standing.toString());
            program("copy", from, other.at(repository + ":cache")).run().requires(0);
            assertEquals(Optional.of(cache), tag(other, repository));
        }
    }
}
