package dev.cachetool.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Reads whole JSON documents into values, strictly or as Go reads. */
public final class JsonDocument {
    /** How deep a document may be nested that is read strictly. */
    public static final int STRICT_DEPTH = 500;

    /** How deep a document may be nested that is read as Go reads: what Go's own decoder takes. */
    public static final int GO_DEPTH = 10_000;

    /** Limits are ours, with their place; a name is not interned, and collisions of names are no error but slow. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

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
     * @throws JsonException if it is no JSON, or has bytes that are no UTF-8, a byte order mark, trailing bytes, repeated
     *     fields, half a surrogate pair, or more than {@value #STRICT_DEPTH} levels
     */
    public static JsonValue strict(byte[] bytes, String place) throws JsonException {
        return read(Dialect.STRICT, bytes, place);
    }

    /**
     * Reads a document as Go's {@code encoding/json} does: bytes that are no UTF-8 and halves of surrogate pairs become
     * U+FFFD, of repeated names the last counts. (One thing is refused that Go takes: half of a surrogate pair, as an escape,
     * in a name.)
     *
     * @param bytes the whole document
     * @param place where it is, as a person knows it, for errors
     * @throws JsonException if it is no JSON, or has a byte order mark, trailing bytes, or more than {@value #GO_DEPTH} levels
     */
    public static JsonValue asGoReads(byte[] bytes, String place) throws JsonException {
        return read(Dialect.GO, bytes, place);
    }

