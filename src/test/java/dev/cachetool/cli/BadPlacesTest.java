package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.Compression;
import dev.cachetool.content.Manifest;
import dev.cachetool.layout.LayoutDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Places that are damaged, full, read-only or something else: message, exit code, and that nothing there is harmed. */
final class BadPlacesTest {
    @TempDir
    private Path folder;

    private SmallProject project;
    private Path layout;
    private Path tar;

    @BeforeEach
    void makeProject() throws IOException {
        project = SmallProject.in(folder);
        layout = folder.resolve("layout");
        tar = folder.resolve("cache.tar");
    }

    private static void assertSays(WholeTool.Run run, String... parts) {
        for (String part : parts) {
            assertTrue(run.err().contains(part), () -> "\"" + part + "\" is not in\n" + run);
        }
    }

    /** What can be wrong with the bytes of a blob. */
    enum Wrong {
        SHORTER,
        EMPTY,
        LONGER,
        OTHER;

        byte[] of(byte[] bytes) {
            return switch (this) {
                case SHORTER -> Arrays.copyOf(bytes, bytes.length - 1);
                case EMPTY -> new byte[0];
                case LONGER -> Arrays.copyOf(bytes, bytes.length + 1);
                case OTHER -> {
                    byte[] other = bytes.clone();
                    other[other.length / 2] ^= 1;
                    yield other;
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Wrong.class)
    void import_ofALayerThatIsNotItsDigest_isAMiss_andAnErrorWhenStrict(Wrong wrong) throws IOException {
        project.export("type=local,dest=" + layout).requires(ExitCode.DONE);
        project.removeOutputs();
        Path layer = SmallProject.layerOf(layout);
        Files.write(layer, wrong.of(Files.readAllBytes(layer)));
        Map<String, String> before = SmallProject.snapshot(folder);

        WholeTool.Run run = project.importing("type=local,src=" + layout).requires(ExitCode.DONE);
        assertSays(run, "could not restore \"make\" from " + layout, "it counts as a miss", "blob sha256:");
        assertTrue(run.out().contains("miss"), run.out());
        WholeTool.Run strict =
                project.importing("type=local,src=" + layout, "--strict").requires(ExitCode.INTEGRITY);
        assertSays(strict, "could not restore \"make\" from " + layout, "blob sha256:", "make that cache again");
        Map<String, String> after = SmallProject.snapshot(folder);
        assertEquals(before, after);
    }

    @Test
    void import_ofALayerThatIsGone_isAMiss_andAnErrorWhenStrict() throws IOException {
        project.export("type=local,dest=" + layout).requires(ExitCode.DONE);
        project.removeOutputs();
        Files.delete(SmallProject.layerOf(layout));
        assertSays(
                project.importing("type=local,src=" + layout).requires(ExitCode.DONE),
                "could not restore \"make\"",
                "is not in " + layout);
        assertSays(
                project.importing("type=local,src=" + layout, "--strict").requires(ExitCode.INTEGRITY),
                "is not in " + layout);
        assertFalse(Files.exists(project.workspace.resolve("out")));
    }

    @Test
    void export_overACacheThatIsDamaged_replacesIt() throws IOException {
        project.export("type=local,dest=" + layout).requires(ExitCode.DONE);
        Files.write(SmallProject.layerOf(layout), new byte[0]);
        try (LayoutDirectory place = LayoutDirectory.open(layout)) {
            Manifest manifest = place.resolve("latest").orElseThrow();
            Files.delete(
                    layout.resolve("blobs/sha256").resolve(manifest.digest().encoded()));
        }
        project.export("type=local,dest=" + layout).requires(ExitCode.DONE);
        project.removeOutputs();
        project.importing("type=local,src=" + layout, "--strict").requires(ExitCode.DONE);
        assertTrue(Files.exists(project.workspace.resolve("out/random")));
    }

    static Stream<String> badIndexes() {
        String digest = "sha256:" + "0".repeat(64);
        return Stream.of(
                "",
                "{",
                "[]",
                "{\"manifests\":{}}",
                "{\"manifests\":[{\"digest\":5}]}",
                "{\"manifests\":[{\"digest\":\"sha256:xyz\",\"size\":1}]}",
                "{\"manifests\":[{\"digest\":\"" + digest + "\",\"size\":1.5}]}",
                "{\"manifests\":[{\"digest\":\"" + digest + "\",\"size\":-1}]}",
                "{\"manifests\":[]} {}",
                "\uFEFF{\"manifests\":[]}",
                "{\"manifests\":[" + "[".repeat(100_000) + "]".repeat(100_000) + "]}",
                "{\"manifests\":[]," + " ".repeat(17 << 20) + "\"x\":1}");
    }

    @ParameterizedTest
    @MethodSource("badIndexes")
    void layout_withABadIndex_isToldAndLeftAsItIs(String index) throws IOException {
        project.export("type=local,dest=" + layout).requires(ExitCode.DONE);
        project.removeOutputs();
        Files.writeString(layout.resolve("index.json"), index);
        assertBadCache("type=local,src=" + layout, layout + " is no OCI layout: ");
        project.build(2, 100);
        Map<String, String> before = SmallProject.snapshot(layout);
        WholeTool.Run export = project.export("type=local,dest=" + layout).requires(ExitCode.INTEGRITY);
        assertSays(export, layout + " is no OCI layout: ", "name another place");
        assertEquals(before, SmallProject.snapshot(layout));
    }

    /** Every verb that reads tells what is wrong; only inspect, and who wants it strict, fails. */
    private void assertBadCache(String spec, String message) {
        WholeTool.Run inspect = project.tool.run("inspect", spec).requires(ExitCode.INTEGRITY);
        assertSays(inspect, message);
        assertEquals("", inspect.out());
        assertTrue(inspect.err().lines().count() > 1, () -> "no next step in " + inspect.err());
        assertSays(project.importing(spec).requires(ExitCode.DONE), message, "going on without this cache");
        assertSays(project.importing(spec, "--strict").requires(ExitCode.INTEGRITY), message);
        assertSays(
                project.tool
                        .run("plan", project.graph.toString(), "--from", spec)
                        .requires(ExitCode.DONE),
                message,
                "going on without this cache");
        assertFalse(Files.exists(project.workspace.resolve("out")));
    }

    @Test
    void manifest_thatIsBad_isTold() throws IOException {
        for (String document : new String[] {
            "{", "[]", "{}", "{\"config\":{\"digest\":\"sha256:x\"}}", "\"" + "x".repeat(4 << 20) + "\""
        }) {
            Path place = folder.resolve("m" + document.length());
            project.export("type=local,dest=" + place).requires(ExitCode.DONE);
            project.removeOutputs();
            byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
            try (LayoutDirectory target = LayoutDirectory.create(place)) {
                target.tag("latest", Manifest.of(dev.cachetool.oci.MediaTypes.OCI_MANIFEST, bytes));
            }
            assertBadCache("type=local,src=" + place, "could not read the cache in " + place + ": ");
            project.build(1, 5_000);
        }
    }

    @Test
    void manifest_whoseBytesAreOthers_isTold() throws IOException {
        for (Wrong wrong : Wrong.values()) {
            Path place = folder.resolve("w" + wrong);
            project.export("type=local,dest=" + place).requires(ExitCode.DONE);
            project.removeOutputs();
            try (LayoutDirectory target = LayoutDirectory.open(place)) {
                Path file = place.resolve("blobs/sha256")
                        .resolve(target.resolve("latest").orElseThrow().digest().encoded());
                Files.write(file, wrong.of(Files.readAllBytes(file)));
            }
            assertBadCache("type=local,src=" + place, "could not read the cache in " + place + ": blob sha256:");
            project.build(1, 5_000);
        }
    }

    private static byte[] compressed(Compression compression, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream to = compression.compress(out, compression.defaultLevel(), 1)) {
            to.write(bytes);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void tarball_thatIsCutOff_isTold(Compression compression) throws IOException {
        project.export("type=tar,dest=" + tar).requires(ExitCode.DONE);
        project.removeOutputs();
        byte[] whole = compressed(compression, Files.readAllBytes(tar));
        Files.write(tar, whole);
        project.tool.run("inspect", "type=tar,src=" + tar).requires(ExitCode.DONE);
        for (int length : new int[] {whole.length / 3, whole.length / 2, whole.length * 2 / 3, 700, 512, 20}) {
            Files.write(tar, Arrays.copyOf(whole, length));
            assertBadCache("type=tar,src=" + tar, tar + " is no OCI layout: ");
            assertArrayEquals(Arrays.copyOf(whole, length), Files.readAllBytes(tar));
        }
    }

    @Test
    void tarball_onStandardInput_thatIsCutOff_isTold() throws IOException {
        project.export("type=tar,dest=" + tar).requires(ExitCode.DONE);
        byte[] whole = Files.readAllBytes(tar);
        project.tool.withInput(whole).run("inspect", "-").requires(ExitCode.DONE);
        WholeTool.Run run = project.tool
                .withInput(Arrays.copyOf(whole, whole.length / 2))
                .run("inspect", "-")
                .requires(ExitCode.INTEGRITY);
        assertSays(run, "is no OCI layout: it is cut off");
        assertSays(
                project.tool.withInput(new byte[0]).run("inspect", "-").requires(ExitCode.INTEGRITY),
                "is no OCI layout");
    }

    @Test
    void export_toWhatIsNoLayout_leavesItAsItIs() throws IOException {
        Path thesis = Files.createDirectories(folder.resolve("thesis"));
        Files.writeString(thesis.resolve("chapter-1.tex"), "years of work");
        Path file = Files.writeString(folder.resolve("notes.txt"), "some notes, and enough of them. ".repeat(50));
        Path otherTar = folder.resolve("backup.tar");
        try (OutputStream out = Files.newOutputStream(otherTar)) {
            var writer = new dev.cachetool.content.TarWriter(out);
            writer.entry(dev.cachetool.content.TarEntry.file("photo.jpg", 0644, 3));
            writer.write(new byte[] {1, 2, 3}, 0, 3);
            writer.finish();
        }
        Map<String, String> before = SmallProject.snapshot(folder);
        assertSays(
                project.export("type=local,dest=" + thesis).requires(ExitCode.INTEGRITY),
                thesis + " is no OCI layout",
                "chapter-1.tex",
                "name another directory");
        assertSays(
                project.export("type=local,dest=" + file).requires(ExitCode.INTEGRITY),
                file + " is no OCI layout: it is no directory",
                "for a tar write oci-archive:");
        assertSays(
                project.export("type=tar,dest=" + file).requires(ExitCode.INTEGRITY),
                file + " is no OCI layout",
                "name another place");
        assertSays(
                project.export("type=tar,dest=" + otherTar).requires(ExitCode.INTEGRITY),
                otherTar + " is no OCI layout: it has no index.json");
        assertSays(
                project.export("type=tar,dest=" + thesis).requires(ExitCode.INTEGRITY),
                thesis + " is no OCI layout: it is a directory",
                "for a directory write oci:");
        assertSays(
                project.export("type=tar,dest=/dev/null").requires(ExitCode.INTEGRITY), "/dev/null is no OCI layout");
        assertFalse(Files.isRegularFile(Path.of("/dev/null")));
        assertEquals(before, SmallProject.snapshot(folder));
    }

    @Test
    void export_toWhereNothingCanBeMade_namesThePlace() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Map<String, String> before = SmallProject.snapshot(folder);
        for (String spec : new String[] {
            "type=local,dest=" + file.resolve("below"),
            "type=tar,dest=" + file.resolve("cache.tar"),
            "type=local,dest=/proc/cachetool",
            "type=tar,dest=/proc/cache.tar",
            "type=tar,dest=" + file.resolve("a/b/cache.tar")
        }) {
            WholeTool.Run run = project.export(spec).requires(ExitCode.LOCAL_IO);
            assertSays(run, "could not use " + spec.substring(spec.indexOf("dest=") + 5));
            assertFalse(run.err().contains(".cachetool-tmp"), run.err());
            assertTrue(run.err().lines().count() > 1, run::err);
        }
        assertEquals(before, SmallProject.snapshot(folder));
    }

    @Test
    void export_ofOneTargetThatFails_writesTheOthers() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        WholeTool.Run run = project.tool
                .run(
                        "export",
                        project.graph.toString(),
                        "--from-workspace",
                        "--to",
                        "type=local,dest=" + file,
                        "--to",
                        "type=tar,dest=" + tar)
                .requires(ExitCode.PARTLY);
        assertSays(run, file + " is no OCI layout");
        project.tool.run("inspect", "type=tar,src=" + tar).requires(ExitCode.DONE);
    }

    @Test
    void temporaryFolder_thatIsNotThere_isTold() throws IOException {
        project.export("type=tar,dest=" + tar).requires(ExitCode.DONE);
        Path none = folder.resolve("none");
        Path file = Files.writeString(folder.resolve("file"), "x");
        for (Path temporary : new Path[] {none, file}) {
            WholeTool tool = new WholeTool(temporary);
            assertSays(
                    tool.run("export", project.graph.toString(), "--from-workspace", "--to", "type=tar,dest=" + tar)
                            .requires(ExitCode.LOCAL_IO),
                    "could not use " + temporary + " for temporary files",
                    "TMPDIR");
            assertSays(
                    tool.run("inspect", "type=tar,src=" + tar).requires(ExitCode.LOCAL_IO),
                    "could not use " + temporary + " for temporary files");
        }
        assertFalse(Files.exists(none));
    }

    private static final int SMALL_DISK = 1 << 20;
    private static final int MORE_THAN_FITS = 3 << 20;
    private static final String FULL = "No space left on device";

    @Test
    void export_toAFullDisk_leavesWhatStandsThere() throws Exception {
        try (Mounted disk = Mounted.of(folder.resolve("disk"), SMALL_DISK)) {
            Path directory = folder.resolve("disk/layout");
            Path tarball = folder.resolve("disk/cache.tar");
            for (String spec : new String[] {"type=local,dest=" + directory, "type=tar,dest=" + tarball}) {
                project.build(1, 5_000);
                project.export(spec).requires(ExitCode.DONE);
                Map<String, String> before = SmallProject.snapshot(folder.resolve("disk"));
                project.build(2, MORE_THAN_FITS);
                WholeTool.Run run = project.export(spec).requires(ExitCode.LOCAL_IO);
                assertSays(run, "could not use " + disk.at(), FULL, "make room");
                assertEquals(before, SmallProject.snapshot(folder.resolve("disk")));
                project.removeOutputs();
                project.build(1, 5_000);
                project.removeOutputs();
                project.importing(spec.replace("dest=", "src="), "--strict").requires(ExitCode.DONE);
                assertTrue(Files.exists(project.workspace.resolve("out/random")), "what was there is still a cache");
            }
        }
    }

    @Test
    void export_whenTheDiskOfTemporaryFilesIsFull_leavesTheTarget() throws Exception {
        project.export("type=local,dest=" + layout).requires(ExitCode.DONE);
        Map<String, String> before = SmallProject.snapshot(layout);
        try (Mounted disk = Mounted.of(folder.resolve("tmp"), SMALL_DISK)) {
            project.build(2, MORE_THAN_FITS);
            WholeTool.Run run = project.export("type=local,dest=" + layout).requires(ExitCode.LOCAL_IO);
            assertSays(run, "could not use " + disk.at(), FULL, "TMPDIR");
        }
        assertEquals(before, SmallProject.snapshot(layout));
    }

    @Test
    void import_ofACompressedTarball_whenTheDiskOfTemporaryFilesIsFull_isTold() throws Exception {
        project.build(2, MORE_THAN_FITS);
        project.export("type=tar,dest=" + tar).requires(ExitCode.DONE);
        project.removeOutputs();
        Files.write(tar, compressed(Compression.GZIP, Files.readAllBytes(tar)));
        try (Mounted disk = Mounted.of(folder.resolve("tmp"), SMALL_DISK)) {
            assertSays(
                    project.importing("type=tar,src=" + tar, "--strict").requires(ExitCode.LOCAL_IO),
                    "could not use " + disk.at(),
                    FULL,
                    "TMPDIR");
        }
    }

    @Test
    void import_intoAFullDisk_leavesTheWorkspaceAsItWas() throws Exception {
        project.build(2, MORE_THAN_FITS);
        project.export("type=local,dest=" + layout).requires(ExitCode.DONE);
        Path small = folder.resolve("disk");
        try (Mounted disk = Mounted.of(small, SMALL_DISK)) {
            Files.createDirectories(small.resolve("src"));
            Files.copy(project.workspace.resolve("src/in.txt"), small.resolve("src/in.txt"));
            Files.createDirectories(small.resolve("out/sub"));
            Files.writeString(small.resolve("out/sub/text"), "an older output");
            Map<String, String> before = SmallProject.snapshot(small);
            WholeTool.Run run = project.importing("type=local,src=" + layout, "--workspace", small.toString())
                    .requires(ExitCode.LOCAL_IO);
            assertSays(run, "could not use " + disk.at(), FULL, "make room");
            assertEquals(before, SmallProject.snapshot(small));
        }
    }

    @Test
    void placesThatAreReadOnly_areToldAndStayAsTheyAre() throws Exception {
        project.export("type=local,dest=" + layout).requires(ExitCode.DONE);
        Path disk = folder.resolve("disk");
        try (Mounted mounted = Mounted.of(disk, 4 << 20)) {
            project.export("type=local,dest=" + disk.resolve("layout")).requires(ExitCode.DONE);
            project.export("type=tar,dest=" + disk.resolve("cache.tar")).requires(ExitCode.DONE);
            Files.createDirectories(disk.resolve("src"));
            Files.copy(project.workspace.resolve("src/in.txt"), disk.resolve("src/in.txt"));
            mounted.makeReadOnly();
            Map<String, String> before = SmallProject.snapshot(disk);
            project.build(2, 5_000);
            for (String spec : new String[] {
                "type=local,dest=" + disk.resolve("layout"),
                "type=tar,dest=" + disk.resolve("cache.tar"),
                "type=local,dest=" + disk.resolve("new"),
                "type=tar,dest=" + disk.resolve("new.tar")
            }) {
                assertSays(
                        project.export(spec).requires(ExitCode.LOCAL_IO),
                        "could not use " + disk,
                        "Read-only file system",
                        "name another place");
            }
            WholeTool.Run run = project.importing("type=local,src=" + layout, "--workspace", disk.toString())
                    .requires(ExitCode.LOCAL_IO);
            assertSays(run, "could not use " + disk, "Read-only file system");
            assertEquals(before, SmallProject.snapshot(disk));
            // What is only read may be read-only.
            project.build(1, 5_000);
            project.removeOutputs();
            project.importing("type=tar,src=" + disk.resolve("cache.tar"), "--strict")
                    .requires(ExitCode.DONE);
        }
    }

    @Test
    void export_toStandardOutputThatIsFull_isALocalError() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        try (OutputStream out = Files.newOutputStream(full)) {
            WholeTool.Run run = project.tool
                    .run(out, "export", project.graph.toString(), "--from-workspace", "--mode=max", "--to", "-")
                    .requires(ExitCode.LOCAL_IO);
            assertSays(run, FULL);
        }
    }

    @Test
    void inspect_ofBytesOfAnyKind_neverEndsInAnInternalError() throws IOException {
        project.export("type=tar,dest=" + tar).requires(ExitCode.DONE);
        byte[] whole = Files.readAllBytes(tar);
        long seed = Long.getLong("cachetool.seed", 20_261_125L);
        int cases = Boolean.getBoolean("cachetool.soak") ? 20_000 : 200;
        System.out.println("BadPlacesTest: -Dcachetool.seed=" + seed + ", " + cases + " cases");
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < cases; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                // Most of it is the layer, which inspect does not read: the documents stand behind it.
                int at = random.nextBoolean()
                        ? random.nextInt(damaged.length)
                        : damaged.length - 1 - random.nextInt(Math.min(damaged.length, 8_000));
                damaged[at] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(tar, damaged);
            WholeTool.Run run = project.tool.run("inspect", "type=tar,src=" + tar);
            assertTrue(
                    run.code() == ExitCode.DONE || run.code() == ExitCode.INTEGRITY || run.code() == ExitCode.NOT_FOUND,
                    run::toString);
            refused += run.code() == ExitCode.DONE ? 0 : 1;
        }
        assertTrue(refused > cases / 10, "refused: " + refused);
    }
}
