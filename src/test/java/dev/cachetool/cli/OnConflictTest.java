package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.registry.DockerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code --on-conflict} of every verb that publishes, at every kind of place. */
final class OnConflictTest {
    @TempDir
    private static Path folder;

    private static RemoteSite site;
    private static Hello main;
    private static Hello branch;

    @TempDir
    private Path temp;

    private WholeTool tool;

    private enum Kind {
        REGISTRY,
        DIRECTORY,
        TAR
    }

    @BeforeAll
    static void buildTwoBranches() throws Exception {
        site = new RemoteSite(folder, DockerRegistry.open(folder.resolve("storage")));
        main = Hello.copyTo(Files.createDirectory(folder.resolve("main"))).build();
        branch = Hello.copyTo(Files.createDirectory(folder.resolve("branch")));
        branch.change("pages/news.txt", "e", "E");
        branch.build();
    }

    @AfterAll
    static void stop() throws IOException {
        site.close();
    }

    @BeforeEach
    void makeATool() throws IOException {
        tool = site.tool();
    }

    private String place(Kind kind, String name) {
        return switch (kind) {
            case REGISTRY -> site.uncounted("conflicts/" + name + ":main");
            case DIRECTORY -> "oci:" + temp.resolve(name);
            case TAR -> "oci-archive:" + temp.resolve(name + ".tar");
        };
    }

    private WholeTool.Run export(Hello hello, String to, String... more) {
        String[] args = Stream.concat(
                        Stream.of("export", hello.graph(), "--from-workspace", "--mode=max", "--to", to),
                        Stream.of(more))
                .toArray(String[]::new);
        return tool.run(args);
    }

    private void assertHitsAll(String from) {
        for (Hello hello : List.of(main, branch)) {
            tool.run("plan", hello.graph(), "--fail-on-miss", "--materialize=all", "--from", from)
                    .requires(ExitCode.DONE);
        }
    }

