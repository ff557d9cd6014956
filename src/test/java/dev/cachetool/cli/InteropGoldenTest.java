package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.Source;
import dev.cachetool.digest.Digest;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.golden.SameCache;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.layout.LayoutDirectory;
import dev.cachetool.layout.LayoutTar;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real builds as graphs, exported by the command line with the layers that the daemon made: what it makes is BuildKit's cache. */
final class InteropGoldenTest {
    @TempDir
    private Path temporary;

    private WholeTool tool;

    @BeforeEach
    void makeTool() throws IOException {
        tool = new WholeTool(Files.createDirectory(temporary.resolve("tmp")));
    }

    static List<GoldenCase> cases() {
        return GoldenCases.list("interop");
    }

    /** The folder of caches that has the case's layers: beside the case, or among the fixtures. */
    private static Path origin(GoldenCase golden) throws IOException {
        String name = JsonDocument.asGoReads(golden.bytes("origin.json"), "origin.json")
                .require("cache")
                .asString();
        Path beside = golden.folder().resolve("../../caches").resolve(name).normalize();
        return Files.isDirectory(beside)
                ? beside
                : GoldenCases.get("caches", name).folder();
    }

    private static String graph(GoldenCase golden) {
        return golden.folder().resolve("graph.json").toString();
    }

    /** Form and types of an export, as buildx says it. */
    private record Wrapping(String attributes, ArtifactForm form, boolean oci) {
        static final List<Wrapping> ALL = List.of(
                new Wrapping("", ArtifactForm.IMAGE_MANIFEST, true),
                new Wrapping(",image-manifest=false", ArtifactForm.INDEX, true),
                new Wrapping(",image-manifest=false,oci-mediatypes=false", ArtifactForm.INDEX, false));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void configOnly_ofRealBuild_isBuildKitsCache(GoldenCase golden) {
        WholeTool.Run run =
                tool.run("export", graph(golden), "--mode=max", "--config-only").requires(ExitCode.DONE);

        assertEquals(
                Optional.empty(),
                SameCache.difference(golden.bytes("expect.max.json"), run.bytes(), SameCache.Options.exact()));
        assertEquals("", run.err());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void export_ofRealBuildWithItsLayers_isReadBackAsBuildKitsCache(GoldenCase golden) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("export", graph(golden), "--mode=max", "--content", "type=local,src=" + origin(golden)));
        for (int i = 0; i < Wrapping.ALL.size(); i++) {
            String attributes = Wrapping.ALL.get(i).attributes();
            command.addAll(List.of("--to", "type=local,dest=" + temporary.resolve("layout " + i) + attributes));
            command.addAll(List.of("--to", "type=tar,dest=" + temporary.resolve(i + ".tar") + attributes));
        }
        WholeTool.Run run = tool.run(command.toArray(String[]::new)).requires(ExitCode.DONE);

        List<String> pinned = run.out().lines().toList();
        assertEquals(2 * Wrapping.ALL.size(), pinned.size(), run::toString);
        for (int i = 0; i < Wrapping.ALL.size(); i++) {
            Wrapping wrapping = Wrapping.ALL.get(i);
            Digest digest;
            try (Source directory = LayoutDirectory.open(temporary.resolve("layout " + i))) {
                digest = assertHolds(golden, wrapping, directory);
            }
            try (Source tar = LayoutTar.open(temporary.resolve(i + ".tar"), temporary)) {
                assertEquals(digest, assertHolds(golden, wrapping, tar), "the place means nothing");
            }
            assertTrue(pinned.get(2 * i).endsWith("@" + digest), pinned::toString);
            assertTrue(pinned.get(2 * i + 1).endsWith("@" + digest), pinned::toString);
        }
        assertHits(golden, "type=local,src=" + temporary.resolve("layout 0"));
        assertHits(golden, "type=tar,src=" + temporary.resolve("2.tar"));
    }

    /** What is read back is the cache that BuildKit wrote, with the layers that the daemon made; gives the manifest's digest. */
    private static Digest assertHolds(GoldenCase golden, Wrapping wrapping, Source back) throws IOException {
        CacheArtifact artifact = CacheArtifact.read(back, back.resolve("latest").orElseThrow(), text -> {
            throw new AssertionError(text);
        });
        assertEquals(wrapping.form(), artifact.form());
        assertEquals(Optional.of(wrapping.oci()), artifact.ociMediaTypes());
        assertEquals(
                Optional.empty(),
                SameCache.difference(
                        golden.bytes("expect.max.json"),
                        artifact.configs().get(0).toBytes(),
                        SameCache.Options.exact()));
        Path layers = origin(golden).resolve("blobs/sha256");
        for (Descriptor layer : artifact.layers().values()) {
            assertArrayEquals(
                    Files.readAllBytes(layers.resolve(layer.digest().encoded())), back.readAll(layer, layer.size()));
            assertTrue(layer.diffId().isPresent(), layer::toString);
        }
        return artifact.digest();
    }

    /** Whatever can have a result hits, although the sources' digests never repeat; roots are never in a cache. */
    private void assertHits(GoldenCase golden, String from) throws IOException {
        Set<String> expected = new TreeSet<>();
        for (var vertex : JsonDocument.asGoReads(golden.bytes("graph.json"), "graph.json")
                .require("vertices")
                .asArray()) {
            boolean root = vertex.get("inputs").isEmpty()
                    || vertex.require("inputs").asArray().isEmpty();
            if (!root && vertex.get("results").isPresent()) {
                expected.add(vertex.require("name").asString());
            }
        }
        String answer = tool.run("plan", graph(golden), "--from", from, "--materialize=all", "--print=hit")
                .requires(ExitCode.DONE)
                .out();

        assertEquals(expected, new TreeSet<>(answer.lines().toList()));
    }
}
