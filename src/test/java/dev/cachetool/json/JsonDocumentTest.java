package dev.cachetool.json;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonDocumentTest {
    private static JsonValue strict(String text) throws JsonException {
        return JsonDocument.strict(text.getBytes(UTF_8), "graph.json");
    }

    private static JsonValue asGoReads(String text) throws JsonException {
        return JsonDocument.asGoReads(text.getBytes(UTF_8), "config");
    }

    private static String strictError(String text) {
        return assertThrows(JsonException.class, () -> strict(text)).getMessage();
    }

    @Test
    void strict_ofEveryKind_givesItsValue() throws JsonException {
        JsonValue value = strict("""
                {"s": "a\\nb\\u00e9👩", "n": -12, "big": 9223372036854775807, "t": true, "f": false, "z": null,
                 "list": [1, "x", [], {}], "o": {"b": 1, "a": 2}}
                """);

        assertEquals("a\nbé👩", value.require("s").asString());
        assertEquals(-12, value.require("n").asInt());
        assertEquals(Long.MAX_VALUE, value.require("big").asLong());
        assertTrue(value.require("t").asBoolean());
        assertFalse(value.require("f").asBoolean());
        assertTrue(value.require("z").isNull());
        List<JsonValue> list = value.require("list").asArray();
        assertEquals(4, list.size());
        assertEquals(1, list.get(0).asLong());
        assertTrue(list.get(1).isString());
        assertTrue(list.get(2).isArray());
        assertTrue(list.get(3).isObject());
        assertEquals(
                List.of("b", "a"), List.copyOf(value.require("o").asObject().keySet()));
        assertEquals(Optional.empty(), value.get("missing"));
        assertEquals(Optional.empty(), value.get("S"));
    }

    @Test
    void strict_ofAnObjectWithManyFields_findsEach() throws JsonException {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 1000; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("\"field")
                    .append(i)
                    .append("\":")
                    .append(i);
        }
        JsonValue value = strict(text.append('}').toString());

        Map<String, JsonValue> fields = value.asObject();
        assertEquals(1000, fields.size());
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, value.require("field" + i).asInt());
            assertEquals(i, fields.get("field" + i).asInt());
        }
        assertFalse(fields.containsKey("field1000"));
    }

    @Test
    void asObjectAndAsArray_whenChanged_refuse() throws JsonException {
        JsonValue value = strict("{\"a\":[1]}");

        assertThrows(UnsupportedOperationException.class, () -> value.asObject().clear());
        assertThrows(
                UnsupportedOperationException.class,
                () -> value.asObject().values().remove(value.require("a")));
        assertThrows(
                UnsupportedOperationException.class,
                () -> value.require("a").asArray().clear());
        JsonValue twice = asGoReads("{\"a\":1,\"a\":2}");
        assertThrows(UnsupportedOperationException.class, () -> twice.asObject().clear());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|1:1|the document is empty",
                "` \n\t `|1:1|the document is empty",
                "`{`|1:2|no valid JSON: the document ends too early",
                "`{\"a\":1,`|1:8|no valid JSON: the document ends too early",
                "`[1, 2`|1:6|no valid JSON: the document ends too early",
                "`{\"a\": \"b`|1:9|no valid JSON: the document ends too early",
                "`{\"a\":1,\n  \"b\" 2}`|2:7|no valid JSON: unexpected '2', ':' was expected after the name",
                "`{\"a\":1,}`|1:8|no valid JSON: unexpected '}', a name in double quotes was expected",
                "`{a: 1}`|1:2|no valid JSON: unexpected 'a', a name in double quotes was expected",
                "`[1 2]`|1:4|no valid JSON: unexpected '2', ',' or ']' was expected",
                "`{\"a\":1 \"b\":2}`|1:8|no valid JSON: unexpected '\"', ',' or '}' was expected",
                "`[1,]`|1:4|no valid JSON: unexpected ']', a value was expected",
                "`{\"a\":}`|1:6|no valid JSON: unexpected '}', a value was expected",
                "`[1}`|1:3|no valid JSON: unexpected '}', ']' was expected",
                "`]`|1:1|no valid JSON: unexpected ']', nothing is open",
                "`{\"a\": yes}`|1:7|no valid JSON: unknown word \"yes\"; texts stand in double quotes",
                "`[nulll]`|1:2|no valid JSON: unknown word \"nulll\"; texts stand in double quotes",
                "`\"a\nb\"`|1:3|no valid JSON: a control character in a text must be escaped (a line break is \\n)",
                "`\"\\x\"`|1:3|no valid JSON: unknown escape 'x'; a backslash is written \\\\",
                "`\"\\u12g4\"`|1:6|no valid JSON: unexpected 'g', four hexadecimal digits were expected",
                "`[01]`|1:3|no valid JSON: a number may not begin with 0",
                "`// c\n{}`|1:1|no valid JSON: unexpected '/'; JSON has no comments",
                "`{}\n {}`|2:2|more follows after the end of the document",
                "`{} }`|1:4|more follows after the end of the document",
                "`{} x`|1:4|more follows after the end of the document",
                "`{\"a\":1,\n \"b\":2,\n \"a\":3}`|3:2|the field \"a\" stands twice",
                "`\"\\ud800\"`|1:1|the text has half of a surrogate pair, which is no character",
                "`{\"\\udc00x\":1}`|1:9|no valid JSON: a name has half of a surrogate pair, which is no character",
            })
    void strict_ofWhatIsNoDocument_saysWhatAndWhere(String text, String at, String problem) {
        assertEquals("graph.json:" + at + ": " + problem, strictError(text));
    }

    @Test
    void strict_ofManyFieldsWithOneTwice_namesTheSecond() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 50; i++) {
            text.append("\"f").append(i).append("\":0,\n");
        }

        assertEquals("graph.json:51:1: the field \"f7\" stands twice", strictError(text + "\"f7\":1}"));
    }

    @Test
    void strict_ofFieldsThatDifferInCaseOnly_keepsBoth() throws JsonException {
        JsonValue value = strict("{\"a\":1,\"A\":2}");

        assertEquals(1, value.require("a").asInt());
        assertEquals(2, value.require("A").asInt());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anyDialect_ofAByteOrderMark_refuses(boolean strict) {
        byte[] bytes = "\uFEFF{}".getBytes(UTF_8);
        JsonException e = assertThrows(JsonException.class, () -> {
            if (strict) {
                JsonDocument.strict(bytes, "x");
            } else {
                JsonDocument.asGoReads(bytes, "x");
            }
        });
        assertEquals("x:1:1: the document begins with a byte order mark", e.getMessage());
    }

    @Test
    void anyDialect_ofUtf16_refuses() {
        for (byte[] bytes : List.of("{}".getBytes(UTF_16BE), "{}".getBytes(UTF_16LE), "[1]".getBytes(UTF_16LE))) {
            assertThrows(JsonException.class, () -> JsonDocument.strict(bytes, "x"));
            assertThrows(JsonException.class, () -> JsonDocument.asGoReads(bytes, "x"));
        }
    }

    @Test
    void strict_ofBytesThatAreNoUtf8_saysWhere() {
        byte[] bytes = "{\"é\":\n  \"é?\"}".getBytes(UTF_8);
        bytes[new String(bytes, UTF_8).getBytes(UTF_8).length - 3] = (byte) 0xFF;

        JsonException e = assertThrows(JsonException.class, () -> JsonDocument.strict(bytes, "x"));

        assertEquals("x:2:5: the document is not UTF-8", e.getMessage());
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    @Test
    void strict_whenNestedTooDeeply_saysWhere() throws JsonException {
        strict(nested(500));

        assertEquals(
                "graph.json:1:501: the document is nested too deeply: more than 500 levels", strictError(nested(501)));
        assertEquals(
                "graph.json:1:501: the document is nested too deeply: more than 500 levels",
                strictError("[".repeat(1_000_000)));
    }

    @Test
    void asGoReads_whenNestedTooDeeply_refusesFromWhereGoDoes() throws JsonException {
        asGoReads(nested(10_000));
        asGoReads("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000));

        assertThrows(JsonException.class, () -> asGoReads(nested(10_001)));
        assertThrows(JsonException.class, () -> asGoReads("{\"a\":".repeat(1_000_000)));
    }

    @Test
    void places_ofValues_countLinesAndCharacters() throws JsonException {
        JsonValue value = strict("{\"a\":\r\n\t\"👩é\",\"b\": [true,\r  null],\n\n\"c\":-1.5}");

        assertPlace(1, 1, value);
        assertPlace(2, 2, value.require("a"));
        assertPlace(2, 12, value.require("b"));
        assertPlace(2, 13, value.require("b").asArray().get(0));
        assertPlace(3, 3, value.require("b").asArray().get(1));
        assertPlace(5, 5, value.require("c"));
    }

    private static void assertPlace(int line, int column, JsonValue value) {
        assertEquals(line + ":" + column, value.line() + ":" + value.column());
        JsonException e = value.error("x");
        assertEquals("graph.json:" + line + ":" + column + ": x", e.getMessage());
        assertEquals(List.of(line, column), List.of(e.line(), e.column()));
        assertEquals("graph.json", e.place());
        assertEquals("x", e.problem());
    }

    private interface Accessor {
        Object read(JsonValue value) throws JsonException;
    }

    private static void assertRefuses(String wanted, Accessor accessor, Map<String, String> kinds)
            throws JsonException {
        for (Map.Entry<String, String> kind : kinds.entrySet()) {
            JsonValue value = strict("{\"v\":\n " + kind.getKey() + "}").require("v");
            JsonException e = assertThrows(JsonException.class, () -> accessor.read(value), kind.getKey());
            assertEquals("graph.json:2:2: must be " + wanted + ", is " + kind.getValue(), e.getMessage());
        }
    }

    private static Map<String, String> kindsBut(String left) {
        Map<String, String> kinds = new TreeMap<>(Map.of(
                "null",
                "null",
                "\"1\"",
                "a string",
                "1",
                "a number",
                "true",
                "true or false",
                "[1]",
                "an array",
                "{}",
                "an object"));
        kinds.remove(left);
        return kinds;
    }

    @Test
    void accessors_ofAnotherType_sayWhatItIs() throws JsonException {
        assertRefuses("a string", JsonValue::asString, kindsBut("\"1\""));
        assertRefuses("a whole number", JsonValue::asLong, kindsBut("1"));
        assertRefuses("a whole number", JsonValue::asInt, kindsBut("1"));
        assertRefuses("true or false", JsonValue::asBoolean, kindsBut("true"));
        assertRefuses("an array", JsonValue::asArray, kindsBut("[1]"));
        assertRefuses("an array", JsonValue::asStrings, kindsBut("[1]"));
        assertRefuses("an object", JsonValue::asObject, kindsBut("{}"));
        assertRefuses("an object", v -> v.get("x"), kindsBut("{}"));
        assertRefuses("an object", v -> v.require("x"), kindsBut("{}"));
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 'must be a whole number, is 1.0'",
        "1e2, 'must be a whole number, is 1e2'",
        "1E2, 'must be a whole number, is 1E2'",
        "0.5, 'must be a whole number, is 0.5'",
        "9223372036854775808, is out of range: 9223372036854775808",
        "-9223372036854775809, is out of range: -9223372036854775809",
    })
    void asLong_ofANumberThatIsNoLong_refuses(String number, String problem) throws JsonException {
        for (JsonValue value : List.of(strict(number), asGoReads(number))) {
            assertEquals(
                    problem, assertThrows(JsonException.class, value::asLong).problem());
            assertThrows(JsonException.class, value::asInt);
        }
    }

    @Test
    void asLong_ofAVeryLongNumber_refusesWithAShortMessage() throws JsonException {
        JsonValue value = strict("1".repeat(100_000));

        assertEquals(
                "is out of range: " + "1".repeat(40) + "…",
                assertThrows(JsonException.class, value::asLong).problem());
    }

    @Test
    void asInt_ofALong_refuses() throws JsonException {
        assertEquals(Integer.MIN_VALUE, strict("-2147483648").asInt());
        assertEquals(2147483648L, strict("2147483648").asLong());
        assertEquals(
                "is out of range: 2147483648",
                assertThrows(JsonException.class, () -> strict("2147483648").asInt())
                        .problem());
        assertEquals(0, strict("-0").asLong());
    }

    @Test
    void require_ofAFieldThatIsLeftOut_namesIt() throws JsonException {
        JsonValue value = strict("[\n {}]").asArray().get(0);

        assertEquals(
                "graph.json:2:2: lacks the field \"digest\"",
                assertThrows(JsonException.class, () -> value.require("digest")).getMessage());
    }

    @Test
    void rejectUnknown_ofAnUnknownField_pointsAtItAndSuggests() throws JsonException {
        Set<String> known = Set.of("vertices", "targets", "schemaVersion");
        strict("{\"targets\":[],\"vertices\":[]}").rejectUnknown(known);

        JsonValue near = strict("{\"targets\":[],\n  \"vertexes\" : []}");
        assertEquals(
                "graph.json:2:3: unknown field \"vertexes\"\n  did you mean \"vertices\"?",
                assertThrows(JsonException.class, () -> near.rejectUnknown(known))
                        .getMessage());
        JsonValue far = strict("{\"colour\":1}");
        assertEquals(
                "graph.json:1:2: unknown field \"colour\"\n  known: schemaVersion, targets, vertices",
                assertThrows(JsonException.class, () -> far.rejectUnknown(known))
                        .getMessage());
        JsonValue otherCase = strict("{\"Targets\":1}");
        assertEquals(
                "graph.json:1:2: unknown field \"Targets\"\n  did you mean \"targets\"?",
                assertThrows(JsonException.class, () -> otherCase.rejectUnknown(known))
                        .getMessage());
        JsonValue array = strict("[]");
        assertThrows(JsonException.class, () -> array.rejectUnknown(known));
    }

    @Test
    void asGoReads_ofRepeatedNames_keepsTheLastInTheMapToo() throws JsonException {
        JsonValue value = asGoReads("{\"a\":1,\"b\":2,\"a\":3}");

        assertEquals(Set.of("a", "b"), value.asObject().keySet());
        assertEquals(3, value.asObject().get("a").asInt());
    }

    @Test
    void asGoReads_ofManyNamesInMixedCase_findsTheLast() throws JsonException {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 100; i++) {
            text.append("\"other")
                    .append(i)
                    .append("\":0,\"")
                    .append(i % 2 == 0 ? "Name" : "nAME")
                    .append("\":")
                    .append(i)
                    .append(',');
        }
        JsonValue value = asGoReads(text + "\"last\":0}");

        assertEquals(99, value.require("name").asInt());
        assertEquals(98, value.asObject().get("Name").asInt());
    }

    @Test
    void asGoReads_ofItsError_namesThePlace() {
        JsonException e = assertThrows(JsonException.class, () -> asGoReads("{\"records\":[\n{]}"));

        assertEquals("config:2:2: no valid JSON: unexpected ']', '}' was expected", e.getMessage());
    }

    @Test
    void arrays_ofEverySize_keepTheirOrder() throws JsonException {
        for (int size : new int[] {0, 1, 2, 3, 63, 64, 65, 1000}) {
            List<String> items = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                items.add("item " + i);
            }
            byte[] bytes = JsonWriter.bytes(w -> {
                w.beginArray();
                for (String item : items) {
                    w.beginArray().value(item).endArray();
                }
                w.endArray();
            });
            List<String> read = new ArrayList<>();
            for (JsonValue item : JsonDocument.strict(bytes, "x").asArray()) {
                read.addAll(item.asStrings());
            }
            assertEquals(items, read);
        }
    }

    @Test
    void located_ofAnErrorOfJacksons_hasNoneOfItsWords() throws IOException {
        JsonFactory factory = new JsonFactory();
        List<String> messages = new ArrayList<>();
        for (String text : List.of("[1", "{\"a\" 1}", "[tru]", "[1}", "NaN", "[\u0001]", "[.1]", "[-x]", "\"\\q\"")) {
            try (JsonParser parser = factory.createParser(text.getBytes(UTF_8))) {
                JsonProcessingException e = assertThrows(JsonProcessingException.class, () -> {
                    while (parser.nextToken() != null) {
                        parser.getText();
                    }
                });
                messages.add(JsonDocument.located(e, "f").getMessage());
            }
        }

        for (String message : messages) {
            assertTrue(message.startsWith("f:1:"), message);
            for (String word : List.of("Source", "Feature", "code ", "token", "\n", "JsonReadFeature")) {
                assertFalse(message.contains(word), message);
            }
        }
    }

    @Test
    void bytes_ofTheCaller_areNotChanged() throws JsonException {
        byte[] bytes = "{\"a\":\"\\u0041\"}".getBytes(UTF_8);
        byte[] before = bytes.clone();

        JsonDocument.strict(bytes, "x");

        assertArrayEquals(before, bytes);
    }
}
