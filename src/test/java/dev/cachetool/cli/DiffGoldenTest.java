package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cachetool.cli.command.OutputSchema;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code diff} of pairs of caches that real BuildKit daemons exported: what is approved, and what holds of any. */
final class DiffGoldenTest {
    private static final Path CACHES = Path.of("src/test/resources/fixtures/buildkit/caches");
    private static final Approved APPROVED = Approved.in("diff");

    @TempDir
    private Path temporary;

    /**
     * Two caches.
     *
     * @param name of the file with what is approved
     */
    record Pair(String name, String a, String b) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static String place(String folderAndTag) {
        return "oci:" + CACHES.resolve(folderAndTag);
    }

    private static Pair pair(String name, String a, String b) {
        return new Pair(name, place(a), place(b));
    }

    static Stream<Pair> pairs() {
        String newest = "0.32.2-p2-local-image-manifest-oci-gzip-max";
        return Stream.of(
                pair("itself.txt", newest, newest),
                pair(
                        "p2-0.11-and-0.19.txt",
                        "0.11.6-p2-local-index-oci-gzip-max",
                        "0.19.0-p2-registry-index-oci-gzip-max"),
                pair("p2-0.11-and-0.32.txt", "0.11.6-p2-local-index-oci-gzip-max", newest),
                pair("p2-0.19-and-0.32.txt", "0.19.0-p2-registry-index-oci-gzip-max", newest),
                pair("p2-min-and-max.txt", "0.32.2-p2-local-index-oci-gzip-min", newest),
                pair(
                        "p2-without-and-with-backlinks.txt",
                        newest,
                        "0.32.2-p2-backlinks-local-image-manifest-oci-gzip-max"),
                pair(
                        "p2-zstd-and-uncompressed.txt",
                        "0.19.0-p2-local-index-oci-zstd-forced-min",
                        "0.19.0-p2-local-image-manifest-oci-uncompressed-forced-max"),
                pair(
                        "p2-inline-and-attested.txt",
                        "0.19.0-p2-inline-oci-gzip-min",
                        "0.32.2-p2-inline-attested-oci-gzip-min"),
                pair(
                        "p3-inline-and-not.txt",
                        "0.32.2-p3-inline-oci-zstd-min",
                        "0.32.2-p3-local-image-manifest-oci-gzip-min"),
                pair(
                        "p4-directory-and-registry.txt",
                        "0.32.2-p4-local-image-manifest-oci-gzip-max",
                        "0.32.2-p4-registry-image-manifest-oci-gzip-max"),
                pair(
                        "p5-gzip-and-zstd.txt",
                        "0.32.2-p5-local-image-manifest-oci-gzip-max",
                        "0.32.2-p5-registry-index-docker-zstd-forced-min"),
                pair("p2-and-p4.txt", newest, "0.32.2-p4-local-image-manifest-oci-gzip-max"),
                pair(
                        "p1-and-p6.txt",
                        "0.32.2-p1-inline-oci-gzip-min",
                        "0.32.2-p6-llb-local-image-manifest-oci-gzip-max"),
                pair("two-tags-0.19.txt", "0.19.0-two-tags:a", "0.19.0-two-tags:b"),
                pair("two-tags-0.32.txt", "0.32.2-two-tags:a", "0.32.2-two-tags:b"));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void diff_ofTwoRealCaches_saysWhatIsApproved(Pair pair) throws IOException {
        WholeTool tool = new WholeTool(temporary).at(Approved.NOW);

        APPROVED.hold(
                pair.name(),
                tool.run("diff", pair.a(), pair.b()).requires(ExitCode.DONE).out());
        new OutputSchema()
                .hold(tool.run("diff", pair.a(), pair.b(), "--format=json")
                        .requires(ExitCode.DONE)
                        .out());
    }

    @Test
    void diffJson_ofTwoRealCaches_isWhatIsApproved() {
        APPROVED.hold(
                "two-tags-0.32.json",
                new WholeTool(temporary)
                        .at(Approved.NOW)
                        .run("diff", place("0.32.2-two-tags:a"), place("0.32.2-two-tags:b"), "--format=json")
                        .requires(ExitCode.DONE)
                        .out());
    }

    @Test
    void approved_ofDiff_isComparedFileByFile() {
        List<String> names = new ArrayList<>(pairs().map(Pair::name).toList());
        names.add("two-tags-0.32.json");
        APPROVED.requireOnly(names);
    }

    static Stream<GoldenCase> caches() {
        return GoldenCases.list("caches").stream()
                .filter(golden -> !golden.folder().getFileName().toString().contains("two-tags"));
    }

    @ParameterizedTest
    @MethodSource("caches")
    void diff_ofARealCacheAndItself_isNoDifference(GoldenCase golden) {
        String place = "oci:" + golden.folder();

        String out = new WholeTool(temporary)
                .run("diff", place, place, "--exit-code")
                .requires(ExitCode.DONE)
                .out();
        assertEquals(
                "the caches hold the same records and results",
                out.lines().findFirst().orElse(""));
    }
}
