package dev.cachetool.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON in the order in which it is given, UTF-8, byte for byte as Go's {@code encoding/json} writes the same values,
 * and so as BuildKit does: {@code <}, {@code >}, {@code &}, U+2028 and U+2029 as {@code \}{@code u} escapes, halves of
 * surrogate pairs as {@code \}{@code ufffd}, everything else above ASCII as it is. (Jackson's generator escapes what is
 * outside the basic plane, and so cannot.)
 *
 * <p>Not for several threads. Closing it flushes, but leaves the stream open; a document that was not finished stays so.
 * Every method but {@link #close} throws an {@link IllegalStateException} where what it writes may not stand: a value without
 * a name in an object, a name elsewhere, an end that fits no beginning, a second document.
 */
public final class JsonWriter implements AutoCloseable {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER = 8192;
    /** The most bytes that one character takes. */
    private static final int LONGEST = 6;

    /** Whether the ASCII character stands in a string as it is. */
    private static final boolean[] PLAIN = new boolean[0x80];

    static {
        Arrays.fill(PLAIN, 0x20, 0x80, true);
        for (char c : new char[] {'"', '\\', '<', '>', '&'}) {
            PLAIN[c] = false;
        }
    }

    private final OutputStream out;
    private final boolean indented;
    private final byte[] buffer = new byte[BUFFER];
    private int buffered;

    /** For each open container, whether it is an object. */
    private final BitSet objects = new BitSet();

    private int depth;
    /** Whether the innermost container, or the document, has something in it already. */
    private boolean started;
    /** Whether a name was written whose value is still to come. */
    private boolean named;

    private JsonWriter(OutputStream out, boolean indented) {
        this.out = out;
        this.indented = indented;
    }

    /** Writes without white space: the form that is hashed and sent. */
    public static JsonWriter compact(OutputStream out) {
        return new JsonWriter(out, false);
    }

    /** Writes with line breaks and two spaces a level: the form that people read. No line break at the end. */
    public static JsonWriter pretty(OutputStream out) {
        return new JsonWriter(out, true);
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
        /** Writes itself, whole; leaves the writer open. */
        void write(JsonWriter writer) throws IOException;
    }

    /** Begins an object. */
    public JsonWriter beginObject() throws IOException {
        begin('{', true);
        return this;
    }

    /** Ends the object that was begun last. */
    public JsonWriter endObject() throws IOException {
        end('}', true);
        return this;
    }

    /** Begins an array. */
    public JsonWriter beginArray() throws IOException {
        begin('[', false);
        return this;
    }

    /** Ends the array that was begun last. */
    public JsonWriter endArray() throws IOException {
        end(']', false);
        return this;
    }

    /** Writes the name of a field; its value is to follow. Whether the name stood before is not checked. */
    public JsonWriter name(String name) throws IOException {
        if (depth == 0 || !objects.get(depth - 1) || named) {
            throw new IllegalStateException("no name can stand here: " + name);
        }
        separate();
        string(name);
        put(':');
        if (indented) {
            put(' ');
        }
        named = true;
        return this;
    }

    /** Writes the text, or {@code null}. */
    public JsonWriter value(@Nullable String text) throws IOException {
        if (text == null) {
            return nullValue();
        }
        beforeValue();
        string(text);
        return this;
    }

    /** Writes a whole number. */
    public JsonWriter value(long number) throws IOException {
        return literal(Long.toString(number));
    }

    /**
     * Writes a number with the fewest digits that tell it from its neighbours; without a fraction if it has none, with an
     * exponent below 1e-6 and from 1e21 on.
     *
     * @throws IllegalArgumentException if it is infinite or no number
     */
    public JsonWriter value(double number) throws IOException {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("JSON has no " + number);
        }
        return literal(asGoWrites(number));
    }

    /** Writes {@code true} or {@code false}. */
    public JsonWriter value(boolean value) throws IOException {
        return literal(value ? "true" : "false");
    }

    /** Writes {@code null}. */
    public JsonWriter nullValue() throws IOException {
        return literal("null");
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
        drain();
        out.flush();
    }

    private void begin(char bracket, boolean object) throws IOException {
        beforeValue();
        put(bracket);
        objects.set(depth, object);
        depth++;
        started = false;
    }

    private void end(char bracket, boolean object) throws IOException {
        if (depth == 0 || objects.get(depth - 1) != object || named) {
            throw new IllegalStateException("no " + bracket + " can stand here");
        }
        depth--;
        if (started) {
            newLine();
        }
        put(bracket);
        started = true;
    }

    private JsonWriter literal(String ascii) throws IOException {
        beforeValue();
        for (int i = 0; i < ascii.length(); i++) {
            put(ascii.charAt(i));
        }
        return this;
    }

    private void beforeValue() throws IOException {
        if (named) {
            named = false;
            return;
        }
        if (depth == 0 ? started : objects.get(depth - 1)) {
            throw new IllegalStateException(
                    depth == 0 ? "the document has ended" : "a value in an object needs a name");
        }
        separate();
    }

    private void separate() throws IOException {
        if (started) {
            put(',');
        }
        if (depth > 0) {
            newLine();
        }
        started = true;
    }

    private void newLine() throws IOException {
        if (indented) {
            put('\n');
            for (int i = 0; i < depth; i++) {
                put(' ');
                put(' ');
            }
        }
    }

    private void put(char ascii) throws IOException {
        if (buffered == BUFFER) {
            drain();
        }
        buffer[buffered++] = (byte) ascii;
    }

    private void drain() throws IOException {
        out.write(buffer, 0, buffered);
        buffered = 0;
    }

    private void string(String text) throws IOException {
        put('"');
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (buffered > BUFFER - LONGEST) {
                drain();
            }
            char c = text.charAt(i);
            if (c < 0x80) {
                if (PLAIN[c]) {
                    buffer[buffered++] = (byte) c;
                } else {
                    escapeAscii(c);
                }
            } else if (c < 0x800) {
                buffer[buffered++] = (byte) (0xc0 | (c >> 6));
                buffer[buffered++] = continuation(c);
            } else if (!Character.isSurrogate(c)) {
                if (c == '\u2028' || c == '\u2029') {
                    escape(c);
                } else {
                    buffer[buffered++] = (byte) (0xe0 | (c >> 12));
                    buffer[buffered++] = continuation(c >> 6);
                    buffer[buffered++] = continuation(c);
                }
            } else if (Utf8.isPairAt(text, i)) {
                int codePoint = Character.toCodePoint(c, text.charAt(++i));
                buffer[buffered++] = (byte) (0xf0 | (codePoint >> 18));
                buffer[buffered++] = continuation(codePoint >> 12);
                buffer[buffered++] = continuation(codePoint >> 6);
                buffer[buffered++] = continuation(codePoint);
            } else {
                escape('\uFFFD');
            }
        }
        put('"');
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }

    private void escapeAscii(char c) {
        char letter = switch (c) {
            case '"', '\\' -> c;
            case '\b' -> 'b';
            case '\f' -> 'f';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
        };
        if (letter == 0) {
            escape(c);
        } else {
            buffer[buffered++] = '\\';
            buffer[buffered++] = (byte) letter;
        }
    }

    private void escape(char c) {
        buffer[buffered++] = '\\';
        buffer[buffered++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            buffer[buffered++] = HEX[(c >> shift) & 0xf];
        }
    }

    private static String asGoWrites(double number) {
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        // Double.toString has not always the fewest digits before JDK 19, and wherever Java writes it, two at least.
        BigDecimal shortest = new BigDecimal(NumberOutput.toString(number, true)).stripTrailingZeros();
        BigDecimal oneDigit = shortest.round(new MathContext(1));
        if (oneDigit.doubleValue() == number) {
            shortest = oneDigit;
        }
        double size = Math.abs(number);
        if (size >= 1e-6 && size < 1e21) {
            return shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        return (number < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e"
                + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
    }
}
