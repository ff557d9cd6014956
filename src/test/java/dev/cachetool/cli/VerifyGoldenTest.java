package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code verify} finds nothing but what is known in the caches of real BuildKit, and everything in configs made to be bad. */
final class VerifyGoldenTest {
    private static final String UNUSED_0 = "layer-unused layer 0";
    private static final String UNUSED_1 = "layer-unused layer 1";

    /** What is wrong with each golden config; those that are not named here are fine. */
    private static final Map<String, List<String>> BAD = Map.ofEntries(
            Map.entry("byte-order-mark", List.of("config-malformed cache config")),
            Map.entry("chains-blob-not-in-descriptors", List.of("result-unlisted record 0", UNUSED_1)),
            Map.entry("chains-empty-list", List.of(UNUSED_0, UNUSED_1)),
            Map.entry("created-at-malformed", List.of("config-malformed cache config")),
            Map.entry("digest-missing", List.of("digest-missing record 0", UNUSED_1)),
            Map.entry("duplicate-records", List.of("duplicate record 2", "duplicate record 3")),
            Map.entry("empty-file", List.of("config-malformed cache config")),
            Map.entry("empty-inner-inputs", List.of("input-empty record 0")),
            Map.entry("empty-inputs-list", List.of("nothing-to-load cache config", UNUSED_0, UNUSED_1)),
            Map.entry("empty-object", List.of("nothing-to-load cache config")),
            Map.entry("layer-blob-not-in-descriptors", List.of("result-unlisted record 1", UNUSED_0)),
            Map.entry("layer-its-own-parent", List.of("layer-loop record 0")),
            Map.entry("layer-loop-unused", List.of("layer-unused layer 2", "layer-unused layer 3")),
            Map.entry("layer-negative", List.of("result-out-of-range record 0")),
            Map.entry("layer-out-of-range", List.of("result-out-of-range record 0")),
            Map.entry("link-out-of-range", List.of("link-out-of-range record 0")),
            Map.entry("link-to-itself", List.of("loop record 0")),
            Map.entry("parent-missing-means-zero", List.of(UNUSED_1)),
            Map.entry("parent-out-of-range", List.of("parent-out-of-range record 0")),
            Map.entry("random-record", List.of("record-random record 0", UNUSED_1)),
            Map.entry("trailing-bytes", List.of("config-malformed cache config")));

    @TempDir
    private Path temporary;

    private WholeTool tool;

    @BeforeEach
    void makeTool() throws IOException {
        tool = new WholeTool(Files.createDirectory(temporary.resolve("tmp"))).at(Approved.NOW);
    }

    /** A tag in a folder. */
    record Tagged(GoldenCase golden, String tag) {
        String name() {
            return golden.name() + (tag.equals("latest") ? "" : "." + tag);
        }

        @Override
        public String toString() {
            return name();
        }
    }

    static Stream<Tagged> caches() throws IOException {
        List<Tagged> tagged = new ArrayList<>();
        for (GoldenCase golden : GoldenCases.list("caches")) {
            try (LayoutDirectory layout = LayoutDirectory.open(golden.folder())) {
                layout.tags().forEach(tag -> tagged.add(new Tagged(golden, tag)));
            }
        }
        return tagged.stream();
    }

    static Stream<Tagged> ownCaches() throws IOException {
        List<String> names =
                GoldenCases.fixtures("caches").stream().map(GoldenCase::name).toList();
        return caches().filter(each -> names.contains(each.golden().name()));
    }

    @ParameterizedTest
    @MethodSource("ownCaches")
    void verify_ofARealCache_saysWhatWasApproved(Tagged cache) {
        WholeTool.Run run = tool.run("verify", "oci:" + cache.golden().folder() + ":" + cache.tag(), "--deep")
                .requires(ExitCode.DONE);

        assertEquals("", run.err());
        Approved.in("verify")
                .hold(
                        cache.name() + ".txt",
                        run.out().replace(cache.golden().folder().toString(), "CACHE"));
    }

    @Test
    void approved_outputs_areThoseOfRealCaches() throws IOException {
        Approved.in("verify")
                .requireOnly(ownCaches().map(each -> each.name() + ".txt").toList());
    }

    @ParameterizedTest
    @MethodSource("caches")
    void verify_ofARealCache_findsNoError(Tagged cache) throws IOException {
        WholeTool.Run run = tool.run(
                        "verify", "oci:" + cache.golden().folder() + ":" + cache.tag(), "--deep", "--format=json")
                .requires(ExitCode.DONE);

        WholeTool.Run narrow =
                tool.with("COLUMNS", "60").run("verify", "oci:" + cache.golden().folder() + ":" + cache.tag());
        assertTrue(
                narrow.out()
                        .lines()
                        .filter(line -> line.startsWith(" ") && !line.startsWith("    cachetool "))
                        .allMatch(line -> line.length() <= 60),
                narrow.out());
        JsonValue summary = JsonDocument.strict(run.bytes(), "answer").require("summary");
        assertEquals(0, summary.require("errors").asLong());
        assertEquals(
                Findings.of(run).size(),
                Findings.of(run).stream().filter("zstd-of-docker layer"::equals).count(),
                run.out());
    }

    static Stream<GoldenCase> bad() {
        return GoldenCases.fixtures("bad").stream();
    }

    /** The layers of these cases were never there, and the manifest lists more: what is said of blobs is left out. */
    @ParameterizedTest
    @MethodSource("bad")
    void verify_ofABadConfig_findsWhatIsWrong(GoldenCase golden) throws IOException {
        RawLayout layout = RawLayout.in(temporary.resolve("layout"))
                .config("application/vnd.buildkit.cacheconfig.v0", golden.bytes("config.json"));
        for (Map.Entry<String, JsonValue> entry : JsonDocument.asGoReads(
                        golden.bytes("descriptors.json"), "descriptors.json")
                .asObject()
                .entrySet()) {
            layout.list(Descriptor.read(entry.getValue()));
        }

        WholeTool.Run run = tool.run("verify", layout.manifest(), "--format=json");

        List<String> found = Findings.of(run).stream()
                .filter(each -> !each.equals("blob-missing layer")
                        && !each.equals("unused-missing layer")
                        && !each.equals("layer-unused blob"))
                .toList();
        assertEquals(BAD.getOrDefault(golden.name(), List.of()), found);
        assertEquals(ExitCode.ANSWER_NO, run.code());
    }

    /** BuildKit refuses a config exactly where one of these is found. */
    @ParameterizedTest
    @MethodSource("bad")
    void verify_ofABareConfig_isNotFineWhereBuildKitRefusesIt(GoldenCase golden) throws IOException {
        WholeTool.Run run = tool.run("verify", "config:" + golden.folder().resolve("config.json"), "--format=json");

        boolean accepted = JsonDocument.asGoReads(golden.bytes("expect.json"), "expect.json")
                .require("accepted")
                .asBoolean();
        boolean lost = golden.name().equals("digest-missing");
        assertEquals(accepted && !lost ? ExitCode.DONE : ExitCode.ANSWER_NO, run.code(), run.toString());
    }
}
