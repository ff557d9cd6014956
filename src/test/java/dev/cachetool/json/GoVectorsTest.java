package dev.cachetool.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cachetool.golden.GoVectors;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading as Go reads, and writing as Go writes, against what Go did. */
final class GoVectorsTest {
    /** The text with half of a surrogate pair where Go's string has a byte that is no UTF-8. */
    private static String javaText(byte[] bytes) {
        Utf8.Decoded decoded = Utf8.decode(bytes);
        boolean invalid = decoded.firstInvalid() >= 0;
        String text = new String(decoded.chars(), 0, decoded.length());
        return invalid ? text.replace('\uFFFD', '\uD800') : text;
    }

    @Test
    void writer_ofEveryString_writesWhatGoWrites() {
        for (JsonNode vector : GoVectors.list("written")) {
            String text = javaText(GoVectors.bytes(vector, "text"));
            String written = new String(JsonWriter.bytes(w -> w.value(text)), UTF_8);
            assertEquals(new String(GoVectors.bytes(vector, "json"), UTF_8), written);
            assertEquals(
                    "{" + written + ":" + written + "}",
                    new String(
                            JsonWriter.bytes(
                                    w -> w.beginObject().field(text, text).endObject()),
                            UTF_8));
        }
    }

    @Test
    void writer_ofEveryFloat_writesWhatGoWrites() {
        for (JsonNode vector : GoVectors.list("floats")) {
            double number = Double.longBitsToDouble(
                    Long.parseUnsignedLong(vector.required("bits").textValue(), 16));
            assertEquals(
                    vector.required("json").textValue(), new String(JsonWriter.bytes(w -> w.value(number)), UTF_8));
        }
    }

    @Test
    void asGoReads_ofEveryDocument_takesWhatGoTakes() throws IOException {
        for (JsonNode vector : GoVectors.list("documents")) {
            byte[] bytes = GoVectors.bytes(vector, "bytes");
            String shown = new String(bytes, 0, Math.min(bytes.length, 80), UTF_8);
            if (vector.required("valid").booleanValue()) {
                JsonValue value = JsonDocument.asGoReads(bytes, "document");
                assertEquals(vector.has("text"), value.isString(), shown);
                if (vector.has("text")) {
                    assertEquals(new String(GoVectors.bytes(vector, "text"), UTF_8), value.asString(), shown);
                }
            } else {
                assertThrows(JsonException.class, () -> JsonDocument.asGoReads(bytes, "document"), shown);
            }
        }
    }

    @Test
    void strict_ofEveryDocument_takesNothingThatGoRefuses() {
        int taken = 0;
        for (JsonNode vector : GoVectors.list("documents")) {
            byte[] bytes = GoVectors.bytes(vector, "bytes");
            try {
                JsonDocument.strict(bytes, "document");
                taken++;
            } catch (JsonException e) {
                continue;
            }
            assertTrue(vector.required("valid").booleanValue(), new String(bytes, UTF_8));
        }
        assertTrue(taken > 30, "took " + taken);
    }

    static Stream<JsonNode> read() {
        return GoVectors.list("read").stream();
    }

    @ParameterizedTest
    @MethodSource("read")
    void accessors_ofADocumentReadAsGoReads_giveWhatGoReadIntoAStruct(JsonNode vector) throws IOException {
        byte[] document = GoVectors.bytes(vector, "document");
        // The one thing that is refused though Go takes it: no reader of JSON that there is gives it through.
        boolean halfOfAPairInAName = new String(document, UTF_8).contains("{\"\\ud800\":");
        if (vector.required("fails").booleanValue() || halfOfAPairInAName) {
            assertThrows(JsonException.class, () -> target(document), new String(document, UTF_8));
        } else {
            assertEquals(
                    vector.required("result").textValue(),
                    new String(target(document), UTF_8),
                    new String(document, UTF_8));
        }
    }

    /** Reads what the Go struct has, and writes it as Go does. */
    private static byte[] target(byte[] document) throws JsonException {
        JsonValue value = JsonDocument.asGoReads(document, "document");
        Optional<JsonValue> s = value.get("s");
        String text = s.isPresent() ? s.get().asString() : "";
        Optional<JsonValue> n = value.get("n");
        long number = n.isPresent() ? n.get().asLong() : 0;
        Optional<JsonValue> b = value.get("b");
        boolean truth = b.isPresent() && b.get().asBoolean();
        Optional<JsonValue> links = value.get("links");
        List<String> texts = links.isPresent() ? links.get().asStrings() : List.of();
        Optional<JsonValue> i = value.get("i");
        List<JsonValue> numbers = i.isPresent() ? i.get().asArray() : List.of();
        Map<String, String> map = new TreeMap<>();
        Optional<JsonValue> m = value.get("m");
        if (m.isPresent()) {
            for (Map.Entry<String, JsonValue> entry : m.get().asObject().entrySet()) {
                map.put(entry.getKey(), entry.getValue().asString());
            }
        }
        Optional<JsonValue> o = value.get("o");
        Optional<JsonValue> k = o.isPresent() ? o.get().get("k") : Optional.empty();
        String inner = k.isPresent() ? k.get().asString() : "";
        return JsonWriter.bytes(w -> {
            w.beginObject().field("s", text).field("n", number).name("b").value(truth);
            w.name("links").beginArray();
            for (String each : texts) {
                w.value(each);
            }
            w.endArray().name("i").beginArray();
            for (JsonValue each : numbers) {
                w.value(each.asLong());
            }
            w.endArray().name("m").beginObject();
            for (Map.Entry<String, String> entry : map.entrySet()) {
                w.field(entry.getKey(), entry.getValue());
            }
            w.endObject().name("o").beginObject().field("k", inner).endObject().endObject();
        });
    }
}
