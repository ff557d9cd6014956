package dev.cachetool.graph;

import dev.cachetool.digest.Digest;
import dev.cachetool.digest.FieldWriter;
import dev.cachetool.digest.InvalidDigestException;
import dev.cachetool.graph.Tokens.Kind;
import dev.cachetool.json.Suggestion;
import dev.cachetool.pattern.InvalidPatternException;
import dev.cachetool.pattern.PatternMatcher;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of the types that are expected. Every method that reads a value finds its first token read, and leaves its
 * last one read.
 */
final class Cursor implements Closeable {
    private static final byte[] SHA256 = {'s', 'h', 'a', '2', '5', '6', ':'};

    /** What a hexadecimal digit in small letters is worth; -1 for what is none. */
    private static final byte[] NIBBLES = nibbles();

    private final GraphSource source;
    private final Tokens tokens;
    private Kind kind = Kind.NULL;
    private final FieldWriter items = new FieldWriter();
    private final byte[] octets = new byte[32];
    private long read;

    /** The field whose value is read, for messages. */
    private String field = "the document";

    /** The name in the field's object whose value is read; null where the field itself, or an item of it, is. */
    private @Nullable String entry;

    /** Whether an item of the field's array is read. */
    private boolean isItem;

    Cursor(GraphSource source) throws IOException {
        this.source = source;
        this.tokens = source.open();
    }

    @Override
    public void close() throws IOException {
        tokens.close();
    }

    Kind kind() {
        return kind;
    }

    Kind advance() throws IOException {
        read++;
        kind = tokens.next();
        return kind;
    }

    /** An error at the last token. */
    GraphException error(String problem, String nextStep) {
        return tokens.error(problem, nextStep);
    }

    /** An error at the last token, about the value that was expected there. */
    GraphException valueError(String problem, String nextStep) {
        return error(field + " " + problem, nextStep);
    }

    private GraphException wrongType(String wanted) throws IOException {
        String is = kind.words();
        String step = "";
        if (wanted.equals("a string") && (kind == Kind.NUMBER || kind == Kind.TRUE || kind == Kind.FALSE)) {
            step = "write it in quotes: \"" + (kind == Kind.NUMBER ? tokens.text() : kind.words()) + "\"";
        }
        String name = entry;
        String subject = name != null ? Quoted.of(name) + " in " + field : isItem ? "an item of " + field : field;
        return error(subject + " must be " + wanted + ", is " + is, step);
    }

    /** Reads the beginning of an object whose fields are known. */
    Fields object(FieldSet set) throws IOException {
        if (kind != Kind.BEGIN_OBJECT) {
            throw wrongType("an object");
        }
        return new Fields(set);
    }

    /** The fields of an object, one after the other, each once. */
    final class Fields {
        private final FieldSet set;
        private final long begin = read;
        private long seen;
        private int last = -1;

        private Fields(FieldSet set) {
            this.set = set;
        }

        /** The name of the next field, whose value's first token is then read; null at the end of the object. */
        @Nullable
        String next() throws IOException {
            if (advance() != Kind.NAME) {
                return null;
            }
            byte[] plain = tokens.plain();
            int index = plain == null
                    ? set.indexOf(tokens.text())
                    : set.indexOf(plain, tokens.plainFrom(), tokens.plainTo(), last + 1);
            if (index < 0) {
                throw unknown("field", tokens.text(), "in " + set.object(), set.names());
            }
            String known = set.names().get(index);
            if ((seen & 1L << index) != 0) {
                throw error("the field \"" + known + "\" stands twice in " + set.object(), "leave one of them out");
            }
            seen |= 1L << index;
            last = index;
            field = known;
            entry = null;
            isItem = false;
            advance();
            return known;
        }

        boolean has(String name) {
            return has(set.indexOf(name));
        }

        /** Whether the field of that number in the set was there. */
        boolean has(int number) {
            return (seen & 1L << number) != 0;
        }

        /** Refuses the object, at its beginning, if a field is missing; to be asked after the last one. */
        void require(String... names) throws GraphException {
            for (String name : names) {
                if (!has(name)) {
                    throw Locator.atToken(source, begin, set.object() + " lacks the field \"" + name + "\"", "");
                }
            }
        }

