package dev.cachetool.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonWriterTest {
    private static String compact(JsonWriter.Body body) {
        return new String(JsonWriter.bytes(body), UTF_8);
    }

    private static String pretty(JsonWriter.Body body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonWriter writer = JsonWriter.pretty(out)) {
            body.write(writer);
        }
        return out.toString(UTF_8);
    }

    private static void sample(JsonWriter w) throws IOException {
        w.beginObject().field("name", "a<b").field("size", -7).name("none").nullValue();
        w.name("text").value(null).name("on").value(true).name("ratio").value(0.25);
        w.name("empty").beginObject().endObject().name("list").beginArray().endArray();
        w.name("rows").beginArray().beginArray().value(1).value(2).endArray();
        w.beginObject().field("x", "y").endObject().value(false).endArray().endObject();
    }

    @Test
    void compact_ofEveryKind_hasNoWhiteSpace() {
        assertEquals(
                "{\"name\":\"a\\u003cb\",\"size\":-7,\"none\":null,\"text\":null,\"on\":true,\"ratio\":0.25,"
                        + "\"empty\":{},\"list\":[],\"rows\":[[1,2],{\"x\":\"y\"},false]}",
                compact(JsonWriterTest::sample));
    }

    @Test
    void pretty_ofEveryKind_indentsByTwo() throws IOException {
        assertEquals("""
                {
                  "name": "a\\u003cb",
                  "size": -7,
                  "none": null,
                  "text": null,
                  "on": true,
                  "ratio": 0.25,
                  "empty": {},
                  "list": [],
                  "rows": [
                    [
                      1,
                      2
                    ],
                    {
                      "x": "y"
                    },
                    false
                  ]
                }""", pretty(JsonWriterTest::sample));
    }

    @Test
    void writer_ofALongDocument_losesNothingAtTheEndOfItsBuffer() throws IOException {
        for (int before = 8180; before < 8200; before++) {
            String padding = "x".repeat(before);
            String written = compact(w -> w.beginArray()
                    .value(padding)
                    .value("é\u2028👩\n<")
                    .value(123456)
                    .endArray());
            assertEquals("[\"" + padding + "\",\"é\\u2028👩\\n\\u003c\",123456]", written);
        }
    }

    @Test
    void writer_whenClosed_flushesButLeavesTheStreamOpen() throws IOException {
        boolean[] seen = new boolean[2];
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                seen[0] = true;
            }

            @Override
            public void close() {
                seen[1] = true;
            }
        };
        try (JsonWriter writer = JsonWriter.compact(out)) {
            writer.value("a");
        }

        assertEquals("\"a\"", out.toString(UTF_8));
        assertTrue(seen[0]);
        assertFalse(seen[1]);
    }

    private static final List<JsonWriter.Body> MISUSES = List.of(
            w -> w.beginObject().value("a"),
            w -> w.beginObject().beginArray(),
            w -> w.beginObject().name("a").name("b"),
            w -> w.beginObject().name("a").endObject(),
            w -> w.beginObject().endArray(),
            w -> w.beginArray().endObject(),
            w -> w.beginArray().name("a"),
            w -> w.name("a"),
            w -> w.endObject(),
            w -> w.value(1).value(2),
            w -> w.beginObject().endObject().beginObject(),
            w -> w.beginArray().endArray().endArray());

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void writer_whenSomethingMayNotStandThere_refuses(int misuse) {
        assertEquals(12, MISUSES.size());
        assertThrows(IllegalStateException.class, () -> compact(MISUSES.get(misuse)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void value_ofWhatIsNoNumber_refuses(double number) {
        assertThrows(IllegalArgumentException.class, () -> compact(w -> w.value(number)));
    }

    @Test
    void writer_whenTheStreamFails_failsWithItsException() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("disk full");
            }
        };

        IOException e = assertThrows(IOException.class, () -> {
            try (JsonWriter writer = JsonWriter.compact(full)) {
                writer.value("a");
            }
        });
        assertEquals("disk full", e.getMessage());
    }

    @Test
    void bytes_whenTheBodyFails_throwsUnchecked() {
        assertThrows(
                UncheckedIOException.class,
                () -> JsonWriter.bytes(w -> {
                    throw new IOException("x");
                }));
    }

    @Test
    void writer_ofDeepNesting_needsNoCallStack() {
        int levels = 100_000;
        String written = compact(w -> {
            for (int i = 0; i < levels; i++) {
                w.beginArray();
            }
            for (int i = 0; i < levels; i++) {
                w.endArray();
            }
        });

        assertEquals("[".repeat(levels) + "]".repeat(levels), written);
    }
}
