package dev.cachetool.cli.command;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One page of the manual, as it grows: macros of man(7) that groff and mandoc both know, and ASCII alone. What its methods
 * take as {@code roff} comes from {@link #plain}, {@link #bold}, {@link #italic} and {@link #help}.
 */
final class ManPage {
    private static final int COLUMNS = 80;

    /** What stands for itself in a terminal's line: flags and variables. */
    private static final Pattern LITERAL =
            Pattern.compile("(?<![\\w-])(?:--?[a-z][\\w-]*(?:=[\\w.|-]+)?|[A-Z]+_[A-Z_]+(?![\\w:])|cachetool [a-z]+)");

    private static final Pattern LABEL = Pattern.compile("[A-Z]+");

    private final StringBuilder out = new StringBuilder();

    /** Whether a heading was the last that came: what follows needs no macro to begin. */
    private boolean belowHeading;

    /**
     * @param name of the page
     * @param number of the manual's section
     * @param date of what it describes
     * @param source what it is a part of
     * @param purpose in one line
     */
    ManPage(String name, int number, String date, String source, String purpose) {
        line(".\\\" Made of cachetool's commands and docs/ by ManPages; CONTRIBUTING.md says how. Not edited by hand.");
        line(".TH " + plain(name.toUpperCase(Locale.ROOT)) + " " + number + " " + date + " \"" + plain(source)
                + "\" \"cachetool manual\"");
        line(".nh");
        line(".ad l");
        section("Name");
        text(plain(name) + " \\- " + plain(purpose));
    }

    /** The text as it stands, for prose. */
    static String plain(String text) {
        StringBuilder roff = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> roff.append("\\(rs");
                case '-' -> roff.append("\\-");
                case '\'' -> roff.append("\\(aq");
                case '"' -> roff.append("\\(dq");
                case '`' -> roff.append("\\(ga");
                case '^' -> roff.append("\\(ha");
                case '~' -> roff.append("\\(ti");
                case '…' -> roff.append("...");
                default -> {
                    if (c < ' ' || c > '~') {
                        throw new IllegalArgumentException("no ASCII for \"" + c + "\" in: " + text);
                    }
                    roff.append(c);
                }
            }
        }
        return roff.toString();
    }

    /** What is typed as it stands. */
    static String bold(String text) {
        return "\\fB" + plain(text) + "\\fR";
    }

    /** What stands for something else. */
    static String italic(String text) {
        return "\\fI" + plain(text) + "\\fR";
    }

    /** A text of help: flags and variables in it are bold. */
    static String help(String text) {
        return marked(text, LITERAL);
    }

    /** A text of help in which these words are bold as well. */
    static String help(String text, List<String> words) {
        StringBuilder either = new StringBuilder(LITERAL.pattern());
        for (String word : words) {
            either.append("|(?<![\\w-])").append(Pattern.quote(word)).append("(?![\\w-])");
        }
        return marked(text, Pattern.compile(either.toString()));
    }

    /** A line that says how something is called: capital words stand for something, all else is typed. */
    static String synopsis(String text) {
        StringBuilder roff = new StringBuilder();
        for (String part : text.split("(?<=[\\s\\[\\]|…])|(?=[\\s\\[\\]|…])", -1)) {
            boolean typed = part.matches("[a-z-]+");
            roff.append(typed ? bold(part) : LABEL.matcher(part).matches() ? italic(part) : plain(part));
        }
        return roff.toString();
    }

    private static String marked(String text, Pattern literal) {
        StringBuilder roff = new StringBuilder();
        Matcher matcher = literal.matcher(text);
        int at = 0;
        while (matcher.find()) {
            roff.append(plain(text.substring(at, matcher.start())));
            roff.append(bold(matcher.group()));
            at = matcher.end();
        }
        return roff.append(plain(text.substring(at))).toString();
    }

    /** A phrase as a sentence. */
    static String sentence(String text) {
        String first = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        return first.endsWith(".") ? first : first + ".";
    }

    ManPage section(String title) {
        line(".SH " + plain(title.toUpperCase(Locale.ROOT)));
        belowHeading = true;
        return this;
    }

    ManPage subsection(String title) {
        line(".SS " + plain(title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1)));
        belowHeading = true;
        return this;
    }

    ManPage paragraph(String roff) {
        beginParagraph();
        return text(roff);
    }

    /** Text right behind a heading, or on a line of its own behind other text of the same paragraph. */
    ManPage text(String roff) {
        wrap(roff);
        return this;
    }

    ManPage newLine() {
        line(".br");
        return this;
    }

    /** A word, and below it what it means. */
    ManPage tagged(String tag, String roff) {
        line(".TP");
        line(guarded(tag));
        return text(roff);
    }

    /** A word, and behind it what it means, where words are short. */
    ManPage tagged(int width, String tag, String roff) {
        line(".TP " + width);
        line(guarded(tag));
        return text(roff);
    }

    /** An entry of a list, with what stands in front of it. */
    ManPage item(String mark, String roff) {
        line(".IP " + mark + " 4");
        return text(roff);
    }

    /** Lines as they stand. */
    ManPage literal(List<String> lines) {
        beginParagraph();
        line(".nf");
        for (String each : lines) {
            line(each.isEmpty() ? "\\&" : guarded(plain(each)));
        }
        line(".fi");
        return this;
    }

    private void beginParagraph() {
        if (!belowHeading) {
            line(".PP");
        }
    }

    private void wrap(String roff) {
        StringBuilder line = new StringBuilder();
        for (String word : roff.split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > COLUMNS - 2) {
                endOfLine(line);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        endOfLine(line);
    }

    /** Ends a line of text. Where a sentence ends with it, no second space is wanted, which other sentences do not get. */
    private void endOfLine(StringBuilder line) {
        line(guarded(line.toString()) + (line.toString().matches(".*[.?!][)\\]]*(\\\\fR)?[)\\]]*") ? "\\&" : ""));
        line.setLength(0);
    }

    private static String guarded(String line) {
        return line.startsWith(".") ? "\\&" + line : line;
    }

    private void line(String line) {
        belowHeading = false;
        out.append(line).append('\n');
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
