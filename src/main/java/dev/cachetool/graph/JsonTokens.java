package dev.cachetool.graph;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a JSON document; repeated names are for the reader to find. Written for graphs of a million vertices, where
 * a parser that makes a text of every name and string takes most of the time: texts stay bytes until somebody asks.
 */
final class JsonTokens extends Tokens {
    static final int DEEPEST = 500;
    static final int LONGEST_TEXT = 64 << 20;
    static final int LONGEST_NAME = 1 << 20;
    static final int LONGEST_NUMBER = 1000;

    private static final int BUFFER = 1 << 17;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EVERY = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** What may come next. */
    private enum State {
        /** A document's value, or its end. */
        TOP,
        /** The value of a name. */
        VALUE,
        /** The first item of an array, or its end. */
        FIRST_ITEM,
        /** The first name of an object, or its end. */
        FIRST_NAME,
        /** A comma, or the end of an array or object. */
        NEXT
    }

    private final InputStream in;
    private final String place;
    private final GraphSource.Opener again;

    /** From the last token on; {@code at} is what comes next. */
    private byte[] buffer = new byte[BUFFER];

    private int at;
    private int limit;

    /** How many bytes of the document went before the buffer. */
    private long before;

    private int tokenAt;

    /** The bytes of the last text, without quotes. */
    private int textFrom;

    private int textTo;
    private boolean plain;

    /** The last text where it is not plain. */
    private @Nullable String text;

    private State state = State.TOP;

    /** Whether what is open at a depth, from 1, is an object. */
    private final boolean[] objects = new boolean[DEEPEST + 1];

    private int depth;

    JsonTokens(InputStream in, String place, GraphSource.Opener again) {
        this.in = in;
        this.place = place;
        this.again = again;
    }

    @Override
    Kind next() throws IOException {
        tokenAt = at;
        int c = skipSpace(true);
        return switch (state) {
            case TOP -> c < 0 ? end() : value(c);
            case VALUE -> value(c);
            case FIRST_ITEM -> c == ']' ? close(c) : value(c);
            case FIRST_NAME -> c == '}' ? close(c) : name(c);
            case NEXT -> c == ',' ? afterComma() : close(c);
        };
    }

    private Kind end() {
        tokenAt = at;
        return Kind.END;
    }

    private Kind afterComma() throws IOException {
        at++;
        int first = skipSpace(true);
        return objects[depth] ? name(first) : value(first);
    }

    private Kind value(int first) throws IOException {
        tokenAt = at;
        return switch (first) {
            case '"' -> {
                string(LONGEST_TEXT);
                yield ended(Kind.STRING);
            }
            case '{' -> open(Kind.BEGIN_OBJECT);
            case '[' -> open(Kind.BEGIN_ARRAY);
            case 't' -> word(TRUE, Kind.TRUE);
            case 'f' -> word(FALSE, Kind.FALSE);
            case 'n' -> word(NULL, Kind.NULL);
            default -> {
                number();
                yield ended(Kind.NUMBER);
            }
        };
    }

    private Kind ended(Kind kind) {
        state = depth == 0 ? State.TOP : State.NEXT;
        return kind;
    }

    private Kind open(Kind kind) throws IOException {
        if (depth == DEEPEST) {
            throw malformed();
        }
        objects[++depth] = kind == Kind.BEGIN_OBJECT;
        at++;
        state = objects[depth] ? State.FIRST_NAME : State.FIRST_ITEM;
        return kind;
    }

    private Kind close(int c) throws IOException {
        if (c != (objects[depth] ? '}' : ']')) {
            throw malformed();
        }
        Kind kind = objects[depth] ? Kind.END_OBJECT : Kind.END_ARRAY;
        tokenAt = at++;
        depth--;
        return ended(kind);
    }

    private Kind name(int first) throws IOException {
        if (first != '"') {
            throw malformed();
        }
        tokenAt = at;
        string(LONGEST_NAME);
        if (skipSpace(false) != ':') {
            throw malformed();
        }
        at++;
        state = State.VALUE;
        return Kind.NAME;
    }

