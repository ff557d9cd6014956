package dev.cachetool.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in our words what Jackson found wrong: without names of its features, codes of characters, and places. */
final class JsonProblem {
    private static final String INVALID = "no valid JSON: ";

    private static final Pattern CHARACTER =
            Pattern.compile("Unexpected character \\((.+) \\(code \\d+[^)]*\\)\\):? ?(.*)", Pattern.DOTALL);
    private static final Pattern WORD =
            Pattern.compile("(?:Unrecognized|Non-standard) token '(.*?)'.*", Pattern.DOTALL);
    private static final Pattern CLOSED =
            Pattern.compile("Unexpected close marker '(.)'(?:: expected '(.)')?.*", Pattern.DOTALL);
    private static final Pattern ESCAPE =
            Pattern.compile("Unrecognized character escape (.+) \\(code \\d+.*", Pattern.DOTALL);

    private JsonProblem() {}

    static String of(JsonProcessingException e) {
        String said = e.getOriginalMessage();
        if (e instanceof JsonEOFException || said.startsWith("Unexpected end-of-input")) {
            return INVALID + "the document ends too early";
        }
        if (e instanceof StreamConstraintsException) {
            return "the document is nested too deeply, or a part of it is too long";
        }
        Matcher m = CHARACTER.matcher(said);
        if (m.matches()) {
            return INVALID + "unexpected " + m.group(1) + expected(m.group(2));
        }
        m = WORD.matcher(said);
        if (m.matches()) {
            return INVALID + "unknown word \"" + m.group(1) + "\"; texts stand in double quotes";
        }
        m = CLOSED.matcher(said);
        if (m.matches()) {
            String open = m.group(2) == null ? ", nothing is open" : ", '" + m.group(2) + "' was expected";
            return INVALID + "unexpected '" + m.group(1) + "'" + open;
        }
        m = ESCAPE.matcher(said);
        if (m.matches()) {
            return INVALID + "unknown escape " + m.group(1) + "; a backslash is written \\\\";
        }
        if (said.startsWith("Illegal unquoted character")) {
            return INVALID + "a control character in a text must be escaped (a line break is \\n)";
        }
        if (said.startsWith("Illegal character")) {
            return INVALID + "a control character may not stand here";
        }
        if (said.contains("surrogate")) {
            return INVALID + "a name has half of a surrogate pair, which is no character";
        }
        if (said.contains("Leading zeroes")) {
            return INVALID + "a number may not begin with 0";
        }
        if (said.startsWith("Duplicate field")) {
            return "the field " + said.substring("Duplicate field ".length()).replace('\'', '"') + " stands twice";
        }
        int line = said.indexOf('\n');
        String first = line < 0 ? said : said.substring(0, line);
        return INVALID + first.substring(0, 1).toLowerCase(Locale.ROOT) + first.substring(1);
    }

    private static String expected(String said) {
        if (said.contains("a colon")) {
            return ", ':' was expected after the name";
        }
        if (said.contains("start field name")) {
            return ", a name in double quotes was expected";
        }
        if (said.contains("comma")) {
            return said.contains("Array") ? ", ',' or ']' was expected" : ", ',' or '}' was expected";
        }
        if (said.contains("a value") || said.contains("valid value")) {
            return ", a value was expected";
        }
        if (said.contains("hex-digit")) {
            return ", four hexadecimal digits were expected";
        }
        if (said.contains("comment")) {
            return "; JSON has no comments";
        }
        return said.contains("numeric") || said.contains("in number") ? " in a number" : "";
    }
}
