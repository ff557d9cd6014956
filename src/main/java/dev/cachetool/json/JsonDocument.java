package dev.cachetool.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads whole JSON documents into values, strictly or as Go reads. */
public final class JsonDocument {
    private static final JsonFactory STRICT = factory(500, true);
    private static final JsonFactory GO = factory(10_000, false);

    private JsonDocument() {}

    /** The two ways of reading. */
    enum Dialect {
        STRICT,
        GO
    }

    /**
     * Reads a document strictly.
     *
     * @param bytes the whole document, UTF-8
     * @param place where it is, as a person knows it, for errors
     * @throws JsonException if it is no JSON, or has a byte order mark, trailing bytes, repeated fields, or more than 500
     *     levels
     */
    public static JsonValue strict(byte[] bytes, String place) throws JsonException {
        return read(STRICT, Dialect.STRICT, bytes, place);
    }

    /**
     * Reads a document as Go's {@code encoding/json} does: bytes that are no UTF-8 become U+FFFD, of repeated names the
     * last counts.
     *
     * @param bytes the whole document
     * @param place where it is, as a person knows it, for errors
     * @throws JsonException if it is no JSON, or has a byte order mark, trailing bytes, or more than 10,000 levels
     */
    public static JsonValue asGoReads(byte[] bytes, String place) throws JsonException {
        return read(GO, Dialect.GO, bytes, place);
    }

    private static JsonFactory factory(int depth, boolean strict) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(1000)
                        .build())
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, strict)
                .build();
    }

    private static JsonValue read(JsonFactory factory, Dialect dialect, byte[] bytes, String place)
            throws JsonException {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            throw new JsonException(place, 1, 1, "the document begins with a byte order mark");
        }
        JsonLocation at = JsonLocation.NA;
        try (JsonParser parser = dialect == Dialect.STRICT
                ? factory.createParser(bytes)
                : factory.createParser(
                        new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8))) {
            if (parser.nextToken() == null) {
                throw new JsonException(place, 1, 1, "the document is empty");
            }
            Builder builder = new Builder(parser, dialect, place);
            JsonValue value = builder.build();
            at = parser.currentLocation();
            if (parser.nextToken() != null) {
                JsonLocation trailing = parser.currentTokenLocation();
                throw new JsonException(
                        place,
                        trailing.getLineNr(),
                        trailing.getColumnNr(),
                        "more follows after the end of the document");
            }
            return value;
        } catch (JsonException e) {
            throw e;
        } catch (StreamConstraintsException e) {
            JsonLocation l = e.getLocation() == null ? at : e.getLocation();
            throw new JsonException(
                    place, l.getLineNr(), l.getColumnNr(), "the document is nested too deeply or too long");
        } catch (JsonProcessingException e) {
            throw located(e, place);
        } catch (IOException e) {
            throw new JsonException(place, 0, 0, "the document cannot be read: " + e.getMessage());
        }
    }

    /** The error of Jackson's, in our form: where, and what, without Jackson's own location text. */
    public static JsonException located(JsonProcessingException e, String place) {
        JsonLocation l = e.getLocation();
        String problem = e.getOriginalMessage();
        int cut = problem.indexOf("\n at [");
        if (cut >= 0) {
            problem = problem.substring(0, cut);
        }
        if (problem.startsWith("Duplicate field")) {
            problem = "the field "
                    + problem.substring("Duplicate field ".length()).replace('\'', '"') + " stands twice";
        } else {
            problem = "no valid JSON: " + problem.substring(0, 1).toLowerCase(Locale.ROOT) + problem.substring(1);
        }
        return l == null
                ? new JsonException(place, 0, 0, problem)
                : new JsonException(place, Math.max(l.getLineNr(), 0), Math.max(l.getColumnNr(), 0), problem);
    }

    /** Builds values from tokens with a stack of its own, so that nesting costs no call stack. */
    private static final class Builder {
        private final JsonParser parser;
        private final Dialect dialect;
        private final String place;

        Builder(JsonParser parser, Dialect dialect, String place) {
            this.parser = parser;
            this.dialect = dialect;
            this.place = place;
        }

        private static final class Open {
            final @Nullable Map<String, JsonValue> fields;
            final @Nullable List<JsonValue> items;
            final JsonValue value;
            String name = "";

            Open(@Nullable Map<String, JsonValue> fields, @Nullable List<JsonValue> items, JsonValue value) {
                this.fields = fields;
                this.items = items;
                this.value = value;
            }

            void add(JsonValue child) {
                if (fields != null) {
                    fields.put(name, child);
                } else if (items != null) {
                    items.add(child);
                }
            }
        }

        JsonValue build() throws IOException {
            Deque<Open> stack = new ArrayDeque<>();
            while (true) {
                JsonToken token = parser.currentToken();
                JsonValue done = null;
                switch (token) {
                    case START_OBJECT -> {
                        Map<String, JsonValue> fields = new LinkedHashMap<>();
                        stack.push(new Open(fields, null, value(fields)));
                    }
                    case START_ARRAY -> {
                        List<JsonValue> items = new ArrayList<>();
                        stack.push(new Open(null, items, value(items)));
                    }
                    case FIELD_NAME -> stack.element().name = parser.currentName();
                    case END_OBJECT, END_ARRAY -> done = stack.pop().value;
                    case VALUE_STRING -> done = value(parser.getText());
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> done = value(new JsonValue.Num(parser.getText()));
                    case VALUE_TRUE -> done = value(true);
                    case VALUE_FALSE -> done = value(false);
                    case VALUE_NULL -> done = value(null);
                    default -> throw new IllegalStateException("token " + token);
                }
                if (done != null) {
                    if (stack.isEmpty()) {
                        return done;
                    }
                    stack.element().add(done);
                }
                if (parser.nextToken() == null) {
                    throw new JsonException(place, 0, 0, "the document ends too early");
                }
            }
        }

        private JsonValue value(@Nullable Object content) {
            JsonLocation l = parser.currentTokenLocation();
            return new JsonValue(content, dialect, place, l.getLineNr(), l.getColumnNr());
        }
    }
}
