package dev.cachetool.pattern;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the regular expressions that {@link GlobTranslation} makes, by the syntax of Go's {@code regexp} package. Only
 * part of that syntax can turn up: there are no groups, stars or question marks but those that the translation itself
 * writes, and these come whole.
 */
final class ExpressionReader {
    private static final String ANY_NAMES = "(.*/)?";

    private static final Map<String, String> NAMED_CLASSES = Map.ofEntries(
            Map.entry("alnum", "09AZaz"),
            Map.entry("alpha", "AZaz"),
            Map.entry("ascii", "\0\177"),
            Map.entry("blank", "\t\t  "),
            Map.entry("cntrl", "\0\37\177\177"),
            Map.entry("digit", "09"),
            Map.entry("graph", "!~"),
            Map.entry("lower", "az"),
            Map.entry("print", " ~"),
            Map.entry("punct", "!/:@[`{~"),
            Map.entry("space", "\t\r  "),
            Map.entry("upper", "AZ"),
            Map.entry("word", "09AZ__az"),
            Map.entry("xdigit", "09AFaf"));

    private static final Map<Character, String> LETTER_CLASSES = Map.of('d', "09", 's', "\t\n\f\r  ", 'w', "09AZ__az");

    private static final int NO_NUMBER = -2;

    /** How often something is to be there. */
    private record Repetition(int least, int most) {
        static final int NO_LIMIT = -1;
        static final int MOST = 1000;
    }

    /** What was read just before, as far as a repetition has to know. */
    private enum Before {
        NOTHING,
        ELEMENT,
        REPETITION
    }

    private final String text;
    private final GlobPattern.Builder glob = new GlobPattern.Builder();
    private final Map<String, CodePointSet.Builder> unicodeClasses = new HashMap<>();
    private int at;
    private Before before = Before.NOTHING;

    ExpressionReader(String text) {
        this.text = text;
    }

    GlobPattern read() throws MalformedPatternException {
        at = 1; // the ^ that every translation starts with
        before = Before.ELEMENT;
        Repetition ofStart = readRepetition();
        if (ofStart != null && ofStart.least == 0) {
            glob.many(CodePointSet.ANY);
        }
        boolean anchored = false;
        while (at < text.length()) {
            switch (text.charAt(at)) {
                case '$' -> {
                    anchored = true;
                    at++;
                }
                case '|' -> {
                    // The ^ and the $ of the translation belong to the first and the last alternative only.
                    glob.many(CodePointSet.ANY);
                    glob.end();
                    glob.many(CodePointSet.ANY);
                    before = Before.NOTHING;
                    at++;
                }
                case '{' -> {
                    Repetition repetition = readRepetition();
                    if (repetition == null) {
                        readElement();
                    } else {
                        glob.repeat(repetition.least, repetition.most);
                    }
                }
                default -> readElement();
            }
        }
        if (!anchored) {
            // A backslash can rob the expression of the $ at its end.
            glob.many(CodePointSet.ANY);
        }
        glob.end();
        return glob.build();
    }

    private void readElement() throws MalformedPatternException {
        before = Before.ELEMENT;
        switch (text.charAt(at)) {
            case '(' -> {
                glob.anyNames();
                at += ANY_NAMES.length();
                before = Before.REPETITION;
            }
            case '.' -> {
                glob.many(CodePointSet.NO_LINE_FEED);
                at += ".*".length();
                before = Before.REPETITION;
            }
            case '[' -> {
                CodePointSet set = readClass();
                if (startsWith("*")) {
                    glob.many(set);
                    at++;
                    before = Before.REPETITION;
                } else {
                    glob.one(set);
                }
            }
            case '^' -> {
                glob.atStart();
                at++;
            }
            case '\\' -> readEscape();
            default -> glob.one(CodePointSet.of(next()));
        }
    }

