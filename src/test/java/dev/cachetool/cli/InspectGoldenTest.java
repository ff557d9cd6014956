package dev.cachetool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code inspect} tells of caches that real BuildKit daemons exported what was counted in them. */
class InspectGoldenTest {
    @TempDir
    private Path temporary;

    /** A cache of a folder, with what was counted in it. */
    record Tagged(GoldenCase golden, String tag, JsonValue expected) {
        String spec() {
            return "type=local,src=" + golden.folder() + ",tag=" + tag;
        }

        /** How it is wrapped, as it was counted. */
        String form() throws JsonException {
            return text("form");
        }

        JsonValue document(String digest) throws JsonException {
            return JsonDocument.asGoReads(
                    golden.bytes("blobs/sha256/" + digest.substring(digest.indexOf(':') + 1)), digest);
        }

        /** The layers that the manifest lists, as digest to size and media type. */
        Map<String, String> layers() throws JsonException {
            JsonValue manifest = document(text("manifestDigest"));
            if (text("form").equals("image-index")) {
                manifest = document(manifest.require("manifests")
                        .asArray()
                        .get(0)
                        .require("digest")
                        .asString());
            }
            Map<String, String> layers = new TreeMap<>();
            for (JsonValue entry : manifest.require(text("form").equals("index") ? "manifests" : "layers")
                    .asArray()) {
                if (!entry.require("mediaType").asString().contains("cacheconfig")) {
                    layers.put(entry.require("digest").asString(), layer(entry));
                }
            }
            return layers;
        }

        String text(String field) throws JsonException {
            return expected.require(field).asString();
        }

        @Override
        public String toString() {
            return golden + ":" + tag;
        }
    }

    static Stream<Tagged> caches() {
        return GoldenCases.list("caches").stream().flatMap(golden -> {
            try {
                JsonValue expected = JsonDocument.asGoReads(golden.bytes("expect.json"), golden + "/expect.json");
                Map<String, JsonValue> tags = expected.get("tags").isPresent()
                        ? expected.require("tags").asObject()
                        : Map.of("latest", expected);
                return tags.entrySet().stream().map(tag -> new Tagged(golden, tag.getKey(), tag.getValue()));
            } catch (JsonException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("caches")
    void inspectJson_ofARealCache_hasItsCountsAndItsLayersAsTheManifestListsThem(Tagged cache) throws Exception {
        WholeTool.Run run = new WholeTool(temporary)
                .run("inspect", cache.spec(), "--format", "json")
                .requires(ExitCode.DONE);

        JsonValue answer = JsonDocument.strict(run.bytes(), "answer");
        JsonValue source = answer.require("sources").asArray().get(0);
        JsonValue summary = answer.require("summary");
        assertEquals(cache.text("manifestDigest"), source.require("digest").asString());
        assertEquals(form(cache), source.require("form").asString());
        assertEquals(
                cache.expected.require("records").asInt(),
                answer.require("records").asArray().size());
        Map<String, String> expected = Map.of(
                "records", "records",
                "recordsWithResult", "results",
                "rawBytesOfConfig", "configBytes",
                "rawBytesOfManifest", "manifestBytes");
        for (Map.Entry<String, String> count : expected.entrySet()) {
            assertEquals(
                    cache.expected.require(count.getKey()).asInt(),
                    summary.require(count.getValue()).asInt(),
                    count.getValue());
        }
        Map<String, String> layers = new TreeMap<>();
        for (JsonValue layer : answer.require("layers").asArray()) {
            layers.put(layer.require("digest").asString(), layer(layer));
        }
        assertEquals(cache.layers(), layers);
    }

    @ParameterizedTest
    @MethodSource("caches")
    void inspect_ofARealCache_saysFormTypesAndCompressions(Tagged cache) throws Exception {
        TreeSet<String> compressions = new TreeSet<>();
        for (JsonValue type : cache.expected.require("layerMediaTypes").asArray()) {
            String name = type.asString();
            compressions.add(name.endsWith("tar") ? "uncompressed" : name.substring(name.length() - 4));
        }
        List<String> parts = new ArrayList<>();
        parts.add("BuildKit cache");
        parts.add(form(cache).equals("inline") ? "inside an image" : form(cache) + " form");
        parts.add(cache.text("mediatypes").equals("oci") ? "OCI types" : "Docker types");
        parts.add(String.join(", ", compressions));

        String out = new WholeTool(temporary)
                .run("inspect", cache.spec())
                .requires(ExitCode.DONE)
                .out();

        String kind = out.lines().skip(1).limit(2).map(String::strip).collect(Collectors.joining(" · "));
        assertTrue(kind.startsWith(String.join(" · ", parts) + " · newest result "), out);
    }

    private static String form(Tagged cache) throws JsonException {
        return cache.text("form").startsWith("image") && !cache.text("form").equals("image-manifest")
                ? "inline"
                : cache.text("form");
    }

    private static String layer(JsonValue described) throws JsonException {
        return described.require("size").asInt() + " "
                + described.require("mediaType").asString();
    }
}
