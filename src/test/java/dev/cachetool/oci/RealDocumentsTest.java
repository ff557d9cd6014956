package dev.cachetool.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cachetool.digest.Digest;
import dev.cachetool.golden.GoldenCase;
import dev.cachetool.golden.GoldenCases;
import dev.cachetool.json.JsonDocument;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonValue;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests, indexes and image configs that real BuildKit wrote: read, and written again. */
final class RealDocumentsTest {
    static Stream<GoldenCase> caches() {
        return GoldenCases.list("caches").stream();
    }

    private record Found(Descriptor descriptor, byte[] bytes) {
        boolean isIndex() {
            return MediaTypes.isIndex(descriptor.mediaType());
        }
    }

    private static byte[] blob(GoldenCase cache, Descriptor descriptor) {
        byte[] bytes = cache.bytes("blobs/sha256/" + descriptor.digest().encoded());
        assertEquals(descriptor.digest(), Digest.sha256(bytes));
        assertEquals(descriptor.size(), bytes.length);
        return bytes;
    }

    /** Every manifest and index that {@code index.json} leads to. */
    private static List<Found> documents(GoldenCase cache) throws JsonException {
        Deque<Descriptor> open = new ArrayDeque<>(
                ImageIndex.parse(cache.bytes("index.json"), "index.json").manifests());
        List<Found> found = new ArrayList<>();
        while (!open.isEmpty()) {
            Descriptor descriptor = open.pop();
            if (MediaTypes.isIndex(descriptor.mediaType()) || MediaTypes.isManifest(descriptor.mediaType())) {
                Found document = new Found(descriptor, blob(cache, descriptor));
                found.add(document);
                if (document.isIndex()) {
                    ImageIndex.parse(document.bytes(), "index").manifests().forEach(open::add);
                }
            }
        }
        return found;
    }