    private void readEscape() throws MalformedPatternException {
        int from = at;
        at += 2;
        switch (text.charAt(from + 1)) {
            case 'A' -> glob.atStart();
            case 'z' -> glob.atEnd();
            case 'b' -> glob.atWord();
            case 'B' -> glob.offWord();
            case 'Q' -> readQuotation();
            default -> {
                at = from;
                CodePointSet.@Nullable Builder set = readEscapedClass();
                glob.one(set == null ? CodePointSet.of(readEscapedCharacter()) : set.build());
            }
        }
    }

    /** {@code {2}}, {@code {2,}} or {@code {2,3}}, if one of these is here; a brace is a character otherwise. */
    private @Nullable Repetition readRepetition() throws MalformedPatternException {
        int from = at;
        if (!startsWith("{")) {
            return null;
        }
        at++;
        int least = readNumber();
        int most = least;
        if (startsWith(",")) {
            at++;
            most = startsWith("}") ? Repetition.NO_LIMIT : readNumber();
        }
        if (least == NO_NUMBER || most == NO_NUMBER || !startsWith("}")) {
            at = from;
            return null;
        }
        at++;
        String written = text.substring(from, at);
        if (least > Repetition.MOST || most > Repetition.MOST || (most != Repetition.NO_LIMIT && least > most)) {
            throw new MalformedPatternException(written + " is no repetition that makes sense");
        }
        if (before != Before.ELEMENT) {
            throw new MalformedPatternException(
                    written + " repeats nothing, or a wildcard or what is repeated already");
        }
        before = Before.REPETITION;
        return new Repetition(least, most);
    }

