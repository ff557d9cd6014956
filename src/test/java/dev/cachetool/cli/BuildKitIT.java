package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.registry.DockerRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The BuildKit of a real Docker daemon uses what the packaged program copied. Debian's 20.10.24 writes inline caches, and
 * reads those and the index form with gzip or uncompressed layers; of an image manifest it sees nothing, and zstd it cannot
 * unpack.
 */
final class BuildKitIT {
    private static final String REPOSITORY = "team/app";
    private static final List<String> STEPS = List.of("[2/5] COPY", "[3/5] RUN", "[4/5] COPY", "[5/5] RUN");

    @TempDir
    private static Path folder;

    private static final Deque<Closeable> OPEN = new ArrayDeque<>();
    private static DockerDaemon docker;
    private static RemoteSite site;
    private static Path app;

    @TempDir
    private Path temp;

    @BeforeAll
    static void buildAndPushWithAnInlineCache() throws Exception {
        site = new RemoteSite(folder, DockerRegistry.open(folder.resolve("storage")));
        OPEN.push(site);
        docker = DockerDaemon.start();
        OPEN.push(docker);
        app = project("app", "two\n");
        assertEquals(List.of(), cached(push(app, "inline")));
    }

    /** A branch of the project: what its last two steps read differs. */
    private static Path project(String name, String text) throws IOException {
        Path project = folder.resolve(name);
        Files.createDirectories(project.resolve("src"));
        Files.writeString(project.resolve("src/a.txt"), "one\n");
        Files.writeString(project.resolve("src/b.txt"), text);
        Files.writeString(project.resolve("Dockerfile"), """
                FROM base:1
                COPY src/a.txt /src/a.txt
                RUN tr a-z A-Z </src/a.txt >/A.txt
                COPY src/b.txt /src/b.txt
                RUN cat /A.txt /src/b.txt >/all.txt
                """);
        return project;
    }

    /** Builds the project and pushes it with an inline cache; gives back what BuildKit said. */
    private static String push(Path project, String tag) throws IOException, InterruptedException {
        String image = site.uncounted(REPOSITORY + ":" + tag);
        String said = docker.build(project, "--build-arg", "BUILDKIT_INLINE_CACHE=1", "-t", image);
        docker.docker("push", image).run().requires(0);
        return said;
    }