    private static JsonValue read(Dialect dialect, byte[] bytes, String place) throws JsonException {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            throw new JsonException(place, 1, 1, "the document begins with a byte order mark");
        }
        Utf8.Decoded text = Utf8.decode(bytes);
        Document document = new Document(dialect, place, text.chars(), text.length());
        if (dialect == Dialect.STRICT && text.firstInvalid() >= 0) {
            throw document.error(text.firstInvalid(), "the document is not UTF-8");
        }
        try (JsonParser parser = FACTORY.createParser(text.chars(), 0, text.length())) {
            return new Builder(parser, document, text).build();
        } catch (JsonException e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw document.error(offsetOf(e, text.length()), JsonProblem.of(e));
        } catch (IOException e) {
            throw new JsonException(place, 0, 0, "the document cannot be read: " + e.getMessage());
        }
    }

    private static int offsetOf(JsonProcessingException e, int length) {
        if (e instanceof JsonEOFException) {
            return length;
        }
        JsonLocation at = e.getLocation();
        return at == null ? 0 : (int) Math.max(0, Math.min(at.getCharOffset(), length));
    }

    /** The error of Jackson's, in our form: where, and what, without Jackson's own location text. */
    public static JsonException located(JsonProcessingException e, String place) {
        JsonLocation l = e.getLocation();
        return l == null
                ? new JsonException(place, 0, 0, JsonProblem.of(e))
                : new JsonException(place, Math.max(l.getLineNr(), 0), Math.max(l.getColumnNr(), 0), JsonProblem.of(e));
    }

    /** Builds values from tokens with a stack of its own, so that nesting costs no call stack. */
    private static final class Builder {
        private final JsonParser parser;
        private final Document document;
        private final boolean strict;
        private final int length;

        /** Whether a text may hold half of a surrogate pair: that takes an escape. */
        private final boolean escapes;

        // The values of all open containers, one after the other, with their names where the container is an object.
        private JsonValue[] values = new JsonValue[64];
        private String[] names = new String[64];
        private int[] nameOffsets = new int[64];
        private int size;

        // For each open container: where its values begin, and where it stands itself.
        private int[] starts = new int[16];
        private int[] offsets = new int[16];
        private int depth;

        /** The names of the last object at each of the first depths: objects of a list mostly have the same. */
        private final String[][] namesBefore = new String[32][0];

        Builder(JsonParser parser, Document document, Utf8.Decoded text) {
            this.parser = parser;
            this.document = document;
            this.strict = document.dialect() == Dialect.STRICT;
            this.length = text.length();
            this.escapes = hasEscapes(text);
        }

        private static boolean hasEscapes(Utf8.Decoded text) {
            char[] chars = text.chars();
            for (int i = 0; i < text.length(); i++) {
                if (chars[i] == '\\') {
                    return true;
                }
            }
            return false;
        }

        JsonValue build() throws IOException {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw document.error(0, "the document is empty");
            }
            String name = "";
            int nameOffset = 0;
            while (true) {
                JsonValue done = null;
                switch (token) {
                    case START_OBJECT, START_ARRAY -> open(name, nameOffset);
                    case FIELD_NAME -> {
                        nameOffset = offset();
                        name = text(parser.currentName(), nameOffset);
                    }
                    case END_OBJECT, END_ARRAY -> {
                        done = close(token == JsonToken.END_OBJECT);
                        name = names[size];
                        nameOffset = nameOffsets[size];
                    }
                    case VALUE_STRING -> {
                        int at = offset();
                        done = new JsonValue(text(parser.getText(), at), document, at);
                    }
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                        done = new JsonValue(number(parser.getText()), document, offset());
                    case VALUE_TRUE -> done = new JsonValue(true, document, offset());
                    case VALUE_FALSE -> done = new JsonValue(false, document, offset());
                    case VALUE_NULL -> done = new JsonValue(null, document, offset());
                    default -> throw new IllegalStateException("token " + token);
                }
                if (done != null) {
                    if (depth == 0) {
                        requireEnd();
                        return done;
                    }
                    add(name, nameOffset, done);
                }
                token = parser.nextToken();
                if (token == null) {
                    throw document.error(length, "no valid JSON: the document ends too early");
                }
            }
        }

        private int offset() {
            return (int) parser.currentTokenLocation().getCharOffset();
        }

        private void requireEnd() throws IOException {
            int trailing;
            try {
                if (parser.nextToken() == null) {
                    return;
                }
                trailing = offset();
            } catch (JsonProcessingException e) {
                trailing = offsetOf(e, length);
            }
            throw document.error(trailing, "more follows after the end of the document");
        }

        private String text(String text, int offset) throws JsonException {
            if (!escapes || !Utf8.hasLoneSurrogate(text)) {
                return text;
            }
            if (strict) {
                throw document.error(offset, "the text has half of a surrogate pair, which is no character");
            }
            return Utf8.replaceLoneSurrogates(text);
        }

        private static Object number(String text) {
            if (text.length() <= 20) {
                try {
                    long value = Long.parseLong(text);
                    if (value == (int) value) {
                        return (int) value;
                    }
                    return value;
                } catch (NumberFormatException e) {
                    return new JsonValue.Num(text);
                }
            }
            return new JsonValue.Num(text);
        }

        private void open(String name, int nameOffset) throws JsonException {
            int limit = strict ? STRICT_DEPTH : GO_DEPTH;
            if (depth == limit) {
                throw document.error(offset(), "the document is nested too deeply: more than " + limit + " levels");
            }
            if (depth == starts.length) {
                starts = Arrays.copyOf(starts, depth * 2);
                offsets = Arrays.copyOf(offsets, depth * 2);
            }
            // The place of the container among the values of the one around it is kept for its name until it is closed.
            reserve();
            names[size] = name;
            nameOffsets[size] = nameOffset;
            size++;
            starts[depth] = size;
            offsets[depth] = offset();
            depth++;
        }

        private JsonValue close(boolean object) throws JsonException {
            depth--;
            int start = starts[depth];
            Object content = object ? fields(start) : List.of(Arrays.copyOfRange(values, start, size));
            size = start - 1;
            return new JsonValue(content, document, offsets[depth]);
        }

        private Fields fields(int start) throws JsonException {
            Fields fields = new Fields(
                    namesFrom(start),
                    Arrays.copyOfRange(values, start, size),
                    strict ? Arrays.copyOfRange(nameOffsets, start, size) : new int[0]);
            int repeated = fields.repeated();
            if (strict && repeated >= 0) {
                throw document.error(
                        fields.offset(repeated), "the field \"" + fields.name(repeated) + "\" stands twice");
            }
            return fields;
        }

        private String[] namesFrom(int start) {
            int level = Math.min(depth, namesBefore.length - 1);
            String[] before = namesBefore[level];
            if (!Arrays.equals(before, 0, before.length, names, start, size)) {
                namesBefore[level] = Arrays.copyOfRange(names, start, size);
            }
            return namesBefore[level];
        }

        private void add(String name, int nameOffset, JsonValue value) {
            reserve();
            names[size] = name;
            nameOffsets[size] = nameOffset;
            values[size] = value;
            size++;
        }

        private void reserve() {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
                names = Arrays.copyOf(names, size * 2);
                nameOffsets = Arrays.copyOf(nameOffsets, size * 2);
            }
        }
    }
}
