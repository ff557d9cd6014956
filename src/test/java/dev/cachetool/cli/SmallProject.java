package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.Blob;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.Digest;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A workspace with one step, whose output is the folder {@code out}, and the whole tool to use it with. */
final class SmallProject {
    final Path workspace;
    final Path graph;
    final WholeTool tool;

    private SmallProject(Path workspace, Path temporary) throws IOException {
        this.workspace = Files.createDirectories(workspace);
        this.graph = workspace.resolve("graph.json");
        this.tool = new WholeTool(Files.createDirectories(temporary));
        Files.writeString(graph, """
                { "schemaVersion": 1,
                  "vertices": [
                    { "name": "src", "op": { "local": { "path": "src" } } },
                    { "name": "make", "op": { "exec": { "args": ["make"], "outputs": ["out"] } }, "inputs": [ { "vertex": "src" } ] } ],
                  "targets": [ { "vertex": "make" } ] }
                """);
        Files.createDirectories(workspace.resolve("src"));
        Files.writeString(workspace.resolve("src/in.txt"), "in\n");
        build(1, 5_000);
    }

    /** A project in the folder, with {@code workspace} and {@code tmp} in it. */
    static SmallProject in(Path folder) throws IOException {
        return new SmallProject(folder.resolve("workspace"), folder.resolve("tmp"));
    }

    /** Makes the outputs as the step would: other ones for every number, of about so many bytes that do not shrink. */
    void build(int number, int bytes) throws IOException {
        removeOutputs();
        Files.createDirectories(workspace.resolve("out/sub"));
        byte[] random = new byte[bytes];
        new Random(number).nextBytes(random);
        Files.write(workspace.resolve("out/random"), random);
        Files.writeString(workspace.resolve("out/sub/text"), "made by build " + number + "\n");
    }

    void removeOutputs() throws IOException {
        TemporaryDirectory.deleteTree(workspace.resolve("out"));
    }

    WholeTool.Run export(String to) {
        return tool.run("export", graph.toString(), "--from-workspace", "--mode=max", "--to", to);
    }

    WholeTool.Run importing(String from, String... more) {
        return tool.run(Stream.concat(Stream.of("import", graph.toString(), "--from", from), Stream.of(more))
                .toArray(String[]::new));
    }

    /** All that is below the folder: paths with types, modes and contents. What cachetool keeps for itself is left out. */
    static Map<String, String> snapshot(Path folder) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) walk::iterator) {
                String name = folder.relativize(path).toString();
                if (path.endsWith(".cachetool") || path.endsWith(".cachetool/state")) {
                    continue;
                }
                String is =
                        Integer.toOctalString((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS));
                if (Files.isSymbolicLink(path)) {
                    is += " to " + Files.readSymbolicLink(path);
                } else if (Files.isRegularFile(path)) {
                    is += " " + Digest.sha256(Files.readAllBytes(path));
                }
                found.put(name, is);
            }
        }
        return found;
    }

    /** Exports to a layout and puts this tar in the place of its only layer, with everything that refers to it. */
    String forge(Path layout, byte[] tar) throws IOException {
        build(1, 5_000);
        export("type=local,dest=" + layout).requires(ExitCode.DONE);
        removeOutputs();
        try (LayoutDirectory place = LayoutDirectory.create(layout)) {
            Manifest manifest = place.resolve("latest").orElseThrow();
            ImageManifest image = ImageManifest.parse(manifest.bytes(), "the manifest");
            Descriptor before = image.layers().get(0);
            Blob layer = Blob.of(MediaTypes.OCI_LAYER, tar);
            String config = new String(place.readAll(image.config(), 100_000), StandardCharsets.UTF_8);
            String forged = config.replace(
                    before.digest().toString(), layer.descriptor().digest().toString());
            assertNotEquals(config, forged);
            Blob document = Blob.of(MediaTypes.CACHE_CONFIG, forged.getBytes(StandardCharsets.UTF_8));
            place.ingest(layer);
            place.ingest(document);
            Descriptor described = layer.descriptor()
                    .withAnnotation(
                            "containerd.io/uncompressed", Digest.sha256(tar).toString());
            place.tag(
                    "latest",
                    Manifest.of(
                            MediaTypes.OCI_MANIFEST,
                            new ImageManifest(
                                            MediaTypes.OCI_MANIFEST,
                                            document.descriptor(),
                                            List.of(described),
                                            Map.of())
                                    .toBytes()));
        }
        return "type=local,src=" + layout;
    }

    /** The file of the only layer in a layout that was exported. */
    static Path layerOf(Path layout) throws IOException {
        try (LayoutDirectory place = LayoutDirectory.open(layout)) {
            Manifest manifest = place.resolve("latest").orElseThrow();
            List<Descriptor> layers =
                    ImageManifest.parse(manifest.bytes(), "the manifest").layers();
            assertEquals(MediaTypes.OCI_LAYER_ZSTD, layers.get(0).mediaType());
            return layout.resolve("blobs/sha256").resolve(layers.get(0).digest().encoded());
        }
    }
}
