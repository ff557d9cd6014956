package dev.cachetool.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.CacheMaps;
import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.cachemap.LocalFiles;
import dev.cachetool.cachemap.RemoteSources;
import dev.cachetool.cachemap.Surroundings;
import dev.cachetool.cachemap.ToolRunner;
import dev.cachetool.content.FileNames;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.HttpOp;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.solver.OutputKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The bytes that are hashed, held to vectors that docs/formats.md alone gave (fixtures/formats/README.md). */
final class FormatVectorsTest {
    @TempDir
    private Path workspace;

    private JsonNode vectors;

    @BeforeEach
    void writeFiles() throws IOException {
        try (InputStream in = FormatVectorsTest.class.getResourceAsStream("/fixtures/formats/vectors.json")) {
            vectors = new ObjectMapper().readTree(in);
        }
        for (JsonNode file : vectors.get("files")) {
            Path path = FileNames.resolve(workspace, unescaped(file.get("path").textValue()));
            makeFolders(path.getParent());
            switch (file.get("type").textValue()) {
                case "file" -> Files.writeString(path, file.get("data").textValue());
                case "dir" -> Files.createDirectory(path);
                default ->
                    Files.createSymbolicLink(path, target(file.get("target").textValue()));
            }
            if (file.has("mode")) {
                setMode(path, Integer.parseInt(file.get("mode").textValue(), 8));
            }
        }
    }

    private static Path target(String escaped) {
        return escaped.startsWith("/") ? Path.of(URI.create("file://" + escaped)) : Path.of(escaped);
    }

    private void makeFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            makeFolders(folder.getParent());
            Files.createDirectory(folder);
            setMode(folder, 0755);
        }
    }

    private static void setMode(Path path, int mode) throws IOException {
        StringBuilder letters = new StringBuilder("rwxrwxrwx");
        for (int bit = 0; bit < 9; bit++) {
            if ((mode & 0400 >> bit) == 0) {
                letters.setCharAt(bit, '-');
            }
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(letters.toString()));
    }

    private static String unescaped(String path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) == '%') {
                bytes.write(Integer.parseInt(path.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(path.charAt(i));
            }
        }
        return FileNames.decode(bytes.toByteArray());
    }

    private Definition graph() throws IOException {
        ObjectNode graph = new ObjectMapper().createObjectNode().put("schemaVersion", 1);
        graph.set("tools", vectors.get("tools"));
        ArrayNode vertices = graph.putArray("vertices");
        vectors.get("vertices").forEach(vertex -> vertices.add(vertex.get("graph")));
        return Definition.parse(graph.toString().getBytes(StandardCharsets.UTF_8), "vectors", workspace);
    }

    private Surroundings surroundings() {
        Map<String, String> environment = new HashMap<>();
        vectors.get("environment")
                .properties()
                .forEach(variable ->
                        environment.put(variable.getKey(), variable.getValue().textValue()));
        JsonNode prints = vectors.get("toolPrints");
        ToolRunner.Printed printed = new ToolRunner.Printed(
                prints.get("out").textValue().getBytes(StandardCharsets.UTF_8),
                prints.get("err").textValue().getBytes(StandardCharsets.UTF_8));
        String folder = vectors.get("folder").textValue();
        return new Surroundings(
                environment, vectors.get("platform").textValue(), tool -> printed, vertex -> folder, sources());
    }

    /** Sources that hold what the vectors say; a file has the mark that its address names. */
    private RemoteSources sources() {
        JsonNode held = vectors.get("sources");
        return new RemoteSources() {
            @Override
            public Digest manifest(Vertex image) {
                return Digest.parse(held.get("manifest").textValue());
            }

            @Override
            public Optional<Digest> config(Vertex image, String platform) {
                return Optional.of(Digest.parse(held.get("config").textValue()));
            }

            @Override
            public FileVersion file(Vertex http) {
                String url = ((HttpOp) http.op()).url();
                if (url.endsWith("/tag")) {
                    return new EntityTag(held.get("entityTag").textValue());
                }
                return url.endsWith("/dated")
                        ? new Dated(
                                held.get("lastModified").textValue(),
                                held.get("length").longValue())
                        : new Content(Digest.parse(held.get("content").textValue()));
            }

            @Override
            public String commit(Vertex git) {
                return held.get("commit").textValue();
            }
        };
    }

    private static Optional<Digest> optional(JsonNode digest) {
        return digest.isNull() ? Optional.empty() : Optional.of(Digest.parse(digest.textValue()));
    }

    @TestFactory
    List<DynamicTest> folder_ofAStep_hasTheNameOfTheVectors() throws IOException {
        Definition definition = graph();
        List<DynamicTest> tests = new ArrayList<>();
        vectors.get("stepFolders")
                .properties()
                .forEach(folder -> tests.add(DynamicTest.dynamicTest(folder.getKey(), () -> {
                    Vertex step = definition.vertices().stream()
                            .filter(vertex -> vertex.name().equals(folder.getKey()))
                            .findFirst()
                            .orElseThrow();
                    assertEquals(folder.getValue().textValue(), StepFolder.nameOf((ExecOp) step.op()));
                })));
        return tests;
    }

    @TestFactory
    List<DynamicTest> vertex_ofEveryOp_hasTheKeysOfTheVectors() throws IOException {
        Definition definition = graph();
        LocalFiles files = LocalFiles.of(definition, 1);
        CacheMaps cacheMaps = new CacheMaps(definition, surroundings(), files);
        DefinitionKeys keys = new DefinitionKeys(cacheMaps);
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < definition.size(); i++) {
            Vertex vertex = definition.vertex(i);
            JsonNode vector = vectors.get("vertices").get(i);
            tests.add(DynamicTest.dynamicTest(vertex.name(), () -> {
                CacheMap map = cacheMaps.of(vertex, 0);
                assertEquals(vector.get("digest").textValue(), map.digest().toString());
                assertEquals(
                        vector.get("key").textValue(),
                        OutputKeys.of(map.digest(), 0).toString());
                assertEquals(
                        vector.get("definitionKey").textValue(), keys.of(vertex).toString());
                assertEquals(vector.has("second") ? 2 : 1, cacheMaps.count(vertex));
                if (vector.has("second")) {
                    assertEquals(
                            vector.get("second").textValue(),
                            cacheMaps.of(vertex, 1).digest().toString());
                }
                assertEquals(vector.get("deps").size(), map.deps().size());
                for (int input = 0; input < map.deps().size(); input++) {
                    JsonNode dep = vector.get("deps").get(input);
                    assertEquals(
                            optional(dep.get("selector")), map.deps().get(input).selector());
                    Vertex from = vertex.inputs().get(input).edge().vertex();
                    Optional<ContentFunction> function = map.deps().get(input).contentFunction();
                    if (from.op() instanceof LocalOp && function.isPresent()) {
                        assertEquals(
                                optional(dep.get("content")),
                                Optional.of(function.get().digestOf(files.treeOf(from))));
                    } else {
                        assertEquals(Optional.empty(), optional(dep.get("content")));
                    }
                }
            }));
        }
        assertTrue(tests.size() >= 21, "only " + tests.size() + " vectors");
        return tests;
    }
}
