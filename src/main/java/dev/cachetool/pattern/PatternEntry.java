package dev.cachetool.pattern;

import java.util.Optional;

/**
 * One entry of a list of patterns.
 *
 * @param index its place in the list
 * @param exception whether it starts with an exclamation mark
 * @param pattern what it is about
 */
record PatternEntry(int index, boolean exception, PathPattern pattern) {

    /** Reads an entry; empty for a blank one. */
    static Optional<PatternEntry> parse(int index, String text) {
        String trimmed = trim(text);
        if (trimmed.isEmpty()) {
            return Optional.empty();
        }
        String cleaned = SlashPath.clean(trimmed);
        boolean exception = cleaned.startsWith("!");
        String pattern = exception ? cleaned.substring(1) : cleaned;
        if (pattern.isEmpty()) {
            throw new InvalidPatternException(index, text, "nothing follows the exclamation mark");
        }
        try {
            return Optional.of(new PatternEntry(index, exception, read(pattern)));
        } catch (MalformedPatternException e) {
            throw new InvalidPatternException(index, text, e.reason());
        }
    }

    private static PathPattern read(String pattern) throws MalformedPatternException {
        if (pattern.equals(".")) {
            return new SuffixPattern("");
        }
        GlobSyntax.check(pattern);
        GlobTranslation translation = GlobTranslation.of(pattern);
        return switch (translation.form()) {
            case LITERAL -> new LiteralPattern(pattern);
            case PREFIX -> new PrefixPattern(pattern.substring(0, pattern.length() - 2));
            case SUFFIX -> new SuffixPattern(pattern.substring(2));
            case EXPRESSION -> new ExpressionReader(translation.expression()).read();
        };
    }

    /** Without Unicode's white space at either end, which is not quite what {@link String#strip()} takes away. */
    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isWhiteSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isWhiteSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isWhiteSpace(char c) {
        return (c >= '\t' && c <= '\r') || c == '\u0085' || Character.isSpaceChar(c);
    }
}