    /** The bytes without the white space between tokens: what BuildKit indents for images, it writes compactly for caches. */
    private static byte[] compact(byte[] json) throws IOException {
        StringBuilder compact = new StringBuilder();
        boolean inText = false;
        String text = new String(json, UTF_8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inText || c > ' ') {
                compact.append(c);
            }
            if (c == '"' && text.charAt(Math.max(0, i - 1)) != '\\') {
                inText = !inText;
            }
        }
        return compact.toString().getBytes(UTF_8);
    }

    @ParameterizedTest
    @MethodSource("caches")
    void documents_whenReadAndWrittenAgain_haveTheSameBytes(GoldenCase cache) throws IOException {
        List<Found> documents = documents(cache);
        assertTrue(!documents.isEmpty());
        for (Found document : documents) {
            String before = new String(compact(document.bytes()), UTF_8);
            String after = new String(
                    document.isIndex()
                            ? ImageIndex.parse(document.bytes(), "index").toBytes()
                            : ImageManifest.parse(document.bytes(), "manifest").toBytes(),
                    UTF_8);
            if (before.startsWith("{\"mediaType\":")) {
                // The image exporter of v0.11.6 has the two first fields the other way round.
                String mediaType = "\"mediaType\":\"" + document.descriptor().mediaType() + "\",";
                before = "{\"schemaVersion\":2," + mediaType
                        + before.substring(("{" + mediaType + "\"schemaVersion\":2,").length());
            }
            assertEquals(before, after);
        }
    }

    @Test
    void documents_ofTheCaches_areWrittenCompactlyForMostOfThem() throws IOException {
        Set<String> forms = new TreeSet<>();
        int same = 0;
        for (GoldenCase cache : GoldenCases.fixtures("caches")) {
            for (Found document : documents(cache)) {
                byte[] again = document.isIndex()
                        ? ImageIndex.parse(document.bytes(), "index").toBytes()
                        : ImageManifest.parse(document.bytes(), "manifest").toBytes();
                if (Digest.sha256(again).equals(document.descriptor().digest())) {
                    same++;
                    forms.add(document.descriptor().mediaType());
                }
            }
        }
        assertEquals(21, same);
        assertEquals(Set.of(MediaTypes.OCI_MANIFEST, MediaTypes.OCI_INDEX, MediaTypes.DOCKER_INDEX), forms);
    }

    @ParameterizedTest
    @MethodSource("caches")
    void indexJson_whenReadAndWrittenAgain_hasTheSameBytesAndAMediaType(GoldenCase cache) throws IOException {
        byte[] bytes = cache.bytes("index.json");
        String before = new String(compact(bytes), UTF_8);
        if (!before.contains("\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\"")) {
            // v0.11.6 writes none.
            before = before.replaceFirst(
                    "\\{\"schemaVersion\":2,", "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",");
        }
        assertEquals(before, new String(ImageIndex.parse(bytes, "index.json").toBytes(), UTF_8));
    }

    @ParameterizedTest
    @MethodSource("caches")
    void layers_ofACache_haveTheirDiffIdsAndTypes(GoldenCase cache) throws IOException {
        JsonNode expect = new ObjectMapper().readTree(cache.bytes("expect.json"));
        Set<String> types = new TreeSet<>();
        for (Found document : documents(cache)) {
            List<Descriptor> entries = document.isIndex()
                    ? ImageIndex.parse(document.bytes(), "index").manifests()
                    : ImageManifest.parse(document.bytes(), "manifest").layers();
            for (Descriptor entry : entries) {
                if (MediaTypes.isLayer(entry.mediaType())) {
                    types.add(entry.mediaType());
                    boolean ofAnImage = expect.path("via").asText().equals("inline");
                    assertEquals(!ofAnImage, entry.diffId().isPresent(), entry.toString());
                }
            }
        }
        if (expect.has("layerMediaTypes")) {
            Set<String> expected = new TreeSet<>();
            expect.get("layerMediaTypes").forEach(t -> expected.add(t.asText()));
            assertEquals(expected, types);
        }
        assertTrue(!types.isEmpty());
    }

    static Stream<GoldenCase> inline() {
        return caches().filter(c -> c.name().contains("inline"));
    }

    @ParameterizedTest
    @MethodSource("inline")
    void imageConfig_ofAnInlineCache_hasItsRecordsAndOneTimeForEachLayer(GoldenCase cache) throws IOException {
        JsonNode expect = new ObjectMapper().readTree(cache.bytes("expect.json"));
        int configs = 0;
        for (Found document : documents(cache)) {
            if (document.isIndex()) {
                continue;
            }
            ImageManifest manifest = ImageManifest.parse(document.bytes(), "manifest");
            if (!manifest.config().mediaType().equals(MediaTypes.OCI_CONFIG)
                    || !MediaTypes.isLayer(manifest.layers().get(0).mediaType())) {
                continue;
            }
            configs++;
            ImageConfig config = ImageConfig.parse(blob(cache, manifest.config()), "config");
            assertEquals(manifest.layers().size(), config.diffIds().size());
            assertEquals(manifest.layers().size(), config.layerTimes().size());
            for (String time : config.layerTimes()) {
                assertEquals(time, Timestamp.parse(time).toString());
            }
            byte[] records = config.inlineCacheRecords().orElseThrow();
            assertEquals(
                    expect.get("records").intValue(),
                    JsonDocument.asGoReads(records, "records").asArray().size());
        }
        assertEquals(1, configs);
    }

    @Test
    void attestedImage_whenRead_keepsPlatformsAndAnnotations() throws JsonException {
        GoldenCase cache = GoldenCases.get("caches", "0.32.2-p2-inline-attested-oci-gzip-min");
        ImageIndex index = ImageIndex.parse(documents(cache).get(0).bytes(), "index");

        assertEquals(
                List.of(
                        Optional.of(new Platform("linux", "amd64", "")),
                        Optional.of(new Platform("unknown", "unknown", ""))),
                index.manifests().stream().map(Descriptor::platform).toList());
        assertEquals(
                "attestation-manifest", index.manifests().get(1).annotations().get("vnd.docker.reference.type"));
    }

    /** Each time in each config that BuildKit wrote. */
    @Test
    void timestamps_ofRealConfigs_areWrittenAsTheyWereRead() throws IOException {
        Set<String> times = new HashSet<>();
        for (String kind : List.of("graphs", "chains", "interop")) {
            for (GoldenCase each : GoldenCases.fixtures(kind)) {
                for (String file : each.files("expect")) {
                    Optional<JsonValue> records =
                            JsonDocument.asGoReads(each.bytes(file), file).get("records");
                    for (JsonValue record : records.isPresent() ? records.get().asArray() : List.<JsonValue>of()) {
                        for (Map.Entry<String, JsonValue> field :
                                record.asObject().entrySet()) {
                            if (field.getKey().equals("layers")) {
                                for (JsonValue result : field.getValue().asArray()) {
                                    times.add(result.require("createdAt").asString());
                                }
                            }
                        }
                    }
                }
            }
        }
        assertTrue(times.size() > 20, times.toString());
        for (String time : times) {
            assertEquals(time, Timestamp.parse(time).toString());
        }
    }

    @Test
    void compact_ofIndentedJson_keepsTexts() throws IOException {
        assertArrayEquals("{\"a b\":[1,\"c\"]}".getBytes(UTF_8), compact("{\n \"a b\": [1, \"c\"]\n}".getBytes(UTF_8)));
    }
}
