package dev.cachetool.json;

import dev.cachetool.json.JsonDocument.Dialect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One value of a document that was read, with its place. The typed accessors throw a {@link JsonException} that names
 * place, line and column when the value has another type; where the document was read as Go reads, {@code null} counts
 * as a field that is left out and names of fields match without case.
 */
public final class JsonValue {
    private final @Nullable Object content;
    private final Dialect dialect;
    private final String place;
    private final int line;
    private final int column;

    JsonValue(@Nullable Object content, Dialect dialect, String place, int line, int column) {
        this.content = content;
        this.dialect = dialect;
        this.place = place;
        this.line = line;
        this.column = column;
    }

    /** A number as it was written. */
    record Num(String text) {}

    /** Whether this is {@code null}. */
    public boolean isNull() {
        return content == null;
    }

    /** Whether this is an object. */
    public boolean isObject() {
        return content instanceof Map;
    }

    /** Whether this is an array. */
    public boolean isArray() {
        return content instanceof List;
    }

    /** Whether this is a string. */
    public boolean isString() {
        return content instanceof String;
    }

    /** The text of a string. */
    public String asString() throws JsonException {
        if (content instanceof String text) {
            return text;
        }
        throw wrongType("a string");
    }

    /** The value of a whole number without fraction or exponent that fits into a long. */
    public long asLong() throws JsonException {
        if (content instanceof Num number) {
            try {
                return Long.parseLong(number.text());
            } catch (NumberFormatException e) {
                throw error("must be a whole number, is " + number.text());
            }
        }
        throw wrongType("a whole number");
    }

    /** The value of a whole number without fraction or exponent that fits into an int. */
    public int asInt() throws JsonException {
        long value = asLong();
        if (value != (int) value) {
            throw error("is out of range: " + value);
        }
        return (int) value;
    }

    /** The value of {@code true} or {@code false}. */
    public boolean asBoolean() throws JsonException {
        if (content instanceof Boolean value) {
            return value;
        }
        throw wrongType("true or false");
    }

    /** The items of an array, in order; as Go reads, {@code null} is an empty one. */
    @SuppressWarnings("unchecked")
    public List<JsonValue> asArray() throws JsonException {
        if (content instanceof List) {
            return Collections.unmodifiableList((List<JsonValue>) content);
        }
        if (content == null && dialect == Dialect.GO) {
            return List.of();
        }
        throw wrongType("an array");
    }

    /** The strings of an array of strings, in order. */
    public List<String> asStrings() throws JsonException {
        List<String> strings = new ArrayList<>();
        for (JsonValue item : asArray()) {
            strings.add(item.asString());
        }
        return strings;
    }

    /** The fields of an object, in the order in which they stand; as Go reads, {@code null} is an empty one. */
    @SuppressWarnings("unchecked")
    public Map<String, JsonValue> asObject() throws JsonException {
        if (content instanceof Map) {
            return Collections.unmodifiableMap((Map<String, JsonValue>) content);
        }
        if (content == null && dialect == Dialect.GO) {
            return Map.of();
        }
        throw wrongType("an object");
    }

    /**
     * The field of this object; empty where it is left out (as Go reads: also where it is {@code null}).
     *
     * @throws JsonException if this is no object
     */
    public Optional<JsonValue> get(String name) throws JsonException {
        Map<String, JsonValue> fields = asObject();
        JsonValue found = fields.get(name);
        if (dialect == Dialect.GO) {
            found = lastMatching(fields, name);
            if (found != null && found.isNull()) {
                found = null;
            }
        }
        return Optional.ofNullable(found);
    }

    private static @Nullable JsonValue lastMatching(Map<String, JsonValue> fields, String name) {
        JsonValue exact = fields.get(name);
        boolean others = false;
        for (String key : fields.keySet()) {
            if (key.length() == name.length() && key.equalsIgnoreCase(name) && !key.equals(name)) {
                others = true;
                break;
            }
        }
        if (!others) {
            return exact;
        }
        // What stands later in the document counts; a value knows its line and column.
        JsonValue last = null;
        for (Map.Entry<String, JsonValue> field : fields.entrySet()) {
            if (field.getKey().equalsIgnoreCase(name)) {
                JsonValue value = field.getValue();
                boolean later = last == null
                        || value.line > last.line
                        || (value.line == last.line && value.column > last.column);
                if (later && !(value.isNull() && last != null)) {
                    last = value;
                }
            }
        }
        return last;
    }

    /**
     * The field of this object.
     *
     * @throws JsonException if it is left out, or this is no object
     */
    public JsonValue require(String name) throws JsonException {
        return get(name).orElseThrow(() -> error("lacks the field \"" + name + "\""));
    }

    /**
     * Refuses fields other than those named; for documents that are read strictly.
     *
     * @throws JsonException at the first field whose name is not known, with the nearest known name
     */
    public void rejectUnknown(Set<String> known) throws JsonException {
        for (Map.Entry<String, JsonValue> field : asObject().entrySet()) {
            if (!known.contains(field.getKey())) {
                throw field.getValue().error(Suggestion.unknown("field", field.getKey(), known));
            }
        }
    }

    /** An error at this value's place. */
    public JsonException error(String problem) {
        return new JsonException(place, line, column, problem);
    }

    /** The line on which this value begins, from 1. */
    public int line() {
        return line;
    }

    /** The column in which this value begins, from 1. */
    public int column() {
        return column;
    }

    private JsonException wrongType(String wanted) {
        String is = content == null
                ? "null"
                : content instanceof String
                        ? "a string"
                        : content instanceof Num
                                ? "a number"
                                : content instanceof Boolean
                                        ? "true or false"
                                        : content instanceof List ? "an array" : "an object";
        return error("must be " + wanted + ", is " + is);
    }
}
