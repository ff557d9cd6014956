package dev.cachetool.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random documents, written, read, and damaged. {@code -Dcachetool.seed=N} runs others. */
final class JsonPropertyTest {
    private static final long SEED = Long.getLong("cachetool.seed", 20260103);
    private static final int CASES = Boolean.getBoolean("cachetool.soak") ? 100_000 : 1_000;

    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "name",
            "Name",
            "\"",
            "\\",
            "/",
            "\b\f\n\r\t",
            "\u0000",
            "\u001f",
            "\u007f",
            "<&>",
            "é",
            "\u2028",
            "\uFFFD",
            "👩",
            "\uFEFF",
            "sha256:0123");

    @BeforeAll
    static void printSeed() {
        System.out.println("JsonPropertyTest: -Dcachetool.seed=" + SEED + ", " + CASES + " cases");
    }

    private static @Nullable Object random(Random random, int depth) {
        return switch (random.nextInt(depth > 5 ? 6 : 9)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (long) random.nextInt(100) - 50;
            case 3 -> random.nextLong();
            case 4, 5 -> text(random);
            case 6 -> {
                List<Object> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(random(random, depth + 1));
                }
                yield items;
            }
            default -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                for (int i = random.nextInt(random.nextInt(20) == 0 ? 30 : 5); i > 0; i--) {
                    fields.put(text(random), random(random, depth + 1));
                }
                yield fields;
            }
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        do {
            text.append(TEXTS.get(random.nextInt(TEXTS.size())));
        } while (random.nextInt(3) == 0);
        return text.toString();
    }

    private static void write(JsonWriter w, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> fields) {
            w.beginObject();
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                w.name((String) field.getKey());
                write(w, field.getValue());
            }
            w.endObject();
        } else if (value instanceof List<?> items) {
            w.beginArray();
            for (Object item : items) {
                write(w, item);
            }
            w.endArray();
        } else if (value instanceof Long number) {
            w.value(number);
        } else if (value instanceof Boolean truth) {
            w.value(truth);
        } else {
            w.value((String) value);
        }
    }

    /** The value as the accessors give it, and a check that its place is where it stands in the text. */
    private static @Nullable Object read(JsonValue value, String[] lines) throws JsonException {
        int[] line = lines[value.line() - 1].codePoints().toArray();
        int first = line[value.column() - 1];
        if (value.isObject()) {
            assertEquals('{', first);
            Map<String, Object> fields = new LinkedHashMap<>();
            for (Map.Entry<String, JsonValue> field : value.asObject().entrySet()) {
                fields.put(field.getKey(), read(field.getValue(), lines));
            }
            return fields;
        }
        if (value.isArray()) {
            assertEquals('[', first);
            List<Object> items = new ArrayList<>();
            for (JsonValue item : value.asArray()) {
                items.add(read(item, lines));
            }
            return items;
        }
        if (value.isString()) {
            assertEquals('"', first);
            return value.asString();
        }
        if (value.isNull()) {
            assertEquals('n', first);
            return null;
        }
        if (first == 't' || first == 'f') {
            return value.asBoolean();
        }
        return value.asLong();
    }

    private static byte[] pretty(@Nullable Object value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonWriter writer = JsonWriter.pretty(out)) {
            write(writer, value);
        }
        return out.toByteArray();
    }

    @Test
    void document_whenWrittenAndRead_isTheSame() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            Object value = random(random, 0);
            byte[] compact = JsonWriter.bytes(w -> write(w, value));
            byte[] pretty = pretty(value);
            for (byte[] bytes : List.of(compact, pretty)) {
                String[] lines = new String(bytes, UTF_8).split("\n", -1);
                assertEquals(value, read(JsonDocument.strict(bytes, "x"), lines));
                Object asGoReads = read(JsonDocument.asGoReads(bytes, "x"), lines);
                assertEquals(value, asGoReads);
                assertArrayEquals(compact, JsonWriter.bytes(w -> write(w, asGoReads)));
                assertArrayEquals(pretty, pretty(asGoReads));
            }
        }
    }

    @Test
    void document_whenDamaged_isReadOrRefusedWithItsPlace() throws IOException {
        Random random = new Random(SEED);
        byte[] odd = "{}[]\",:\\u0dD8tfn-+.eE019 \n\t\r\u0000\u0080\u00ff".getBytes(ISO_8859_1);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = pretty(random(random, 0));
            for (int n = random.nextInt(4); n >= 0 && bytes.length > 0; n--) {
                int at = random.nextInt(bytes.length);
                switch (random.nextInt(3)) {
                    case 0 -> bytes[at] = odd[random.nextInt(odd.length)];
                    case 1 -> bytes = Arrays.copyOf(bytes, at);
                    default -> {
                        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
                        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                        longer[at] = odd[random.nextInt(odd.length)];
                        bytes = longer;
                    }
                }
            }
            byte[] damaged = bytes;
            boolean strict = isRead(() -> JsonDocument.strict(damaged, "x"), damaged);
            boolean asGoReads = isRead(() -> JsonDocument.asGoReads(damaged, "x"), damaged);
            assertTrue(asGoReads || !strict, () -> new String(damaged, UTF_8));
            read += asGoReads ? 1 : 0;
            refused += strict ? 0 : 1;
        }
        assertTrue(read > CASES / 20 && refused > CASES / 20, read + " read, " + refused + " refused");
    }

    private interface Reading {
        JsonValue read() throws JsonException;
    }

    private static boolean isRead(Reading reading, byte[] bytes) {
        try {
            reading.read();
            return true;
        } catch (JsonException e) {
            Utf8.Decoded decoded = Utf8.decode(bytes);
            String text = new String(decoded.chars(), 0, decoded.length());
            assertTrue(
                    e.line() >= 1
                            && e.line()
                                    <= 1
                                            + text.chars()
                                                    .filter(c -> c == '\n' || c == '\r')
                                                    .count(),
                    e.getMessage());
            assertTrue(e.column() >= 1 && e.column() <= text.length() + 1, e.getMessage());
            return false;
        }
    }
}