        /** An error at the beginning of the object. */
        GraphException errorHere(String problem, String nextStep) {
            return Locator.atToken(source, begin, problem, nextStep);
        }
    }

    /** An error about a word that is none of those that are known, at the last token. */
    GraphException unknown(String what, String word, String where, Iterable<String> known) {
        Set<String> words = new HashSet<>();
        known.forEach(words::add);
        String said = Suggestion.unknown(what, word, words);
        int cut = said.indexOf("\n  ");
        String step = cut < 0 ? "" : said.substring(cut + 3);
        return error("unknown " + what + " " + Quoted.of(word) + (where.isEmpty() ? "" : " " + where), step);
    }

    /** Reads the beginning of an array; its items follow until {@link #advance} gives its end. */
    void beginArray() throws IOException {
        if (kind != Kind.BEGIN_ARRAY) {
            throw wrongType("an array");
        }
    }

    /** Goes on to the next item of the array of a field; whether there is one. */
    boolean nextItem(String ofField) throws IOException {
        field = ofField;
        entry = null;
        isItem = true;
        return advance() != Kind.END_ARRAY;
    }

    String string() throws IOException {
        if (kind != Kind.STRING) {
            throw wrongType("a string");
        }
        String text = tokens.text();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw valueError("has half a surrogate pair, which is no character", "");
                }
                i++;
            }
        }
        return text;
    }

    String nonEmptyString() throws IOException {
        String text = string();
        if (text.isEmpty()) {
            throw valueError("is empty", "");
        }
        return text;
    }

    /** Writes the text of a string as {@link FieldWriter#text} does, if it is plain and not empty; whether it is. */
    private boolean writePlain(FieldWriter to) {
        byte[] plain = kind == Kind.STRING ? tokens.plain() : null;
        int length = tokens.plainTo() - tokens.plainFrom();
        if (plain == null || length == 0) {
            return false;
        }
        to.number(length).raw(plain, tokens.plainFrom(), length);
        return true;
    }

    /** Reads the name of a vertex and writes it as {@link FieldWriter#text} does. */
    void vertexName(FieldWriter to) throws IOException {
        if (writePlain(to)) {
            return;
        }
        String name = nonEmptyString();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                throw error("the vertex name " + Quoted.of(name) + " has a control character", "give it another name");
            }
        }
        to.text(name);
    }

    /** Reads what names a vertex, which there need not be, and writes it as {@link FieldWriter#text} does. */
    void vertexReference(FieldWriter to) throws IOException {
        if (!writePlain(to)) {
            to.text(nonEmptyString());
        }
    }

    /** A string that a process can be given: without zero characters. */
    String processString() throws IOException {
        String text = string();
        if (text.indexOf('\0') >= 0) {
            throw valueError("has a zero character, which no process can be given", "");
        }
        return text;
    }

    boolean bool() throws IOException {
        return switch (kind) {
            case TRUE -> true;
            case FALSE -> false;
            default -> throw wrongType("true or false");
        };
    }

    /** A whole number that is not negative. */
    long number() throws IOException {
        if (kind != Kind.NUMBER) {
            throw wrongType("a whole number");
        }
        String text = tokens.text();
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '-' && i == 0 && text.length() > 1 && text.indexOf('.') < 0) {
                throw valueError("must not be negative, is " + text, "");
            }
            if (c < '0' || c > '9') {
                throw valueError("must be a whole number, is " + text, "");
            }
            if (value > (Long.MAX_VALUE - 9) / 10) {
                throw valueError("is too large: " + text, "");
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    /** A whole number from 0 to 1,000,000. */
    int index() throws IOException {
        long value = number();
        if (value > 1_000_000) {
            throw valueError("is too large: " + value, "");
        }
        return (int) value;
    }

    /** Reads a digest and writes it as {@link FieldWriter#digest} does. */
    void digest(FieldWriter to, boolean randomToo) throws IOException {
        byte[] plain = kind == Kind.STRING ? tokens.plain() : null;
        if (plain != null && sha256(plain, tokens.plainFrom(), tokens.plainTo(), to)) {
            return;
        }
        String text = string();
        try {
            to.digest(randomToo ? Digest.parseCacheDigest(text) : Digest.parse(text));
        } catch (InvalidDigestException e) {
            throw valueError(
                    "is no digest: " + e.problem(),
                    "a digest is written sha256: and 64 hexadecimal digits in small letters");
        }
    }

    private boolean sha256(byte[] text, int from, int to, FieldWriter out) {
        int hex = from + SHA256.length;
        if (to - hex != 64 || !Arrays.equals(text, from, hex, SHA256, 0, SHA256.length)) {
            return false;
        }
        for (int i = 0, at = hex; i < octets.length; i++, at += 2) {
            int octet = nibble(text[at]) << 4 | nibble(text[at + 1]);
            if (octet < 0) {
                return false;
            }
            octets[i] = (byte) octet;
        }
        out.octet(1).raw(octets);
        return true;
    }

    private static int nibble(byte ascii) {
        return ascii < NIBBLES.length ? NIBBLES[ascii] : -1;
    }

    private static byte[] nibbles() {
        byte[] nibbles = new byte['f' + 1];
        Arrays.fill(nibbles, (byte) -1);
        for (int i = 0; i < 16; i++) {
            nibbles[Character.forDigit(i, 16)] = (byte) i;
        }
        return nibbles;
    }

    /** A path within the workspace, cleaned. */
    String path() throws IOException {
        String text = string();
        var problem = WorkspacePath.problemOf(text);
        if (problem.isPresent()) {
            throw pathError(text, problem.get());
        }
        return WorkspacePath.clean(text);
    }

    /** A pattern within the workspace, as it is written. */
    String pattern() throws IOException {
        String text = string();
        var problem = WorkspacePath.problemOfPattern(text);
        if (problem.isPresent()) {
            throw pathError(text, problem.get());
        }
        if (PathPattern.literalOf(text).isEmpty()) {
            try {
                PatternMatcher.of(List.of(text));
            } catch (InvalidPatternException e) {
                throw valueError(
                        Quoted.of(text) + " is no pattern: " + e.reason(),
                        "write \\ before a character that stands for itself, as in \\[");
            }
        }
        return text;
    }

    private GraphException pathError(String text, String problem) {
        return text.isEmpty()
                ? valueError(problem, "")
                : valueError(Quoted.of(text) + " " + problem, "paths are relative to the workspace and stay in it");
    }

    /** Reads an array of texts. */
    void texts(FieldWriter to, String ofField, TextReader reader) throws IOException {
        beginArray();
        items.clear();
        int count = 0;
        while (nextItem(ofField)) {
            items.text(reader.read());
            count++;
        }
        to.number(count).raw(items);
    }

    /** Reads one text. */
    @FunctionalInterface
    interface TextReader {
        String read() throws IOException;
    }

    /** Reads an object of any names, each once, whose values are strings. */
    Map<String, String> map(String ofField) throws IOException {
        if (kind != Kind.BEGIN_OBJECT) {
            throw wrongType("an object");
        }
        Map<String, String> map = new TreeMap<>();
        while (advance() == Kind.NAME) {
            String name = name(ofField);
            if (map.containsKey(name)) {
                throw error(Quoted.of(name) + " stands twice in " + ofField, "leave one of them out");
            }
            advance();
            field = ofField;
            entry = name;
            map.put(name, string());
        }
        entry = null;
        return map;
    }

    /** The last token, a name of an object of any names. */
    String name(String ofField) throws IOException {
        String name = tokens.text();
        if (name.isEmpty()) {
            throw error("a name in " + ofField + " is empty", "");
        }
        if (name.codePoints().anyMatch(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF))) {
            throw error("a name in " + ofField + " has a character that is none", "");
        }
        return name;
    }

    /** One of some words: its number among them. */
    int word(String... words) throws IOException {
        String text = string();
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals(text)) {
                return i;
            }
        }
        throw unknown("value", text, "of " + field, List.of(words));
    }
}
