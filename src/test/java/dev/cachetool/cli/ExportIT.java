package dev.cachetool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cachetool.golden.GoldenCases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same graph, exported by processes that know nothing of each other, is the same cache byte for byte. */
final class ExportIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temporary;

    /** What a fresh process prints. */
    private static byte[] run(String... arguments) throws IOException, InterruptedException {
        return Launch.program(arguments).run().requires(0).bytes();
    }

    /** The graph with its vertices in another order. */
    private Path shuffled(Path graph, long seed) throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(graph.toFile());
        assertTrue(root.has("targets"), "the order of the targets counts");
        List<JsonNode> vertices = new ArrayList<>();
        root.get("vertices").forEach(vertices::add);
        Collections.shuffle(vertices, new Random(seed));
        ArrayNode shuffled = root.putArray("vertices").addAll(vertices);
        assertEquals(vertices.size(), shuffled.size());
        Path file = temporary.resolve("shuffled " + seed + ".json");
        JSON.writeValue(file.toFile(), root);
        return file;
    }

    /** The digest of the pinned line. */
    private static String digest(byte[] out) {
        String line = new String(out, UTF_8);
        assertTrue(line.matches("\\S+@sha256:[0-9a-f]{64}\n"), line);
        return line.substring(line.indexOf('@'));
    }

    @Test
    void export_inFreshProcessesAndAnyOrderOfVertices_givesTheSameManifest() throws Exception {
        Path graph = GoldenCases.get("interop", "p2").folder().resolve("graph.json");
        Path layers = GoldenCases.get("caches", "0.32.2-p2-local-image-manifest-oci-gzip-max")
                .folder();
        List<String> digests = new ArrayList<>();
        for (Path each : List.of(graph, graph, shuffled(graph, 1), shuffled(graph, 2))) {
            Path to = temporary.resolve("cache-" + digests.size() + ".tar");
            digests.add(digest(run(
                    "export",
                    each.toString(),
                    "--mode=max",
                    "--content",
                    "oci:" + layers,
                    "--to",
                    "oci-archive:" + to)));
        }

        assertEquals(Collections.nCopies(4, digests.get(0)), digests);
    }

    @ParameterizedTest
    @CsvSource({"random-103-27v, min", "random-119-14v, max", "edge-merge-over-targets, max", "ladder-six-levels, min"})
    void configOnly_inFreshProcessesAndAnyOrderOfVertices_printsTheSameBytes(String name, String mode)
            throws Exception {
        Path graph = GoldenCases.get("graphs", name).folder().resolve("graph.json");
        byte[] config = run("export", graph.toString(), "--mode=" + mode, "--config-only");

        assertTrue(config.length > 2);
        assertArrayEquals(config, run("export", graph.toString(), "--mode=" + mode, "--config-only"));
        assertArrayEquals(config, run("export", shuffled(graph, 3).toString(), "--mode=" + mode, "--config-only"));
    }
}
