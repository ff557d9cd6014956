package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that somebody made to do harm, or that came out wrong: what {@code import} says, and what it leaves alone. */
final class BadLayersTest {
    @TempDir
    private Path folder;

    private SmallProject project;

    @BeforeEach
    void makeProject() throws IOException {
        project = SmallProject.in(folder);
    }

    /** The tar with its first header, a pax header, counting for all entries. */
    private static byte[] asGlobal(byte[] tar) {
        byte[] header = Arrays.copyOf(tar, 512);
        header[TarConstants.LF_OFFSET] = 'g';
        Arrays.fill(
                header, TarConstants.CHKSUM_OFFSET, TarConstants.CHKSUM_OFFSET + TarConstants.CHKSUMLEN, (byte) ' ');
        TarUtils.formatCheckSumOctalBytes(
                TarUtils.computeCheckSum(header), header, TarConstants.CHKSUM_OFFSET, TarConstants.CHKSUMLEN);
        System.arraycopy(header, 0, tar, 0, header.length);
        return tar;
    }

    private interface Making {
        byte[] of(Tar tar) throws IOException;
    }

    private static Arguments bad(String what, String message, Making making) {
        return Arguments.of(what, message, making);
    }

    static Stream<Arguments> leadingOut() {
        return Stream.of(
                bad(
                        "a name with ..",
                        "could not unpack \"../evil\"",
                        t -> t.file("../evil", "x").end()),
                bad(
                        "a name that ends outside",
                        "the segment ..",
                        t -> t.file("out/../../evil", "x").end()),
                bad(
                        "a name with .. that stays inside",
                        "the segment ..",
                        t -> t.file("out/a/../b", "x").end()),
                bad(
                        "an absolute name",
                        "its name is absolute",
                        t -> t.file("/tmp/evil", "x").end()),
                bad(
                        "a pax name with ..",
                        "could not unpack \"../evil\"",
                        t -> t.pax("path=../evil").file("out/good", "x").end()),
                bad(
                        "a link that leads up, gone through",
                        "leads out of the target",
                        t -> t.symlink("out/l", "../..").file("out/l/evil", "x").end()),
                bad(
                        "an absolute link, gone through",
                        "leads out of the target",
                        t -> t.symlink("out/l", "/tmp").file("out/l/evil", "x").end()),
                bad(
                        "a link to a link that leads up",
                        "leads out of the target",
                        t -> t.symlink("out/a", "b")
                                .symlink("out/b", "../..")
                                .file("out/a/evil", "x")
                                .end()),
                bad(
                        "a link that turns in a circle",
                        "too many links",
                        t -> t.symlink("out/a", "a").file("out/a/evil", "x").end()),
                bad(
                        "a folder made through a link",
                        "leads out of the target",
                        t -> t.symlink("out/l", "../..")
                                .entry("out/l/evil/", TarConstants.LF_DIR, "", 0755, "")
                                .end()),
                bad(
                        "a hard link that leads up",
                        "outside of the target",
                        t -> t.hardLink("out/h", "../../secret").end()),
                bad(
                        "an absolute hard link",
                        "outside of the target",
                        t -> t.hardLink("out/h", "/etc/passwd").end()),
                bad(
                        "a hard link through a link",
                        "leads out of the target",
                        t -> t.symlink("out/l", "../..")
                                .hardLink("out/h", "out/l/secret")
                                .end()),
                bad(
                        "a hard link to nothing",
                        "which is no file of the layer",
                        t -> t.hardLink("out/h", "out/none").end()),
                bad(
                        "a deletion through a link",
                        "leads out of the target",
                        t -> t.symlink("out/l", "../..")
                                .file("out/l/.wh.secret", "")
                                .end()),
                bad(
                        "a deletion of ..",
                        "it deletes what is no name",
                        t -> t.file("out/.wh...", "").end()),
                bad(
                        "a file below a file",
                        "which is no folder",
                        t -> t.file("out/f", "x").file("out/f/g", "x").end()),
                bad(
                        "a name with a zero byte",
                        "zero byte",
                        t -> t.pax("path=out/a\0b").file("out/a", "x").end()),
                bad(
                        "a file where the folder stands",
                        "its name is the target itself",
                        t -> t.file(".", "x").end()),
                bad(
                        "what the step does not declare",
                        "holds other, which the vertex does not declare",
                        t -> t.file("out/a", "x").file("other/x", "x").end()),
                bad(
                        "cachetool's own files",
                        "holds .cachetool, which",
                        t -> t.file(".cachetool/state", "{}").file("out/a", "x").end()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("leadingOut")
    void import_ofALayerThatLeadsOut_fails_andRestoresNothing(String what, String message, Making making)
            throws IOException {
        Files.writeString(folder.resolve("secret"), "keep");
        String from = project.forge(folder.resolve("layout"), making.of(new Tar()));
        Map<String, String> before = SmallProject.snapshot(folder);
        WholeTool.Run run = project.importing(from).requires(ExitCode.INTEGRITY);
        assertTrue(run.err().contains(message), run.err());
        assertTrue(run.err().contains("could not restore \"make\" from " + folder.resolve("layout")), () -> run.err());
        assertTrue(run.err().contains("make that cache again"), run.err());
        assertEquals("", run.out());
        assertUnchanged(before);
    }

    private void assertUnchanged(Map<String, String> before) throws IOException {
        Map<String, String> after = SmallProject.snapshot(folder);
        after.remove("workspace/.cachetool");
        after.remove("workspace/.cachetool/state");
        assertEquals(before, after);
        assertFalse(Files.exists(Path.of("/tmp/evil")));
    }

    static Stream<Arguments> damaged() {
        return Stream.of(
                bad(
                        "a GNU sparse file",
                        "stored as a sparse file",
                        t -> t.entry("out/s", TarConstants.LF_GNUTYPE_SPARSE, "", 0644, "x")
                                .end()),
                bad(
                        "a pax sparse file",
                        "stored as a sparse file",
                        t -> t.pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=out/s")
                                .file("out/s", "x")
                                .end()),
                bad(
                        "a pax header of a wrong length",
                        "a pax header that is malformed",
                        t -> t.entry("x", (byte) 'x', "", 0644, "99 path=out/a\n")
                                .file("out/a", "x")
                                .end()),
                bad(
                        "a pax size that is none",
                        "whose size is no number",
                        t -> t.pax("size=1e3").file("out/a", "x").end()),
                bad(
                        "a pax size beyond the end",
                        "cut off within this entry",
                        t -> t.pax("size=9000000000").file("out/a", "x").end()),
                bad(
                        "a negative pax size",
                        "a negative size",
                        t -> t.pax("size=-1").file("out/a", "x").end()),
                bad(
                        "a name for all",
                        "a global pax header that gives every entry the same path",
                        t -> asGlobal(t.pax("path=out/a").file("out/b", "x").end())),
                bad(
                        "an unknown type",
                        "has the unknown type 'Q'",
                        t -> t.entry("out/q", (byte) 'Q', "", 0644, "").end()),
                bad("a wrong checksum", "the header's checksum is wrong", t -> {
                    byte[] tar = t.file("out/a", "x").end();
                    tar[0] ^= 1;
                    return tar;
                }),
                bad(
                        "a tar that is cut off",
                        "cut off within",
                        t -> Arrays.copyOf(t.file("out/a", "x".repeat(2000)).end(), 1500)),
                bad(
                        "what is no tar at all",
                        "the tar archive is not readable",
                        t -> "no tar, but long enough to be one\n".repeat(40).getBytes(StandardCharsets.UTF_8)),
                bad("gzip that is cut off", "the gzip data is cut off", t ->
                        new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1}),
                bad("zstd that is none", "the zstd data is damaged or cut off", t ->
                        new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    void import_ofALayerThatCannotBeRead_isAMissWithAWarning_andAnErrorWhenStrict(
            String what, String message, Making making) throws IOException {
        String from = project.forge(folder.resolve("layout"), making.of(new Tar()));
        Map<String, String> before = SmallProject.snapshot(folder);
        WholeTool.Run run = project.importing(from).requires(ExitCode.DONE);
        assertTrue(run.err().contains("it counts as a miss"), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertTrue(run.err().contains(folder.resolve("layout").toString()), run.err());
        assertTrue(run.out().contains("miss"), run.out());
        assertUnchanged(before);
        WholeTool.Run strict = project.importing(from, "--strict").requires(ExitCode.INTEGRITY);
        assertTrue(strict.err().contains(message), strict.err());
        assertTrue(strict.err().contains("make that cache again"), strict.err());
        assertUnchanged(before);
    }

    @Test
    void import_ofDevicesAndPipes_leavesThemOutWithAWarning() throws IOException {
        byte[] tar = new Tar()
                .file("out/a", "a")
                .entry("out/char", TarConstants.LF_CHR, "", 0666, "")
                .entry("out/block", TarConstants.LF_BLK, "", 0666, "")
                .entry("out/pipe", TarConstants.LF_FIFO, "", 0666, "")
                .end();
        WholeTool.Run run =
                project.importing(project.forge(folder.resolve("layout"), tar)).requires(ExitCode.DONE);
        assertTrue(run.err().contains("\"out/char\""), run.err());
        assertTrue(run.err().contains("is a device, which is not restored"), run.err());
        assertTrue(run.err().contains("\"out/block\""), run.err());
        assertTrue(run.err().contains("is a named pipe, which is not restored"), run.err());
        assertEquals(
                Map.of("", "40755", "a", "100644 " + digest("a")),
                SmallProject.snapshot(project.workspace.resolve("out")));
    }

    private static String digest(String content) {
        return dev.cachetool.digest.Digest.sha256(content).toString();
    }

    @Test
    void import_ofSpecialBits_dropsThemWithAWarning_unlessTheyAreWanted() throws IOException {
        byte[] tar = new Tar()
                .entry("out/", TarConstants.LF_DIR, "", 02755, "")
                .pax("SCHILY.xattr.security.capability=x")
                .entry("out/su", TarConstants.LF_NORMAL, "", 06755, "a")
                .end();
        String from = project.forge(folder.resolve("layout"), tar);
        Path file = project.workspace.resolve("out/su");
        WholeTool.Run run = project.importing(from).requires(ExitCode.DONE);
        assertTrue(run.err().contains("\"out/su\""), run.err());
        assertTrue(run.err().contains("is set-uid and set-gid, which is not restored"), run.err());
        assertTrue(run.err().contains("is set-gid, which is not restored"), run.err());
        assertTrue(run.err().contains("has file capabilities, which are not restored"), run.err());
        assertEquals(0755, mode(file));
        assertEquals(0755, mode(file.getParent()));

        WholeTool.Run wanted = project.importing(from, "--preserve-special").requires(ExitCode.DONE);
        assertEquals(06755, mode(file), "though a file of this content was there");
        assertFalse(wanted.err().contains("set-uid"), wanted.err());
        assertTrue(wanted.err().contains("has file capabilities, which are not restored"), wanted.err());
        project.removeOutputs();
        project.importing(from, "--preserve-special").requires(ExitCode.DONE);
        assertEquals(06755, mode(file));
        assertEquals(02755, mode(file.getParent()));
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }

    @Test
    void import_ofALinkThatLeadsOut_keepsItAsALink() throws IOException {
        byte[] tar = new Tar()
                .symlink("out/up", "../../secret")
                .symlink("out/away", "/etc/passwd")
                .end();
        project.importing(project.forge(folder.resolve("layout"), tar)).requires(ExitCode.DONE);
        assertEquals(Path.of("../../secret"), Files.readSymbolicLink(project.workspace.resolve("out/up")));
        assertEquals(Path.of("/etc/passwd"), Files.readSymbolicLink(project.workspace.resolve("out/away")));
    }

    @Test
    void import_ofANameThatTheFileSystemRefuses_isALocalError_andRestoresNothing() throws IOException {
        byte[] tar =
                new Tar().file("out/a", "a").file("out/" + "x".repeat(256), "x").end();
        String from = project.forge(folder.resolve("layout"), tar);
        Map<String, String> before = SmallProject.snapshot(folder);
        WholeTool.Run run = project.importing(from).requires(ExitCode.LOCAL_IO);
        assertTrue(run.err().contains("File name too long"), run.err());
        assertUnchanged(before);
        byte[] longest = new Tar().file("out/" + "x".repeat(255), "x").end();
        project.importing(project.forge(folder.resolve("layout2"), longest)).requires(ExitCode.DONE);
        assertEquals("x", Files.readString(project.workspace.resolve("out").resolve("x".repeat(255))));
    }

    @Test
    void import_throughALinkInTheWorkspace_restoresNothing() throws IOException {
        byte[] tar = new Tar().file("out/sub/a", "a").end();
        String graph = Files.readString(project.graph);
        assertTrue(graph.contains("[\"out\"]"));
        Files.writeString(project.graph, graph.replace("[\"out\"]", "[\"out/sub\"]"));
        String from = project.forge(folder.resolve("layout"), tar);
        Files.createDirectories(folder.resolve("elsewhere/sub"));
        Files.createSymbolicLink(project.workspace.resolve("out"), folder.resolve("elsewhere"));
        Map<String, String> before = SmallProject.snapshot(folder);
        WholeTool.Run run = project.importing(from).requires(ExitCode.LOCAL_IO);
        assertTrue(run.err().contains("outputs are not restored through links"), run.err());
        assertUnchanged(before);

        Files.delete(project.workspace.resolve("out"));
        Files.writeString(project.workspace.resolve("out"), "a file of the user");
        before = SmallProject.snapshot(folder);
        run = project.importing(from).requires(ExitCode.LOCAL_IO);
        assertTrue(run.err().contains("out/sub: Not a directory"), run.err());
        assertUnchanged(before);
    }
}
