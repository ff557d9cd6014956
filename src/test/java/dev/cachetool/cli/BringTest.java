package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole caches brought into the local store by {@code import} without a graph, and what other verbs have of them then. */
final class BringTest {
    private static final Map<String, String> ALL_HIT = Map.of("upper", "hit", "all", "hit");

    @TempDir
    private Path folder;

    private Steps steps;
    private Path cache;
    private Path other;

    @BeforeEach
    void makeCache() throws IOException {
        steps = Steps.in(folder)
                .file("src/a.txt", "one\n")
                .source("src", "src")
                .step("upper", "tr a-z A-Z < src/a.txt > upper.out", "upper.out", "src")
                .step("all", "cat upper.out src/a.txt > all.out", "all.out", "upper", "src");
        cache = folder.resolve("cache");
        other = folder.resolve("other store");
        steps.run("--to", "type=local,dest=" + cache + ",mode=max").requires(ExitCode.DONE);
        Files.delete(steps.workspace.resolve("all.out"));
    }

    private WholeTool.Run bring(String... more) {
        return steps.tool.run(Stream.concat(
                        Stream.of("import", "--from", "oci:" + cache, "--store", other.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private WholeTool.Run withOther(String verb, String... more) {
        return steps.tool.run(Stream.concat(
                        Stream.of(
                                verb,
                                steps.workspace.resolve("graph.json").toString(),
                                "--store",
                                other.toString(),
                                "--format=json"),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static long figure(WholeTool.Run run, String name) throws IOException {
        return JsonDocument.strict(run.bytes(), "the answer")
                .require("summary")
                .require(name)
                .asLong();
    }

    @Test
    void import_whenThereIsNoGraph_bringsTheCacheOnce() throws IOException {
        WholeTool.Run first = bring("--format=json").requires(ExitCode.DONE);
        assertEquals(2, figure(first, "results"));
        assertEquals(2, figure(first, "fresh"));
        assertEquals(2, figure(first, "layers"));
        String again = bring().requires(ExitCode.DONE).out();
        assertTrue(again.matches("unchanged: the store has this cache already \\(\\d+ records, 2 results\\)\n"), again);
    }

    @Test
    void storeVerbs_whenACacheWasBrought_findItsResultsAndNothingWrong() {
        bring().requires(ExitCode.DONE);
        String listed = steps.tool
                .run("store", "ls", "--store", other.toString())
                .requires(ExitCode.DONE)
                .out();
        assertTrue(listed.contains("upper") && listed.contains("all"), listed);
        steps.tool.run("store", "verify", "--deep", "--store", other.toString()).requires(ExitCode.DONE);
    }

    @Test
    void run_whenACacheWasBrought_executesNothing() throws IOException {
        bring().requires(ExitCode.DONE);
        assertEquals(
                Map.of("upper", "unneeded", "all", "hit"),
                Steps.statusesOf(withOther("run").requires(ExitCode.DONE)));
        assertEquals("ONE\none\n", steps.read("all.out"));
    }

    @Test
    void plan_whenACacheWasBrought_saysTheStoreHasIt() throws IOException {
        bring().requires(ExitCode.DONE);
        WholeTool.Run run = withOther("plan", "--materialize=all").requires(ExitCode.DONE);
        assertEquals(ALL_HIT, Steps.statusesOf(run));
        for (JsonValue vertex : JsonDocument.strict(run.bytes(), "the answer")
                .require("vertices")
                .asArray()) {
            if (vertex.require("status").asString().equals("hit")) {
                assertTrue(vertex.require("source").asString().contains(other.toString()), run.out());
            }
        }
    }

    @Test
    void importGraph_whenACacheWasBrought_restoresFromTheStoreAlone() throws IOException {
        bring().requires(ExitCode.DONE);
        WholeTool.Run run = withOther("import").requires(ExitCode.DONE);
        assertEquals(ALL_HIT, Steps.statusesOf(run));
        assertEquals(0, figure(run, "bytes"));
        assertEquals("ONE\n", steps.read("upper.out"));
        assertEquals("ONE\none\n", steps.read("all.out"));
    }

    @Test
    void importGraph_whenTheStoreLostAFile_missesWithAWarning() throws IOException {
        bring().requires(ExitCode.DONE);
        try (Stream<Path> files = Files.walk(other)) {
            for (Path file : files.filter(path -> path.endsWith("upper.out")).toList()) {
                Files.delete(file);
            }
        }
        WholeTool.Run run = withOther("import").requires(ExitCode.DONE);
        assertEquals(Map.of("upper", "miss", "all", "hit"), Steps.statusesOf(run));
        assertTrue(run.err().contains("warning: could not restore \"upper\""), run.err());
        assertFalse(Files.exists(steps.workspace.resolve("upper.out")));
    }

    @Test
    void import_whenALayerIsDamaged_bringsTheOthers() throws IOException {
        Path largest = null;
        try (Stream<Path> blobs = Files.list(cache.resolve("blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                byte[] bytes = Files.readAllBytes(blob);
                // zstd's magic number: a layer and no document.
                if (bytes.length > 4 && bytes[0] == 0x28 && (bytes[1] & 0xFF) == 0xB5) {
                    largest = blob;
                }
            }
        }
        byte[] damaged = Files.readAllBytes(largest);
        damaged[damaged.length / 2] ^= 1;
        Files.write(largest, damaged);
        WholeTool.Run run = bring("--format=json").requires(ExitCode.DONE);
        assertEquals(List.of(1L, 1L), List.of(figure(run, "fresh"), figure(run, "lost")));
        assertTrue(run.err().contains("going on without it"), run.err());
        bring("--strict").requires(ExitCode.INTEGRITY);
    }

    @Test
    void import_whenTheSourceIsMissing_saysSoAndMakesNoStoreOfIt() {
        WholeTool.Run run = steps.tool
                .run("import", "--from", "oci:" + folder.resolve("nowhere"), "--store", other.toString())
                .requires(ExitCode.DONE);
        assertTrue(run.err().contains("going on without this cache"), run.err());
    }
}
