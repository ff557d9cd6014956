package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.Blob;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Target;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A broken cache never breaks a build and is never silent: a warning and misses, or exit code 6 where that is asked for. */
final class BadConfigsTest {
    @TempDir
    private Path temporary;

    private WholeTool tool;
    private String graph;

    @BeforeEach
    void makeTool() throws IOException {
        tool = new WholeTool(Files.createDirectory(temporary.resolve("tmp")));
        graph = GoldenCases.get("graphs", "single-chain")
                .folder()
                .resolve("graph.json")
                .toString();
    }

    static Stream<GoldenCase> refused() {
        return GoldenCases.list("bad").stream().filter(golden -> !accepted(golden));
    }

    static Stream<GoldenCase> accepted() {
        return GoldenCases.list("bad").stream().filter(BadConfigsTest::accepted);
    }

    private static boolean accepted(GoldenCase golden) {
        try {
            return JsonDocument.asGoReads(golden.bytes("expect.json"), "expect.json")
                    .require("accepted")
                    .asBoolean();
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A layout whose manifest lists what the case's manifest listed; its layers are not there. */
    private Path layout(GoldenCase golden) throws IOException {
        List<Descriptor> layers = new ArrayList<>();
        for (Map.Entry<String, JsonValue> entry : JsonDocument.asGoReads(
                        golden.bytes("descriptors.json"), "descriptors.json")
                .asObject()
                .entrySet()) {
            layers.add(Descriptor.read(entry.getValue()));
        }
        Path directory = temporary.resolve("layout");
        try (Target target = LayoutDirectory.create(directory)) {
            Blob config = Blob.of(MediaTypes.CACHE_CONFIG, golden.bytes("config.json"));
            target.ingest(config);
            target.tag(
                    "latest",
                    Manifest.of(
                            MediaTypes.OCI_MANIFEST,
                            new ImageManifest(MediaTypes.OCI_MANIFEST, config.descriptor(), layers, Map.of())
                                    .toBytes()));
        }
        return directory;
    }

    /** What a person is told of a refused source, in every way that it can be given. */
    private void assertRefused(String spec, String place) {
        WholeTool.Run run = tool.run("plan", graph, "--from", spec).requires(ExitCode.DONE);
        assertTrue(run.err().startsWith("warning: "), run.err());
        assertTrue(run.err().endsWith("; going on without this cache\n"), run.err());
        assertNames(place, run.err());
        assertTrue(run.out().contains("0 hit"), run.out());

        WholeTool.Run strict =
                tool.run("plan", graph, "--from", spec, "--strict").requires(ExitCode.INTEGRITY);
        assertEquals("", strict.out());
        assertNames(place, strict.err());

        WholeTool.Run inspect = tool.run("inspect", spec).requires(ExitCode.INTEGRITY);
        assertEquals("", inspect.out());
        assertNames(place, inspect.err());

        WholeTool.Run json =
                tool.run("plan", graph, "--from", spec, "--format=json").requires(ExitCode.DONE);
        assertTrue(json.out().contains("\"status\": \"damaged\""), json.out());
    }

    /** The message names the place, and where in the config: a line and column, a record, an input or a layer. */
    private static void assertNames(String place, String message) {
        assertTrue(message.contains(place), message);
        assertTrue(message.matches("(?s).*(:\\d+:\\d+: |record \\d+|layer -?\\d+).*"), message);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void plan_fromABareConfigThatIsRefused_warnsAndMissesOrFails(GoldenCase golden) {
        String file = golden.folder().resolve("config.json").toString();

        assertRefused("config:" + file, file);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void plan_fromALayoutWhoseConfigIsRefused_warnsAndMissesOrFails(GoldenCase golden) throws IOException {
        Path layout = layout(golden);

        assertRefused("oci:" + layout, layout.toString());
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void plan_fromAnOddConfigThatBuildKitReads_readsIt(GoldenCase golden) throws IOException {
        WholeTool.Run run = tool.run("plan", graph, "--from", "oci:" + layout(golden), "--strict")
                .requires(ExitCode.DONE);

        assertEquals("", run.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "link-to-itself|: the records loop at record 0",
                "link-out-of-range|: record 0 links to record 5, there are 1",
                "empty-inner-inputs|: input 0 of record 0 is empty",
                "layer-its-own-parent|: a result of record 0: the layers loop at layer 0",
                "layer-out-of-range|: a result of record 0: layer 2 is out of range, there are 2",
                "layer-negative|: a result of record 0: layer -1 is out of range, there are 2",
                "parent-out-of-range|: a result of record 0: layer 9 is out of range, there are 1",
                "created-at-malformed|:1:236: is no RFC 3339 time: \"yesterday\"",
                "trailing-bytes|:1:",
                "byte-order-mark|:1:1: ",
                "empty-file|:1:1: ",
            })
    void plan_fromARefusedConfig_saysWhatIsWrong(String name, String problem) {
        Path config = GoldenCases.get("bad", name).folder().resolve("config.json");
        WholeTool.Run run = tool.run("plan", graph, "--from", "config:" + config, "--strict");

        assertTrue(run.err().contains(problem), run.err());
    }

    @Test
    void plan_fromALoopOfRecords_saysWhere() throws IOException {
        Path config = Files.writeString(
                temporary.resolve("loop.json"),
                "{\"records\":[{\"digest\":\"sha256:" + "0".repeat(64) + "\"},"
                        + "{\"digest\":\"sha256:" + "1".repeat(64) + "\",\"inputs\":[[{\"link\":0},{\"link\":2}]]},"
                        + "{\"digest\":\"sha256:" + "2".repeat(64) + "\",\"inputs\":[[{\"link\":1}]]}]}");

        assertRefused("config:" + config, config.toString());
        WholeTool.Run run = tool.run("plan", graph, "--from", "config:" + config, "--strict");
        assertTrue(run.err().contains("the records loop at record 1"), run.err());
    }

    @Test
    void plan_withABrokenSourceBesideAGoodOne_hitsInTheGoodOne() throws IOException {
        Path broken = Files.writeString(temporary.resolve("broken.json"), "{\"records\":");
        Path good = temporary.resolve("good.json");
        Files.write(
                good,
                tool.run("export", graph, "--mode=max", "--config-only")
                        .requires(ExitCode.DONE)
                        .bytes());

        WholeTool.Run run = tool.run("plan", graph, "--from", "config:" + broken, "--from", "config:" + good)
                .requires(ExitCode.DONE);

        assertTrue(run.out().contains("1 hit, 0 miss"), run.out());
        assertTrue(run.err().contains(broken + ":1:"), run.err());
    }
}
