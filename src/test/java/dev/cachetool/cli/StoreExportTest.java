package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cachetool.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other verbs than {@code run} have of the results that a run left in the local store. */
final class StoreExportTest {
    @TempDir
    private Path folder;

    private Steps steps;

    @BeforeEach
    void makeProject() throws IOException {
        steps = Steps.in(folder)
                .file("src/a.txt", "one\n")
                .source("src", "src")
                .step("upper", "tr a-z A-Z < src/a.txt > upper.out", "upper.out", "src")
                .step("all", "cat upper.out src/a.txt > all.out", "all.out", "upper", "src");
        steps.tool.with("SOURCE_DATE_EPOCH", "1767225600");
    }

    private WholeTool.Run verb(String verb, String... more) {
        return steps.tool.run(Stream.concat(
                        Stream.of(verb, steps.workspace.resolve("graph.json").toString()), Arrays.stream(more))
                .toArray(String[]::new));
    }

    private WholeTool.Run withStore(String verb, String... more) {
        return verb(
                verb,
                Stream.concat(Stream.of("--store", steps.store.toString()), Arrays.stream(more))
                        .toArray(String[]::new));
    }

    /** The names of the blobs of a layout, which say what is in them. */
    private static List<String> blobs(Path layout) throws IOException {
        try (Stream<Path> files = Files.list(layout.resolve("blobs/sha256"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> layers(byte[] config) throws IOException {
        List<String> digests = new ArrayList<>();
        for (JsonNode layer : new ObjectMapper().readTree(config).path("layers")) {
            digests.add(layer.path("blob").textValue());
        }
        digests.sort(null);
        return digests;
    }

    @Test
    void export_afterARun_givesTheLayersThatTheWorkspaceGives() throws IOException {
        steps.run("--materialize=all").requires(ExitCode.DONE);
        byte[] stored = withStore("export", "--mode=max", "--config-only")
                .requires(ExitCode.DONE)
                .bytes();
        // Without a store and without what proves the outputs to be results.
        Files.delete(steps.workspace.resolve(".cachetool/state"));
        byte[] workspace = verb("export", "--from-workspace", "--mode=max", "--config-only")
                .requires(ExitCode.DONE)
                .bytes();
        assertEquals(2, layers(stored).size());
        assertEquals(layers(workspace), layers(stored));
    }

    @Test
    void export_whenTheWorkspaceIsEmpty_takesAllOfTheStoreAndTheSameAgain() throws IOException {
        steps.run().requires(ExitCode.DONE);
        Files.delete(steps.workspace.resolve("all.out"));
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        withStore("export", "--mode=max", "--to", "type=local,dest=" + first).requires(ExitCode.DONE);
        withStore("export", "--mode=max", "--to", "type=local,dest=" + second).requires(ExitCode.DONE);
        assertEquals(blobs(first), blobs(second));
        Path third = folder.resolve("third");
        steps.run("--to", "type=local,dest=" + third + ",mode=max").requires(ExitCode.DONE);
        assertEquals(blobs(first), blobs(third));
        assertEquals(Map.of("upper", "hit", "all", "hit"), elsewhere(first));
    }

    /** What a store that is empty yet finds after it took the cache in. */
    private Map<String, String> elsewhere(Path layout) throws IOException {
        String empty = folder.resolve("elsewhere").toString();
        steps.tool.run("import", "--from", "oci:" + layout, "--store", empty).requires(ExitCode.DONE);
        return Steps.statusesOf(verb("plan", "--store", empty, "--materialize=all", "--format=json")
                .requires(ExitCode.DONE));
    }

    @Test
    void export_ofTransferableResultsAlone_hasThemAfterTheyWentOut() throws IOException {
        steps.run().requires(ExitCode.DONE);
        String[] remoteOnly = {"--mode=remote-only", "--config-only"};
        assertEquals(
                List.of(),
                layers(withStore("export", remoteOnly).requires(ExitCode.DONE).bytes()));
        withStore("export", "--mode=max", "--to", "type=local,dest=" + folder.resolve("out"))
                .requires(ExitCode.DONE);
        assertEquals(
                2,
                layers(withStore("export", remoteOnly).requires(ExitCode.DONE).bytes())
                        .size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456789Z", "2024-02-29T23:59:59.5+05:30"})
    void export_ofAResultOfTheGraph_keepsItsTime(String time) throws IOException {
        exportsTime(time, time);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05.1234567899Z, 2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05.500Z, 2026-01-02T03:04:05.5Z",
        "2026-01-02T03:04:05+00:00, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05-00:30, 2026-01-02T03:04:05-00:30"
    })
    void export_ofAResultOfTheGraph_writesItsTimeAsGoDoes(String time, String written) throws IOException {
        exportsTime(time, written);
    }

    private void exportsTime(String time, String written) throws IOException {
        String digest = "sha256:" + "1".repeat(64);
        steps.clear().vertex("""
                { "name": "a", "op": { "exec": { "args": ["true"], "outputs": ["a.out"] } }, "results": [
                  { "createdAt": "%s", "remote": true, "layers": [
                    { "digest": "%s", "size": 1, "diffID": "%2$s", "mediaType": "application/vnd.oci.image.layer.v1.tar" }
                  ] } ] }
                """.formatted(time, digest));
        JsonNode config = new ObjectMapper()
                .readTree(verb("export", "--export-roots", "--config-only")
                        .requires(ExitCode.DONE)
                        .bytes());
        assertEquals(
                written,
                config.path("records")
                        .path(0)
                        .path("layers")
                        .path(0)
                        .path("createdAt")
                        .textValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "import"})
    void verb_whenTheStoreIsNewer_warnsAndGoesOnUnlessStrict(String verb) throws IOException {
        Path cache = folder.resolve("cache");
        steps.run("--to", "type=local,dest=" + cache + ",mode=max").requires(ExitCode.DONE);
        Files.writeString(steps.store.resolve("format"), "cachetool store 9\n");
        String[] more = {"--from", "oci:" + cache, "--materialize=all", "--format=json"};
        WholeTool.Run run = withStore(verb, more).requires(ExitCode.DONE);
        assertTrue(
                run.err().contains("it has the format 9, this cachetool knows 1; going on without the local store"),
                run.err());
        assertEquals(Map.of("upper", "hit", "all", "hit"), Steps.statusesOf(run));
        String[] strict = Arrays.copyOf(more, more.length + 1);
        strict[more.length] = "--strict";
        withStore(verb, strict).requires(ExitCode.INTEGRITY);
    }

    @Test
    void export_whenTheStoreIsNewer_warnsAndTakesTheWorkspace() throws IOException {
        steps.run("--materialize=all").requires(ExitCode.DONE);
        Files.writeString(steps.store.resolve("format"), "cachetool store 9\n");
        WholeTool.Run run = withStore("export", "--mode=max", "--config-only").requires(ExitCode.DONE);
        assertTrue(run.err().contains("going on without the local store"), run.err());
        assertEquals(2, layers(run.bytes()).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "export --config-only", "cachemap"})
    void verb_whenThereIsNoStore_makesNone(String words) {
        String[] parts = words.split(" ", -1);
        verb(parts[0], Arrays.copyOfRange(parts, 1, parts.length)).requires(ExitCode.DONE);
        assertFalse(Files.exists(Path.of(folder.resolve("tmp") + "-caches")));
    }
}
