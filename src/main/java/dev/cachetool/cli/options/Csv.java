package dev.cachetool.cli.options;

import java.util.ArrayList;
import java.util.List;

/**
 * One record of comma-separated values, by the rules of Go's {@code encoding/csv} with its defaults: a field that begins
 * with a quote ends with one, {@code ""} in it is a quote, and quotes stand nowhere else.
 */
final class Csv {
    private final String text;
    private final String what;
    private int at;

    private Csv(String text, String what) {
        this.text = text;
        this.what = what;
    }

    /**
     * The fields of the record.
     *
     * @param what what the text is, for errors
     * @throws UsageException if the quotes are wrong, or more than one record is there
     */
    static List<String> record(String text, String what) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return new Csv(text.substring(0, end), what).fields();
    }

    private List<String> fields() {
        List<String> fields = new ArrayList<>();
        while (true) {
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            fields.add(quoted ? quoted() : plain());
            if (at == text.length()) {
                return fields;
            }
            at++;
        }
    }

    private String plain() {
        int start = at;
        while (at < text.length() && text.charAt(at) != ',') {
            switch (text.charAt(at)) {
                case '"' ->
                    throw new UsageException(
                            "a quote stands inside an unquoted part of " + what,
                            "put the quotes around the whole part, as in '\"dest=a,b\"'");
                case '\n', '\r' -> throw new UsageException(what + " has more than one line", "give each its own flag");
                default -> at++;
            }
        }
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder field = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                field.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                field.append('"');
                at++;
            } else if (at == text.length() || text.charAt(at) == ',') {
                return field.toString();
            } else {
                throw new UsageException(
                        "something follows a closing quote in " + what, "a quote inside quotes is written twice");
            }
        }
        throw new UsageException("a quote is not closed in " + what, "");
    }
}