    /** A number, not very exact if it is too great; or {@code NO_NUMBER}. */
    private int readNumber() {
        int from = at;
        int value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = Math.min(value * 10 + (text.charAt(at) - '0'), Repetition.MOST + 1);
            at++;
        }
        boolean leadingZero = at - from > 1 && text.charAt(from) == '0';
        return at == from || leadingZero ? NO_NUMBER : value;
    }

    /** Everything after {@code \Q} is taken by its word, up to {@code \E} or the end. */
    private void readQuotation() throws MalformedPatternException {
        int end = text.indexOf("\\E", at);
        int to = end < 0 ? text.length() : end;
        if (at == to) {
            before = Before.NOTHING;
        }
        while (at < to) {
            glob.one(CodePointSet.of(next()));
        }
        if (end >= 0) {
            at += 2;
        }
    }

    private CodePointSet readClass() throws MalformedPatternException {
        at++;
        boolean negated = startsWith("^");
        if (negated) {
            at++;
        }
        CodePointSet.Builder set = new CodePointSet.Builder();
        boolean first = true;
        while (first || !startsWith("]")) {
            first = false;
            readMembers(set);
        }
        at++;
        return negated ? set.negate().build() : set.build();
    }

    private void readMembers(CodePointSet.Builder set) throws MalformedPatternException {
        CodePointSet.@Nullable Builder part = readNamedClass();
        if (part == null) {
            part = readEscapedClass();
        }
        if (part != null) {
            set.addAll(part);
            return;
        }
        int from = at;
        int first = readMember();
        int last = first;
        if (startsWith("-") && at + 1 < text.length() && text.charAt(at + 1) != ']') {
            at++;
            last = readMember();
        }
        if (last < first) {
            throw new MalformedPatternException(
                    "the range " + text.substring(from, at) + " in a character class runs backwards");
        }
        set.add(first, last);
    }

    private int readMember() throws MalformedPatternException {
        if (at == text.length()) {
            throw new MalformedPatternException(MalformedPatternException.OPEN_CLASS);
        }
        return startsWith("\\") ? readEscapedCharacter() : next();
    }

    /** {@code [:alpha:]}, also {@code [:^alpha:]}, if one begins here. */
    private CodePointSet.@Nullable Builder readNamedClass() throws MalformedPatternException {
        int end = startsWith("[:") ? text.indexOf(":]", at + 2) : -1;
        if (end < 0) {
            return null;
        }
        String name = text.substring(at + 2, end);
        boolean negated = name.startsWith("^");
        String bounds = NAMED_CLASSES.get(negated ? name.substring(1) : name);
        if (bounds == null) {
            throw new MalformedPatternException("there is no character class [:" + name + ":]");
        }
        at = end + 2;
        return ranges(bounds, negated);
    }

    /** {@code \d} and its like, or {@code \pL} and its like, if one begins here. */
    private CodePointSet.@Nullable Builder readEscapedClass() throws MalformedPatternException {
        if (!startsWith("\\") || at + 1 == text.length()) {
            return null;
        }
        char letter = text.charAt(at + 1);
        if (letter == 'p' || letter == 'P') {
            return readUnicodeClass();
        }
        String bounds = LETTER_CLASSES.get(Character.toLowerCase(letter));
        if (bounds == null) {
            return null;
        }
        at += 2;
        return ranges(bounds, Character.isUpperCase(letter));
    }

    /** {@code \pL}, {@code \p{Lu}}, {@code \p{^Greek}}. */
    private CodePointSet.Builder readUnicodeClass() throws MalformedPatternException {
        int from = at;
        at += 2;
        String name;
        if (startsWith("{")) {
            int end = text.indexOf('}', at);
            if (end < 0) {
                throw new MalformedPatternException("\\p{ lacks its closing }");
            }
            name = text.substring(at + 1, end);
            at = end + 1;
        } else {
            name = at < text.length() ? Character.toString(next()) : "";
        }
        boolean negated = text.charAt(from + 1) == 'P';
        if (name.startsWith("^")) {
            negated = !negated;
            name = name.substring(1);
        }
        CodePointSet.Builder known = unicodeClasses.get(name);
        if (known == null) {
            IntPredicate members = UnicodeClasses.named(name).orElse(null);
            if (members == null) {
                throw new MalformedPatternException(
                        text.substring(from, at) + " is no class of characters; \\pL, for one, would be letters");
            }
            known = new CodePointSet.Builder().addAll(members);
            unicodeClasses.put(name, known);
        }
        CodePointSet.Builder set = new CodePointSet.Builder().addAll(known);
        return negated ? set.negate() : set;
    }

    /** The one character that a backslash and what follows it stand for. */
    private int readEscapedCharacter() throws MalformedPatternException {
        at++;
        if (at == text.length()) {
            throw new MalformedPatternException("nothing follows the last \\");
        }
        int c = next();
        return switch (c) {
            case 'a' -> 7;
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            case 'x' -> readHexadecimal();
            default -> {
                if (c == '0' || (c > '0' && c <= '7' && octalDigitFollows())) {
                    yield readOctal(c - '0');
                }
                if (c < 128 && !Character.isLetterOrDigit(c)) {
                    yield c;
                }
                throw new MalformedPatternException("\\" + Character.toString(c) + " means nothing");
            }
        };
    }

    private int readOctal(int firstDigit) {
        int value = firstDigit;
        for (int digits = 1; digits < 3 && octalDigitFollows(); digits++) {
            value = value * 8 + (next() - '0');
        }
        return value;
    }

    private boolean octalDigitFollows() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '7';
    }

    /** After {@code \x}: two digits, or any number of them in braces. */
    private int readHexadecimal() throws MalformedPatternException {
        boolean braces = startsWith("{");
        int from = braces ? at + 1 : at;
        int to = braces ? text.indexOf('}', from) : Math.min(from + 2, text.length());
        if (to - from < (braces ? 1 : 2)) {
            throw noHexadecimal();
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            value = value * 16 + digit;
            if (digit < 0 || value > Character.MAX_CODE_POINT) {
                throw noHexadecimal();
            }
        }
        at = braces ? to + 1 : to;
        return value;
    }

    private static MalformedPatternException noHexadecimal() {
        return new MalformedPatternException("no character's number in hexadecimal digits follows \\x, as in \\x2a");
    }

    private static CodePointSet.Builder ranges(String bounds, boolean negated) {
        CodePointSet.Builder set = new CodePointSet.Builder();
        for (int i = 0; i < bounds.length(); i += 2) {
            set.add(bounds.charAt(i), bounds.charAt(i + 1));
        }
        return negated ? set.negate() : set;
    }

    private boolean startsWith(String prefix) {
        return text.startsWith(prefix, at);
    }

    private int next() {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }
}