    private String digest(String place) {
        String line = tool.run("inspect", place)
                .requires(ExitCode.DONE)
                .out()
                .lines()
                .findFirst()
                .orElse("");
        return line.substring(line.indexOf('@') + 1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void export_whereAnotherCacheStands_mergesBoth(Kind kind) {
        String place = place(kind, "export");
        export(main, place, "--on-conflict=merge").requires(ExitCode.DONE);

        WholeTool.Run run =
                export(branch, place, "--on-conflict=merge", "--progress=plain").requires(ExitCode.DONE);

        assertHitsAll(place);
        assertTrue(run.err().contains("merged") && run.err().contains("which stood there"), run.err());
        assertTrue(run.err().contains("9 results, 9 layers"), run.err());
        assertTrue(run.out().contains("@" + digest(place)), run.out());
        WholeTool.Run again = export(main, place, "--on-conflict=merge").requires(ExitCode.DONE);
        assertTrue(again.err().contains("unchanged: "), again.err());
        assertEquals(run.out(), again.out());

        // Without it, what stood there is gone.
        export(main, place).requires(ExitCode.DONE);
        tool.run("plan", branch.graph(), "--fail-on-miss", "--from", place).requires(ExitCode.ANSWER_NO);
    }

    @Test
    void export_whenItIsAskedInAWrongWord_saysWhichThereAre() {
        WholeTool.Run run =
                export(main, "oci:" + temp.resolve("x"), "--on-conflict=merg").requires(ExitCode.USAGE);
        assertTrue(run.err().contains("merge"), run.err());
    }

    @Test
    void run_whereAnotherCacheStands_mergesBoth() {
        String place = "oci:" + temp.resolve("ran");
        for (Hello hello : List.of(main, branch)) {
            tool.run(
                            "run",
                            hello.graph(),
                            "--store",
                            temp.resolve("store").toString(),
                            "--mode=max",
                            "--to",
                            place,
                            "--on-conflict=merge")
                    .requires(ExitCode.DONE);
        }
        for (Hello hello : List.of(main, branch)) {
            tool.run(
                            "plan",
                            hello.graph(),
                            "--store",
                            temp.resolve("other").toString(),
                            "--fail-on-miss",
                            "--from",
                            place)
                    .requires(ExitCode.DONE);
        }
    }

    @Test
    void copyAndMerge_whereAnotherCacheStands_mergeBoth() {
        String one = "oci:" + temp.resolve("one");
        String other = "oci:" + temp.resolve("other");
        export(main, one).requires(ExitCode.DONE);
        export(branch, other).requires(ExitCode.DONE);
        for (String verb : List.of("copy", "merge")) {
            String target = "oci:" + temp.resolve(verb);
            String to = "--to=" + target;
            WholeTool.Run alone = tool.run(verb, one, to, "--on-conflict=merge").requires(ExitCode.DONE);
            // Where nothing stands, a copy keeps every byte.
            assertTrue(alone.out().contains(digest(one)), alone.out());

            tool.run(verb, other, to, "--on-conflict=merge").requires(ExitCode.DONE);
            assertHitsAll(target);
        }
    }

    @Test
    void export_whereAManifestIsNotThere_saysThatItIsReplaced() throws IOException {
        Path layout = temp.resolve("lost");
        String pinned = export(main, "oci:" + layout).requires(ExitCode.DONE).out();
        String manifest = pinned.strip().substring(pinned.lastIndexOf("sha256:") + "sha256:".length());
        Files.delete(layout.resolve("blobs/sha256").resolve(manifest));

        WholeTool.Run run =
                export(branch, "oci:" + layout, "--on-conflict=merge").requires(ExitCode.DONE);

        assertTrue(run.err().contains("of " + layout + " is damaged, and replaced: "), run.err());
        assertTrue(run.err().contains(manifest), run.err());
        tool.run("plan", branch.graph(), "--fail-on-miss", "--from", "oci:" + layout)
                .requires(ExitCode.DONE);
    }

    @Test
    void export_thatIsADryRunOfACopy_tellsWhatTheUnionWouldBe() {
        String one = "oci:" + temp.resolve("one");
        String target = "oci:" + temp.resolve("target");
        export(main, one).requires(ExitCode.DONE);
        export(branch, target).requires(ExitCode.DONE);
        String before = digest(target);

        WholeTool.Run dry = tool.run("copy", one, target, "--on-conflict=merge", "--dry-run")
                .requires(ExitCode.DONE);

        assertEquals(before, digest(target));
        WholeTool.Run real =
                tool.run("copy", one, target, "--on-conflict=merge").requires(ExitCode.DONE);
        assertEquals(real.out(), dry.out());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void export_whereAnImageWithAnInlineCacheStands_leavesItAlone(Kind kind) {
        String place = place(kind, "image");
        String image = "oci:"
                + GoldenCases.get("caches", "0.32.2-p1-inline-oci-gzip-min").folder();
        tool.run("copy", image, place).requires(ExitCode.DONE);
        String before = digest(place);

        WholeTool.Run run = export(main, place, "--on-conflict=merge").requires(ExitCode.INTEGRITY);

        assertTrue(run.err().contains("is an image, not a cache"), run.err());
        assertTrue(run.err().contains("name another tag"), run.err());
        assertEquals(before, digest(place));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"DIRECTORY"})
    void export_whereADamagedCacheStands_replacesItWithAWarning(Kind kind) throws IOException {
        String place = place(kind, "damaged");
        export(branch, place).requires(ExitCode.DONE);
        try (Stream<Path> blobs = Files.list(temp.resolve("damaged/blobs/sha256"))) {
            Path config = blobs.filter(OnConflictTest::isConfig).findFirst().orElseThrow();
            Files.writeString(config, "x");
        }

        WholeTool.Run run = export(main, place, "--on-conflict=merge").requires(ExitCode.DONE);

        assertTrue(run.err().contains("is damaged, and replaced"), run.err());
        tool.run("plan", main.graph(), "--fail-on-miss", "--from", place).requires(ExitCode.DONE);
    }

    private static boolean isConfig(Path blob) {
        try {
            return Files.size(blob) < 100_000 && Files.readString(blob).startsWith("{\"layers\":");
        } catch (IOException e) {
            return false;
        }
    }

    /** BuildKit's caches have their own forms and types; ours is what the SPEC asks for. */
    @Test
    void export_whereACacheOfBuildKitStands_hasItsRecordsToo() {
        for (String name :
                List.of("0.11.6-p5-local-index-oci-zstd-forced-max", "0.19.0-p5-local-index-docker-gzip-max")) {
            String source = "oci:" + GoldenCases.get("caches", name).folder();
            String place = "oci:" + temp.resolve(name);
            tool.run("copy", source, place).requires(ExitCode.DONE);
            export(main, place, "--on-conflict=merge").requires(ExitCode.DONE);
            WholeTool.Run again =
                    tool.run("merge", place, source, "--to", place).requires(ExitCode.DONE);
            assertTrue(again.err().contains("unchanged: "), again.err());
            tool.run("plan", main.graph(), "--fail-on-miss", "--from", place).requires(ExitCode.DONE);
            String shown = tool.run("inspect", place).requires(ExitCode.DONE).out();
            assertTrue(shown.contains("image-manifest form · OCI types"), shown);
            assertFalse(shown.isEmpty());
        }
    }
}
