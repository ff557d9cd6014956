package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import dev.cachetool.oci.Platform;
import dev.cachetool.registry.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every verb that reads a cache, where something else stands or nothing: in a directory, a tar and a registry. It says what
 * it found there and what would work; verbs that may go without a cache warn, unless they are strict.
 */
final class NonsenseTest {
    private static FaultyRegistry registry;

    @TempDir
    private Path folder;

    private SmallProject project;

    @BeforeAll
    static void startRegistry() throws IOException {
        registry = FaultyRegistry.start();
    }

    @AfterAll
    static void stopRegistry() {
        registry.close();
    }

    @BeforeEach
    void makeProject() throws IOException {
        project = SmallProject.in(folder);
        project.export("oci:" + folder.resolve("good")).requires(ExitCode.DONE);
    }

    /** What stands where a cache should. */
    enum Nonsense {
        IMAGE("a runnable image linux/amd64 without an inline cache", "--cache-to type=inline"),
        INDEX("an index of 3 images (linux/amd64, linux/arm64, linux/s390x), none with an inline cache", "type=inline"),
        EMPTY_INDEX("an empty index", "name the tag of a cache"),
        HELM("a Helm chart", "name the tag of a cache"),
        ARTIFACT("an artifact of the type application/vnd.example.thing", "name the tag of a cache"),
        BROKEN_CONFIG("(cache config):1:14: ", "make that cache again"),
        NOTHING("it has no tag \"latest\"", "to write one there: cachetool export GRAPH --to ");

        private final String found;
        private final String next;

        Nonsense(String found, String next) {
            this.found = found;
            this.next = next;
        }

        void write(Path directory) throws IOException {
            RawLayout layout = RawLayout.in(directory);
            switch (this) {
                case IMAGE -> tag(layout, image(layout, "amd64"));
                case INDEX -> {
                    List<Descriptor> images = new ArrayList<>();
                    for (String architecture : List.of("amd64", "arm64", "s390x")) {
                        Descriptor manifest = layout.blob(
                                MediaTypes.OCI_MANIFEST,
                                image(layout, architecture).toBytes());
                        images.add(new Descriptor(
                                manifest.mediaType(),
                                manifest.digest(),
                                manifest.size(),
                                Map.of(),
                                Optional.of(new Platform("linux", architecture, ""))));
                    }
                    layout.tag(MediaTypes.OCI_INDEX, new ImageIndex(MediaTypes.OCI_INDEX, images, Map.of()).toBytes());
                }
                case EMPTY_INDEX ->
                    layout.tag(
                            MediaTypes.OCI_INDEX, new ImageIndex(MediaTypes.OCI_INDEX, List.of(), Map.of()).toBytes());
                case HELM ->
                    layout.config("application/vnd.cncf.helm.config.v1+json", bytes("{\"name\":\"x\"}"))
                            .manifest();
                case ARTIFACT -> {
                    Descriptor empty = layout.blob("application/vnd.oci.empty.v1+json", bytes("{}"));
                    tag(
                            layout,
                            new ImageManifest(
                                    MediaTypes.OCI_MANIFEST,
                                    "application/vnd.example.thing",
                                    empty,
                                    List.of(),
                                    Optional.empty(),
                                    Map.of()));
                }
                case BROKEN_CONFIG -> layout.config("{\"layers\":[],").manifest();
                case NOTHING -> {
                    Files.createDirectories(directory.resolve("blobs/sha256"));
                    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
                    Files.writeString(directory.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[]}");
                }
            }
        }

        private static ImageManifest image(RawLayout layout, String architecture) throws IOException {
            Descriptor config = layout.blob(
                    MediaTypes.OCI_CONFIG,
                    bytes("{\"os\":\"linux\",\"architecture\":\"" + architecture + "\",\"rootfs\":{}}"));
            return new ImageManifest(MediaTypes.OCI_MANIFEST, config, List.of(), Map.of());
        }

