package dev.cachetool.pattern;

/**
 * A pattern as moby rewrites it into a Go regular expression. The text is made, not only its meaning, because part of
 * the rules is what the text happens to mean: a star inside of a class, say, or a letter after a backslash.
 *
 * @param form how the pattern is matched
 * @param expression the regular expression, whole, with anchors
 */
record GlobTranslation(Form form, String expression) {

    enum Form {
        /** No wildcards: the pattern is compared as it is. */
        LITERAL,
        /** Nothing but {@code **} at its end. */
        PREFIX,
        /** Nothing but {@code **} at its start. */
        SUFFIX,
        EXPRESSION
    }

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int REPLACEMENT = 0xFFFD;

    static GlobTranslation of(String pattern) {
        StringBuilder expression = new StringBuilder("^");
        Form form = Form.LITERAL;
        int start = pattern.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        int at = start;
        while (at < pattern.length()) {
            boolean first = at == start;
            int c = character(pattern, at);
            at += Character.charCount(pattern.codePointAt(at));
            if (c == '*' && at < pattern.length() && pattern.charAt(at) == '*') {
                at++;
                if (at < pattern.length() && pattern.charAt(at) == '/') {
                    at++;
                }
                if (at < pattern.length()) {
                    expression.append("(.*/)?");
                    form = first ? Form.SUFFIX : Form.EXPRESSION;
                } else {
                    expression.append(".*");
                    form = first ? Form.SUFFIX : form == Form.LITERAL ? Form.PREFIX : Form.EXPRESSION;
                }
            } else if (c == '*') {
                expression.append("[^/]*");
                form = Form.EXPRESSION;
            } else if (c == '?') {
                expression.append("[^/]");
                form = Form.EXPRESSION;
            } else if (c == '\\') {
                expression.append('\\');
                if (at < pattern.length()) {
                    expression.appendCodePoint(character(pattern, at));
                    at += Character.charCount(pattern.codePointAt(at));
                    form = Form.EXPRESSION;
                }
            } else if (c == '[' || c == ']') {
                expression.append((char) c);
                form = Form.EXPRESSION;
            } else if (".+()$".indexOf(c) >= 0) {
                // Not { | and }: they keep the meaning that they have in an expression.
                expression.append('\\').append((char) c);
            } else {
                expression.appendCodePoint(c);
            }
        }
        return new GlobTranslation(form, expression.append('$').toString());
    }

    private static int character(String pattern, int at) {
        int c = pattern.codePointAt(at);
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c;
    }
}
