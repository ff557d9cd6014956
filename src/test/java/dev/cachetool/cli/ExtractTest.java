package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.golden.GoldenCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb {@code extract} through the whole tool, out of caches. */
final class ExtractTest {
    @TempDir
    private Path folder;

    private SmallProject project;
    private String cache;
    private Path out;

    @BeforeEach
    void make() throws IOException {
        project = SmallProject.in(folder);
        cache = "oci:" + folder.resolve("cache");
        out = folder.resolve("extracted");
        project.export(cache).requires(ExitCode.DONE);
    }

    private WholeTool.Run extract(String... words) {
        return project.tool.run(
                Stream.of(Stream.of("extract", cache), Stream.of(words), Stream.of("--to", out.toString()))
                        .flatMap(all -> all)
                        .toArray(String[]::new));
    }

    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(path -> !path.equals(root))
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void extract_whenAVertexAndAPathAreNamed_writesThatAlone() throws IOException {
        WholeTool.Run run = extract("make", "out/sub").requires(ExitCode.DONE);
        assertTrue(run.out().startsWith("written   16 B   out/sub/text\n1 file, 16 B of make ("), run.out());
        assertEquals(List.of("out", "out/sub", "out/sub/text"), names(out));
        assertEquals("made by build 1\n", Files.readString(out.resolve("out/sub/text")));
    }

    @Test
    void extract_whenNoPathIsNamed_writesEverythingAndReplacesWhatStandsThere() throws IOException {
        Files.createDirectories(out.resolve("out"));
        Files.createSymbolicLink(out.resolve("out/random"), Path.of("../../victim"));
        Files.writeString(folder.resolve("victim"), "untouched");
        Files.writeString(out.resolve("mine"), "stays");
        extract("make").requires(ExitCode.DONE);
        extract("make").requires(ExitCode.DONE);
        assertEquals(List.of("mine", "out", "out/random", "out/sub", "out/sub/text"), names(out));
        assertEquals("untouched", Files.readString(folder.resolve("victim")));
        assertEquals(5_000, Files.size(out.resolve("out/random")));
    }

    @Test
    void extract_whenTheFolderOnTheWayIsALink_writesNothingThroughIt() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createDirectories(out);
        Files.createSymbolicLink(out.resolve("out"), elsewhere);
        WholeTool.Run run = extract("make").requires(ExitCode.LOCAL_IO);
        assertTrue(run.err().contains("a folder is to stand there"), run.err());
        assertEquals(List.of(), names(elsewhere));
    }

    @Test
    void extract_whenTheRecordIsNamedByItsDigest_findsIt() throws IOException {
        String answer =
                extract("make", "--format", "json").requires(ExitCode.DONE).out();
        String digest = answer.lines()
                .filter(line -> line.contains("\"record\""))
                .findFirst()
                .orElseThrow()
                .replaceAll(".*sha256:([0-9a-f]{64}).*", "$1");
        extract(digest).requires(ExitCode.DONE);
        extract("sha256:" + digest).requires(ExitCode.DONE);
        extract(digest.substring(0, 8)).requires(ExitCode.DONE);
        assertEquals(5_000, Files.size(out.resolve("out/random")));
    }

    @Test
    void extract_whenSomethingIsUnknown_namesWhatIsNear() {
        WholeTool.Run record = extract("mak").requires(ExitCode.NOT_FOUND);
        assertTrue(record.err().contains("could not find \"mak\" in"), record.err());
        assertTrue(record.err().contains("did you mean \"make\"?"), record.err());
        WholeTool.Run path = extract("make", "out/none").requires(ExitCode.NOT_FOUND);
        assertTrue(path.err().contains("could not find \"out/none\" in the result of \"make\""), path.err());
        assertFalse(Files.exists(out.resolve("out")));
        WholeTool.Run place = project.tool
                .run("extract", "oci:" + folder.resolve("none"), "make", "--to", out.toString())
                .requires(ExitCode.NOT_FOUND);
        assertTrue(place.err().contains("none"), place.err());
    }

    @Test
    void extract_whenNothingHasAName_saysHowMuchOfADigestWillDo() {
        String golden = "oci:"
                + GoldenCases.get("caches", "0.32.2-p4-local-image-manifest-oci-gzip-max")
                        .folder();
        WholeTool.Run run = project.tool
                .run("extract", golden, "00e", "--to", out.toString())
                .requires(ExitCode.NOT_FOUND);
        assertTrue(run.err().contains("name it by the first 4 digits of its digest, or more"), run.err());
        project.tool.run("extract", golden, "00e4", "--to", out.toString()).requires(ExitCode.DONE);
        // Its digest is that of two other records, too.
        WholeTool.Run shared = project.tool
                .run("extract", golden, "e33c4f59", "--to", out.toString())
                .requires(ExitCode.DONE);
        assertTrue(shared.out().contains(" of e33c4f59a46f in "), shared.out());
    }

    @Test
    void extract_ofASource_saysHowItWouldBeThere() {
        WholeTool.Run run = extract("src").requires(ExitCode.NOT_FOUND);
        assertTrue(
                run.err().contains("results of vertices without inputs are exported with --export-roots"), run.err());
    }

    @Test
    void extract_toWhereNothingCanBeMade_isATroubleOfFiles() {
        WholeTool.Run run =
                project.tool.run("extract", cache, "make", "--to", "/proc/none").requires(ExitCode.LOCAL_IO);
        assertTrue(run.err().contains("could not use /proc/none: nothing can be made there"), run.err());
    }

    @Test
    void extract_whenALayerIsDamaged_writesNothing() throws IOException {
        try (Stream<Path> blobs = Files.list(folder.resolve("cache/blobs/sha256"))) {
            Path layer = blobs.filter(blob -> blob.toFile().length() > 5_000)
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(layer);
            bytes[bytes.length / 2] ^= 1;
            Files.write(layer, bytes);
        }
        WholeTool.Run run = extract("make").requires(ExitCode.INTEGRITY);
        assertTrue(run.err().contains("could not extract \"make\" from " + folder.resolve("cache") + ": "), run.err());
        assertTrue(run.err().contains("cachetool verify " + cache + " --deep"), run.err());
        assertEquals(List.of(), names(out));
    }
}