        private static void tag(RawLayout layout, ImageManifest manifest) throws IOException {
            layout.tag(manifest.mediaType(), manifest.toBytes());
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Where it stands. */
    enum Where {
        DIRECTORY,
        TAR,
        REGISTRY;

        /** Brings what the directory holds there; gives the SPEC. */
        String put(Path directory, String name) throws IOException {
            switch (this) {
                case DIRECTORY -> {
                    return "oci:" + directory;
                }
                case TAR -> {
                    Tar tar = new Tar();
                    try (Stream<Path> files = Files.walk(directory)) {
                        for (Path file :
                                files.filter(Files::isRegularFile).sorted().toList()) {
                            tar.file(directory.relativize(file).toString(), Files.readString(file));
                        }
                    }
                    Path file = directory.resolveSibling(name + ".tar");
                    Files.write(file, tar.end());
                    return "oci-archive:" + file;
                }
                default -> {
                    String repository = "nonsense/" + name;
                    push(directory, repository);
                    return registry.host() + "/" + repository;
                }
            }
        }

        private static void push(Path directory, String repository) throws IOException {
            try (Stream<Path> blobs = Files.list(directory.resolve("blobs/sha256"))) {
                for (Path blob : blobs.toList()) {
                    byte[] bytes = Files.readAllBytes(blob);
                    registry.addBlob(repository, bytes);
                    String digest = "sha256:" + blob.getFileName();
                    String text = new String(bytes, StandardCharsets.UTF_8);
                    for (String type : List.of(MediaTypes.OCI_MANIFEST, MediaTypes.OCI_INDEX)) {
                        if (text.startsWith("{\"schemaVersion\":2,\"mediaType\":\"" + type + "\"")) {
                            registry.addManifest(repository, digest, type, bytes);
                            if (Files.readString(directory.resolve("index.json"))
                                    .contains(digest)) {
                                registry.addManifest(repository, "latest", type, bytes);
                            }
                            break;
                        }
                    }
                }
            }
        }
    }

    /** A verb that reads a cache; SPEC, GRAPH, GOOD and OUT stand for what they say. */
    private static final List<String> NEEDING = List.of(
            "inspect SPEC",
            "inspect SPEC --format html -o OUTFILE",
            "ls SPEC",
            "diff SPEC GOOD",
            "diff GOOD SPEC",
            "verify SPEC",
            "merge SPEC --to OUT",
            "merge GOOD SPEC --to OUT",
            "prune SPEC --keep-last 1d",
            "extract SPEC make --to OUTDIR",
            "copy SPEC OUT",
            "explain GRAPH make --from SPEC --strict",
            "plan GRAPH --from SPEC --strict",
            "import GRAPH --from SPEC --strict",
            "run GRAPH --from SPEC --strict",
            "import --from SPEC --strict");

    private static final List<String> GOING_WITHOUT =
            List.of("plan GRAPH --from SPEC", "import GRAPH --from SPEC", "explain GRAPH make --from SPEC");

    static Stream<Arguments> places() {
        return Arrays.stream(Nonsense.values())
                .flatMap(nonsense -> Arrays.stream(Where.values()).map(where -> Arguments.of(nonsense, where)));
    }

    private WholeTool.Run run(String verb, String spec) {
        return project.tool.run(Arrays.stream(verb.split(" "))
                .map(word -> switch (word) {
                    case "SPEC" -> spec;
                    case "GRAPH" -> project.graph.toString();
                    case "GOOD" -> "oci:" + folder.resolve("good");
                    case "OUT" -> "oci:" + folder.resolve("out");
                    case "OUTDIR", "OUTFILE" -> folder.resolve("out").toString();
                    default -> word;
                })
                .toArray(String[]::new));
    }

    private String put(Nonsense nonsense, Where where) throws IOException {
        Path directory = folder.resolve("nonsense");
        nonsense.write(directory);
        return where.put(directory, nonsense.name().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @MethodSource("places")
    void verb_thatNeedsACache_saysWhatItFoundAndWhatWouldWork(Nonsense nonsense, Where where) throws IOException {
        String spec = put(nonsense, where);
        String place = spec.substring(spec.indexOf(':') + 1);
        for (String verb : NEEDING) {
            WholeTool.Run run = run(verb, spec);

            Supplier<String> message = () -> verb + "\n" + run;
            assertFalse(Files.exists(folder.resolve("out")), "something was written by " + verb);
            if (nonsense == Nonsense.BROKEN_CONFIG && verb.startsWith("verify")) {
                assertEquals(ExitCode.ANSWER_NO, run.code(), message);
                assertTrue(run.out().contains("line 1, column 14"), message);
                continue;
            }
            assertEquals(nonsense == Nonsense.NOTHING ? ExitCode.NOT_FOUND : ExitCode.INTEGRITY, run.code(), message);
            assertTrue(run.err().startsWith("cachetool: "), message);
            assertTrue(run.err().contains(place), message);
            assertTrue(run.err().contains(nonsense.found), message);
            assertTrue(run.err().contains(nonsense.next), message);
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void verb_thatMayGoWithoutACache_warnsOfWhatItFound(Nonsense nonsense, Where where) throws IOException {
        String spec = put(nonsense, where);
        for (String verb : GOING_WITHOUT) {
            WholeTool.Run run = run(verb, spec);

            Supplier<String> message = () -> verb + "\n" + run;
            assertEquals(ExitCode.DONE, run.code(), message);
            assertTrue(run.err().startsWith("warning: "), message);
            assertTrue(run.err().contains(nonsense.found), message);
            assertTrue(run.err().contains("going on without"), message);
        }
    }
}
