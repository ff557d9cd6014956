package dev.cachetool.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON in the order in which it is given, UTF-8, with the escapes of Go's {@code encoding/json} ({@code <},
 * {@code >}, {@code &}, U+2028 and U+2029 as {@code \}{@code u} escapes), so that the same values give the same bytes as
 * BuildKit's writer. Not for several threads. Closing it ends the document and flushes, but leaves the stream open.
 */
public final class JsonWriter implements AutoCloseable {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .configure(StreamWriteFeature.AUTO_CLOSE_TARGET, false)
            .configure(StreamWriteFeature.AUTO_CLOSE_CONTENT, false)
            .build();

    private final JsonGenerator generator;

    private JsonWriter(JsonGenerator generator) {
        this.generator = generator;
        generator.setCharacterEscapes(new GoEscapes());
    }

    /** Writes without white space: the form that is hashed and sent. */
    public static JsonWriter compact(OutputStream out) throws IOException {
        return new JsonWriter(FACTORY.createGenerator(out));
    }

    /** Writes with line breaks and two spaces a level: the form that people read. */
    public static JsonWriter pretty(OutputStream out) throws IOException {
        JsonGenerator generator = FACTORY.createGenerator(out);
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        generator.setPrettyPrinter(new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter));
        return new JsonWriter(generator);
    }

    /** The compact bytes of what the body writes. */
    public static byte[] bytes(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonWriter writer = compact(out)) {
            body.write(writer);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to write", e);
        }
        return out.toByteArray();
    }

    /** Something that writes itself. */
    @FunctionalInterface
    public interface Body {
        void write(JsonWriter writer) throws IOException;
    }

    public JsonWriter beginObject() throws IOException {
        generator.writeStartObject();
        return this;
    }

    public JsonWriter endObject() throws IOException {
        generator.writeEndObject();
        return this;
    }

    public JsonWriter beginArray() throws IOException {
        generator.writeStartArray();
        return this;
    }

    public JsonWriter endArray() throws IOException {
        generator.writeEndArray();
        return this;
    }

    public JsonWriter name(String name) throws IOException {
        generator.writeFieldName(name);
        return this;
    }

    /** Writes the text, or {@code null}. */
    public JsonWriter value(@Nullable String text) throws IOException {
        generator.writeString(text);
        return this;
    }

    public JsonWriter value(long number) throws IOException {
        generator.writeNumber(number);
        return this;
    }

    /** Writes a number with a fraction. */
    public JsonWriter value(double number) throws IOException {
        generator.writeNumber(number);
        return this;
    }

    public JsonWriter value(boolean value) throws IOException {
        generator.writeBoolean(value);
        return this;
    }

    /** Writes {@code null}. */
    public JsonWriter nullValue() throws IOException {
        generator.writeNull();
        return this;
    }

    /** Writes a name and its text. */
    public JsonWriter field(String name, String text) throws IOException {
        return name(name).value(text);
    }

    /** Writes a name and its number. */
    public JsonWriter field(String name, long number) throws IOException {
        return name(name).value(number);
    }

    @Override
    public void close() throws IOException {
        generator.close();
    }

    private static final class GoEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private static final int[] ASCII = standardAsciiEscapesForJSON();

        static {
            for (int c = 0; c < 0x20; c++) {
                if (ASCII[c] < 0) {
                    ASCII[c] = ESCAPE_CUSTOM;
                }
            }
            ASCII['<'] = ESCAPE_CUSTOM;
            ASCII['>'] = ESCAPE_CUSTOM;
            ASCII['&'] = ESCAPE_CUSTOM;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ASCII.clone();
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            boolean escaped = c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029;
            return escaped ? new SerializedString(String.format("\\u%04x", c)) : null;
        }
    }
}