    @AfterAll
    static void stop() throws IOException {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    /** The steps that a build took from a cache. */
    private static List<String> cached(String said) {
        TreeSet<String> numbers = new TreeSet<>();
        Matcher hits = Pattern.compile("(?m)^#(\\d+) CACHED$").matcher(said);
        while (hits.find()) {
            numbers.add(hits.group(1));
        }
        return STEPS.stream()
                .filter(step -> numbers.stream().anyMatch(number -> said.contains("#" + number + " " + step)))
                .toList();
    }

    private Launch.Outcome program(String... args) throws IOException, InterruptedException {
        return Launch.program(args).with("HOME", temp.toString()).run().requires(0);
    }

    /** The steps that a build takes from the cache when all else is forgotten; its result is looked at too. */
    private static List<String> cachedFrom(String tag) throws IOException, InterruptedException {
        return cachedFrom(tag, app, "ONE\ntwo\n");
    }

    private static List<String> cachedFrom(String tag, Path project, String made)
            throws IOException, InterruptedException {
        docker.forget();
        String said = docker.build(project, "-t", "result", "--cache-from", site.uncounted(REPOSITORY + ":" + tag));
        Launch.Outcome result = docker.docker("run", "--rm", "--network=none", "result", "cat", "/all.txt")
                .run()
                .requires(0);
        assertEquals(made, result.out());
        return cached(said);
    }

    @Test
    void build_fromTheInlineCacheItself_hasEveryStepCached() throws Exception {
        assertEquals(STEPS, cachedFrom("inline"));
    }

    @ParameterizedTest
    @CsvSource({
        "index-gzip, 'image-manifest=false'",
        "docker-gzip, 'oci-mediatypes=false,image-manifest=false'",
        "index-uncompressed, 'image-manifest=false,compression=uncompressed'"
    })
    void build_fromACopyInIndexForm_hasEveryStepCached(String tag, String attributes) throws Exception {
        program(
                "copy",
                site.uncounted(REPOSITORY + ":inline"),
                "type=registry,ref=" + site.uncounted(REPOSITORY + ":" + tag) + "," + attributes);
        assertEquals(STEPS, cachedFrom(tag));
    }

    @Test
    void build_fromACopyThatWentThroughADirectoryAndATar_hasEveryStepCached() throws Exception {
        String directory = "oci:" + temp.resolve("directory");
        String tar = "oci-archive:" + temp.resolve("cache.tar");
        String index = program("copy", site.uncounted(REPOSITORY + ":inline"), directory, "--form=index")
                .out();
        program("copy", directory, tar);
        String back = program("copy", tar, site.uncounted(REPOSITORY + ":back")).out();

        assertEquals(index.substring(index.indexOf('@')), back.substring(back.indexOf('@')));
        assertEquals(STEPS, cachedFrom("back"));
    }

    @Test
    void build_ofTwoBranchesFromTheirMergedInlineCaches_hasEveryStepOfBothCached() throws Exception {
        Path branch = project("branch", "three\n");
        docker.forget();
        assertEquals(List.of(), cached(push(branch, "branch")));
        String inline = site.uncounted(REPOSITORY + ":inline");
        String branchInline = site.uncounted(REPOSITORY + ":branch");
        String merged = "type=registry,image-manifest=false,ref=" + site.uncounted(REPOSITORY + ":merged");

        program("merge", inline, branchInline, "--to", merged);

        assertEquals(STEPS, cachedFrom("merged"));
        assertEquals(STEPS, cachedFrom("merged", branch, "ONE\nthree\n"));
        // Neither has what the other one made last.
        assertEquals(STEPS.subList(0, 2), cachedFrom("branch"));

        // The same where the second one comes to what stands there.
        String added = "type=registry,image-manifest=false,ref=" + site.uncounted(REPOSITORY + ":added");
        program("copy", branchInline, added, "--form=index");
        program("merge", inline, "--to", added, "--on-conflict=merge");
        assertEquals(STEPS, cachedFrom("added"));
        assertEquals(STEPS, cachedFrom("added", branch, "ONE\nthree\n"));
    }

    @Test
    void build_fromAPlainCopyOfTheImage_hasEveryStepCached() throws Exception {
        program("copy", site.uncounted(REPOSITORY + ":inline"), site.uncounted("copies/app:plain"));
        docker.forget();
        assertEquals(STEPS, cached(docker.build(app, "--cache-from", site.uncounted("copies/app:plain"))));
    }

    @Test
    void inlineCache_whenInspectedAndPlanned_isReadAsWhatItIs() throws Exception {
        String inline = site.uncounted(REPOSITORY + ":inline");
        String inspected = program("inspect", inline).out();
        assertTrue(
                inspected.contains("\nBuildKit cache · inside an image · Docker types · gzip · newest result "),
                inspected);
        assertTrue(inspected.contains(" 4 with a result"), inspected);
        Path graph = Files.writeString(temp.resolve("graph.json"), """
                { "schemaVersion": 1, "vertices": [
                  { "name": "make", "op": { "exec": { "args": ["make"], "outputs": ["out"] } } } ] }
                """);

        Launch.Outcome plan = program("plan", graph.toString(), "--strict", "--format=json", "--from", inline);

        // Nothing in this graph is of that build: it was read, whole, and nothing hits.
        assertEquals("", plan.err());
        assertTrue(plan.out().contains("\"form\": \"inline\""), plan.out());
        assertTrue(plan.out().contains("\"misses\": 1"), plan.out());
    }
}
