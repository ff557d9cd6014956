package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.digest.Digest;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import dev.cachetool.registry.FaultyRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code extract} takes out of caches of real BuildKit what another program unpacks of the same layers. */
final class ExtractGoldenTest {
    private static final String P2 = "-p2-";

    @TempDir
    private Path folder;

    private WholeTool tool;
    private Path out;

    @BeforeEach
    void makeTool() throws IOException {
        tool = new WholeTool(Files.createDirectory(folder.resolve("tmp")));
        out = folder.resolve("out");
    }

    /** The golden caches with a config of their own and a single tag. */
    static Stream<GoldenCase> caches() {
        return GoldenCases.fixtures("caches").stream()
                .filter(golden ->
                        !golden.name().contains("inline") && !golden.name().contains("two-tags"));
    }

    static Stream<GoldenCase> cachesOfP2() {
        return caches().filter(golden -> golden.name().contains(P2));
    }

    private static JsonValue document(GoldenCase golden, String digest) throws JsonException {
        return JsonDocument.asGoReads(golden.bytes("blobs/sha256/" + digest.substring(7)), digest);
    }

    private static JsonValue config(GoldenCase golden) throws JsonException {
        JsonValue expected = JsonDocument.asGoReads(golden.bytes("expect.json"), "expect.json");
        return document(golden, expected.require("configDigest").asString());
    }

    /** Of every record with a result, by its digest, the stacks of blobs. */
    private static Map<String, List<List<String>>> results(JsonValue config) throws JsonException {
        List<JsonValue> layers = config.require("layers").asArray();
        Map<String, List<List<String>>> results = new LinkedHashMap<>();
        for (JsonValue record : config.require("records").asArray()) {
            if (record.get("layers").isPresent()) {
                List<String> stack = new ArrayList<>();
                int layer = record.require("layers")
                        .asArray()
                        .get(0)
                        .require("layer")
                        .asInt();
                while (layer >= 0) {
                    stack.add(layers.get(layer).require("blob").asString());
                    layer = layers.get(layer).get("parent").isPresent()
                            ? layers.get(layer).require("parent").asInt()
                            : 0;
                }
                Collections.reverse(stack);
                results.computeIfAbsent(record.require("digest").asString(), key -> new ArrayList<>())
                        .add(stack);
            }
        }
        return results;
    }

