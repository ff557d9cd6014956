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
 * One value of a document that was read, with its place. Immutable. The typed accessors throw a {@link JsonException} that
 * names place, line and column when the value has another type. Where the document was read as Go reads, {@code null} is
 * the empty value of the type that is asked for ("", 0, {@code false}, an empty array or object), as a field it counts as
 * left out, and names of fields match without case.
 */
public final class JsonValue {
    /** {@code null}, a Boolean, an Integer, a Long, a Num, a String, a List of JsonValue, or Fields. */
    private final @Nullable Object content;

    private final Document document;
    private final int offset;

    JsonValue(@Nullable Object content, Document document, int offset) {
        this.content = content;
        this.document = document;
        this.offset = offset;
    }

    /** A number that is not a long, as it was written. */
    record Num(String text) {
        boolean isWhole() {
            return text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
        }
    }

    /** Whether this is {@code null}. */
    public boolean isNull() {
        return content == null;
    }

    /** Whether this is an object. */
    public boolean isObject() {
        return content instanceof Fields;
    }

    /** Whether this is an array. */
    public boolean isArray() {
        return content instanceof List;
    }

    /** Whether this is a string. */
    public boolean isString() {
        return content instanceof String;
    }

    /**
     * The text of a string.
     *
     * @throws JsonException if this is no string
     */
    public String asString() throws JsonException {
        if (content instanceof String text) {
            return text;
        }
        if (isEmptyValue()) {
            return "";
        }
        throw wrongType("a string");
    }

    /**
     * The value of a whole number without fraction or exponent that fits into a long; {@code 1.0} and {@code 1e2} are
     * none, as in Go.
     *
     * @throws JsonException if this is no such number
     */
    public long asLong() throws JsonException {
        if (content instanceof Integer || content instanceof Long) {
            return ((Number) content).longValue();
        }
        if (content instanceof Num number) {
            throw number.isWhole()
                    ? error("is out of range: " + shortened(number.text()))
                    : error("must be a whole number, is " + shortened(number.text()));
        }
        if (isEmptyValue()) {
            return 0;
        }
        throw wrongType("a whole number");
    }

    /**
     * The value of a whole number without fraction or exponent that fits into an int.
     *
     * @throws JsonException if this is no such number
     */
    public int asInt() throws JsonException {
        long value = asLong();
        if (value != (int) value) {
            throw error("is out of range: " + value);
        }
        return (int) value;
    }

    /**
     * The value of {@code true} or {@code false}.
     *
     * @throws JsonException if this is neither
     */
    public boolean asBoolean() throws JsonException {
        if (content instanceof Boolean value) {
            return value;
        }
        if (isEmptyValue()) {
            return false;
        }
        throw wrongType("true or false");
    }

    /**
     * The items of an array, in order.
     *
     * @throws JsonException if this is no array
     */
    @SuppressWarnings("unchecked")
    public List<JsonValue> asArray() throws JsonException {
        if (content instanceof List) {
            return (List<JsonValue>) content;
        }
        if (isEmptyValue()) {
            return List.of();
        }
        throw wrongType("an array");
    }

    /**
     * The strings of an array of strings, in order.
     *
     * @throws JsonException if this is no array, or an item no string
     */
    public List<String> asStrings() throws JsonException {
        List<String> strings = new ArrayList<>();
        for (JsonValue item : asArray()) {
            strings.add(item.asString());
        }
        return strings;
    }

    /**
     * The fields of an object, in the order in which they stand; of several equal names the last.
     *
     * @throws JsonException if this is no object
     */
    public Map<String, JsonValue> asObject() throws JsonException {
        Fields fields = fields();
        return fields == null ? Map.of() : Collections.unmodifiableMap(fields.asMap());
    }

    /**
     * The field of this object; empty where it is left out (as Go reads: also where it is {@code null}).
     *
     * @param name the name, in ASCII
     * @throws JsonException if this is no object
     */
    public Optional<JsonValue> get(String name) throws JsonException {
        Fields fields = fields();
        if (fields == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(document.dialect() == Dialect.GO ? fields.getAsGoDoes(name) : fields.get(name));
    }

    /**
     * The field of this object.
     *
     * @param name the name, in ASCII
     * @throws JsonException if it is left out, or this is no object
     */
    public JsonValue require(String name) throws JsonException {
        return get(name).orElseThrow(() -> error("lacks the field \"" + name + "\""));
    }

    /**
     * Refuses fields other than those named; for documents that are read strictly.
     *
     * @throws JsonException at the first field whose name is not known, with the nearest known name; or if this is no
     *     object
     */
    public void rejectUnknown(Set<String> known) throws JsonException {
        Fields fields = fields();
        for (int i = 0; fields != null && i < fields.size(); i++) {
            if (!known.contains(fields.name(i))) {
                int at = document.dialect() == Dialect.STRICT ? fields.offset(i) : offset;
                throw document.error(at, Suggestion.unknown("field", fields.name(i), known));
            }
        }
    }

    /** An error at this value's place. */
    public JsonException error(String problem) {
        return document.error(offset, problem);
    }

    /** The line on which this value begins, from 1. */
    public int line() {
        return document.line(offset);
    }

    /** The column in which this value begins, from 1, counted in characters. */
    public int column() {
        return document.column(offset);
    }

    /** The fields of this object; null where it is the empty value. */
    private @Nullable Fields fields() throws JsonException {
        if (content instanceof Fields fields) {
            return fields;
        }
        if (isEmptyValue()) {
            return null;
        }
        throw wrongType("an object");
    }

    /** Whether this is {@code null} where that is what Go leaves as it was. */
    private boolean isEmptyValue() {
        return content == null && document.dialect() == Dialect.GO;
    }

    private JsonException wrongType(String wanted) {
        return error("must be " + wanted + ", is " + kind());
    }

    private String kind() {
        if (content == null) {
            return "null";
        }
        if (content instanceof String) {
            return "a string";
        }
        if (content instanceof Boolean) {
            return "true or false";
        }
        if (content instanceof List) {
            return "an array";
        }
        return content instanceof Fields ? "an object" : "a number";
    }

    private static String shortened(String number) {
        return number.length() <= 40 ? number : number.substring(0, 40) + "…";
    }
}