    /** Passes over white space; the byte that follows, which is not taken, or -1. */
    private int skipSpace(boolean forget) throws IOException {
        while (true) {
            while (at < limit) {
                byte b = buffer[at];
                if (b > ' ' || b < 0) {
                    return b & 0xff;
                }
                if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                    return b;
                }
                at++;
            }
            if (forget) {
                tokenAt = at;
            }
            if (!more()) {
                return -1;
            }
        }
    }

    /** Reads on, keeping what there is from the last token; whether there was more. */
    private boolean more() throws IOException {
        if (tokenAt > 0) {
            System.arraycopy(buffer, tokenAt, buffer, 0, limit - tokenAt);
            before += tokenAt;
            at -= tokenAt;
            limit -= tokenAt;
            textFrom -= tokenAt;
            textTo -= tokenAt;
            tokenAt = 0;
        } else if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.read(buffer, limit, buffer.length - limit);
        limit += Math.max(read, 0);
        return read > 0;
    }

    /** Takes a string, whose quote is next. */
    private void string(int longest) throws IOException {
        plain = true;
        int i = at + 1;
        while (true) {
            i = endOfPlain(i);
            if (i == limit) {
                int length = i - tokenAt;
                if (length > longest || !more()) {
                    throw malformed();
                }
                i = tokenAt + length;
                continue;
            }
            byte b = buffer[i];
            if (b == '"') {
                break;
            }
            if (b >= 0 && b < ' ') {
                throw malformed();
            }
            plain = false;
            i++;
            if (b == '\\') {
                if (i == limit) {
                    int length = i - tokenAt;
                    if (!more()) {
                        throw malformed();
                    }
                    i = tokenAt + length;
                }
                i++;
            }
        }
        textFrom = at + 1;
        textTo = i;
        at = i + 1;
        if (textTo - textFrom > longest) {
            throw malformed();
        }
        text = plain ? null : decoded();
    }

    /** Where the characters end, from there on, that stand for themselves in one byte; at most at the limit. */
    private int endOfPlain(int from) {
        int i = from;
        while (i + Long.BYTES <= limit) {
            long bytes = (long) LONG.get(buffer, i);
            long special = bytes
                    | zeros(bytes ^ '"' * EVERY)
                    | zeros(bytes ^ '\\' * EVERY)
                    | zeros(bytes ^ 0x7F * EVERY)
                    | (bytes - ' ' * EVERY & ~bytes);
            special &= HIGH;
            if (special != 0) {
                return i + (Long.numberOfTrailingZeros(special) >>> 3);
            }
            i += Long.BYTES;
        }
        while (i < limit) {
            byte b = buffer[i];
            if (b < ' ' || b == '"' || b == '\\' || b == 0x7F) {
                return i;
            }
            i++;
        }
        return i;
    }

    /** The highest bit of each byte that is zero; of those above the lowest such byte, maybe others too. */
    private static long zeros(long bytes) {
        return bytes - EVERY & ~bytes;
    }

    /** The last text, its escapes resolved. */
    private String decoded() throws IOException {
        StringBuilder out = new StringBuilder(textTo - textFrom);
        int i = textFrom;
        while (i < textTo) {
            int from = i;
            while (i < textTo && buffer[i] != '\\') {
                i++;
            }
            try {
                out.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, from, i - from)));
            } catch (CharacterCodingException e) {
                throw malformed();
            }
            if (i < textTo) {
                i = escape(i + 1, out);
            }
        }
        return out.toString();
    }

    /** Resolves the escape whose backslash stands before; gives back where it ends. */
    private int escape(int from, StringBuilder out) throws IOException {
        switch (buffer[from]) {
            case '"', '\\', '/' -> out.append((char) buffer[from]);
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'u' -> {
                int value = 0;
                for (int i = from + 1; i <= from + 4; i++) {
                    int digit = i < textTo ? Character.digit(buffer[i], 16) : -1;
                    if (digit < 0) {
                        throw malformed();
                    }
                    value = value << 4 | digit;
                }
                out.append((char) value);
                return from + 5;
            }
            default -> throw malformed();
        }
        return from + 1;
    }

    private Kind word(byte[] word, Kind kind) throws IOException {
        for (byte b : word) {
            if (peek() != b) {
                throw malformed();
            }
            at++;
        }
        endOfWord();
        return ended(kind);
    }

    /** The byte that is next, or -1. */
    private int peek() throws IOException {
        return at < limit || more() ? buffer[at] & 0xff : -1;
    }

    /** Refuses what cannot follow a word or a number. */
    private void endOfWord() throws IOException {
        int c = peek();
        if (c > ' ' && c != ',' && c != ']' && c != '}') {
            throw malformed();
        }
    }

    private void number() throws IOException {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (peek() == '.') {
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
        endOfWord();
        if (at - tokenAt > LONGEST_NUMBER) {
            throw malformed();
        }
        textFrom = tokenAt;
        textTo = at;
        plain = true;
        text = null;
    }

    private void digits() throws IOException {
        int first = at - tokenAt;
        for (int c = peek(); c >= '0' && c <= '9'; c = peek()) {
            at++;
        }
        if (at - tokenAt == first) {
            throw malformed();
        }
    }

    @Override
    String text() {
        String known = text;
        if (known == null) {
            known = new String(buffer, textFrom, textTo - textFrom, StandardCharsets.ISO_8859_1);
            text = known;
        }
        return known;
    }

    @Override
    byte @Nullable [] plain() {
        return plain ? buffer : null;
    }

    @Override
    int plainFrom() {
        return textFrom;
    }

    @Override
    int plainTo() {
        return textTo;
    }

    private GraphException malformed() throws IOException {
        return JsonFault.of(place, again);
    }

    @Override
    GraphException error(String problem, String nextStep) {
        return CharacterPlace.error(place, again, before + tokenAt, problem, nextStep);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