    /** What the stack gives: files with their bytes' digests, links with their targets, folders. */
    private static Map<String, String> unpacked(GoldenCase golden, List<String> stack) throws IOException {
        TreeMap<String, String> tree = new TreeMap<>();
        for (String blob : stack) {
            byte[] bytes = golden.bytes("blobs/sha256/" + blob.substring(7));
            try (TarArchiveInputStream tar = new TarArchiveInputStream(decompressed(bytes))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    String path = entry.getName().replaceAll("/$", "");
                    int name = path.lastIndexOf('/') + 1;
                    if (path.startsWith(".wh.", name)) {
                        String gone = path.substring(0, name) + path.substring(name + 4);
                        tree.keySet().removeIf(key -> key.equals(gone) || key.startsWith(gone + "/"));
                    } else if (!path.isEmpty()) {
                        tree.put(
                                path,
                                entry.isDirectory()
                                        ? "folder"
                                        : entry.isSymbolicLink()
                                                ? "-> " + entry.getLinkName()
                                                : Digest.sha256(tar.readAllBytes())
                                                        .toString());
                    }
                }
            }
        }
        return tree;
    }

    private static InputStream decompressed(byte[] bytes) throws IOException {
        InputStream in = new ByteArrayInputStream(bytes);
        return bytes[0] == 0x1f ? new GZIPInputStream(in) : bytes[0] == 0x28 ? new ZstdInputStreamNoFinalizer(in) : in;
    }

    private static Map<String, String> found(Path root) throws IOException {
        TreeMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.filter(each -> !each.equals(root)).toList()) {
                tree.put(
                        root.relativize(path).toString(),
                        Files.isSymbolicLink(path)
                                ? "-> " + Files.readSymbolicLink(path)
                                : Files.isDirectory(path)
                                        ? "folder"
                                        : Digest.sha256(Files.readAllBytes(path))
                                                .toString());
            }
        }
        return tree;
    }

    private WholeTool.Run extract(String... words) {
        return tool.run(Stream.of(Stream.of("extract"), Stream.of(words), Stream.of("--to", out.toString()))
                .flatMap(all -> all)
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("caches")
    void extract_ofEachResult_givesWhatAnotherProgramUnpacks(GoldenCase golden) throws IOException {
        int extracted = 0;
        for (Map.Entry<String, List<List<String>>> result :
                results(config(golden)).entrySet()) {
            if (result.getValue().stream().distinct().count() == 1) {
                extract("oci:" + golden.folder(), result.getKey()).requires(ExitCode.DONE);
                assertEquals(unpacked(golden, result.getValue().get(0)), found(out), result.getKey());
                TemporaryDirectory.deleteTree(out);
                extracted++;
            }
        }
        assertTrue(extracted > 0);
    }

    /** The target of p2 puts together what was made on the left and on the right. */
    @ParameterizedTest
    @MethodSource("cachesOfP2")
    void extract_ofOnePath_writesThatAlone(GoldenCase golden) throws IOException {
        String target = "";
        for (Map.Entry<String, List<List<String>>> result :
                results(config(golden)).entrySet()) {
            for (List<String> stack : result.getValue()) {
                target = unpacked(golden, stack).containsKey("app/sums") ? result.getKey() : target;
            }
        }

        extract("oci:" + golden.folder(), target.substring(7, 19), "app/left/left", "app/*/left.sum")
                .requires(ExitCode.DONE);

        assertEquals(
                List.of("app", "app/left", "app/left/left", "app/left/left.sum"),
                List.copyOf(found(out).keySet()));
        assertEquals("one\ntwo\n", Files.readString(out.resolve("app/left/left")));
    }

    @Test
    void extract_ofWhatWasDeletedInAHigherLayer_doesNotFindIt() throws IOException {
        GoldenCase golden = GoldenCases.get("caches", "0.32.2-p6-llb-local-image-manifest-oci-gzip-max");
        String deleting = "";
        for (Map.Entry<String, List<List<String>>> result :
                results(config(golden)).entrySet()) {
            List<String> stack = result.getValue().get(0);
            deleting = stack.size() > 1 && stack.get(stack.size() - 1).startsWith("sha256:bd4a2967")
                    ? result.getKey()
                    : deleting;
        }

        WholeTool.Run run = extract("oci:" + golden.folder(), deleting, "x/b").requires(ExitCode.NOT_FOUND);

        assertTrue(run.err().contains("could not find \"x/b\" in the result of"), run.err());
        assertFalse(Files.exists(out.resolve("x")));
    }

    @Test
    void extract_whereSeveralRecordsHaveOneDigest_asksForTheIdentity_andTakesIt() throws IOException {
        GoldenCase golden = GoldenCases.get("caches", "0.32.2-p4-local-image-manifest-oci-gzip-max");
        String digest = results(config(golden)).entrySet().stream()
                .filter(result -> result.getValue().stream().distinct().count() > 1)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();

        WholeTool.Run run = extract("oci:" + golden.folder(), digest).requires(ExitCode.USAGE);

        List<String> identities = List.of(
                run.err().replaceAll("(?s).*name one of them: ", "").strip().split(", "));
        assertTrue(identities.size() > 1, run.err());
        for (String identity : identities) {
            extract("oci:" + golden.folder(), identity).requires(ExitCode.DONE);
        }
    }

    @Test
    void extract_fromATarAndARegistry_givesTheSameFiles() throws IOException {
        GoldenCase golden = GoldenCases.get("caches", "0.19.0-p2-local-index-oci-zstd-forced-min");
        Map.Entry<String, List<List<String>>> result =
                results(config(golden)).entrySet().iterator().next();
        Map<String, String> expected = unpacked(golden, result.getValue().get(0));
        try (FaultyRegistry registry = FaultyRegistry.start()) {
            Path tar = folder.resolve("cache.tar");
            String reference = registry.host() + "/golden/p2:cache";
            tool.run("copy", "oci:" + golden.folder(), "oci-archive:" + tar, reference)
                    .requires(ExitCode.DONE);
            for (String spec : List.of("oci-archive:" + tar, reference)) {
                extract(spec, result.getKey()).requires(ExitCode.DONE);
                assertEquals(expected, found(out), spec);
                TemporaryDirectory.deleteTree(out);
            }
        }
    }
}
