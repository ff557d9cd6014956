package dev.cachetool.cli.output;

import java.util.regex.Pattern;

/** Makes text from outside safe to print: nothing in it can move the cursor, colour a line or reorder what is read. */
public final class SafeText {
    /** What a terminal takes as a command: CSI sequences, and OSC ones with their text. */
    private static final Pattern ESCAPE_SEQUENCE =
            Pattern.compile("\u001b(\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(\u0007|\u001b\\\\)?|[ -/]*[0-~])");

    private static final int TAB = 8;

    private SafeText() {}

    /**
     * The text with every control character, line end, direction mark and lone surrogate written as an escape ({@code
     * \n}, {@code \x1b}, {@code \}{@code u202e}); other text, backslashes included, stays as it is.
     */
    public static String of(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) >= ' ' && text.charAt(i) < 0x7f) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16).append(text, 0, i);
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (isUnsafe(c)) {
                escape(safe, c);
            } else {
                safe.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        return safe.toString();
    }

    /**
     * A line of what a program printed: colour codes and what was overwritten by a carriage return are left out, tabs become
     * blanks, and the rest is made safe as by {@link #of}.
     */
    public static String line(String line) {
        String text = line;
        if (text.indexOf('\r') >= 0) {
            text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            text = text.substring(text.lastIndexOf('\r') + 1);
        }
        if (text.indexOf('\u001b') >= 0) {
            text = ESCAPE_SEQUENCE.matcher(text).replaceAll("");
        }
        if (text.indexOf('\t') < 0) {
            return of(text);
        }
        StringBuilder blanks = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\t') {
                blanks.append(" ".repeat(TAB - blanks.length() % TAB));
            } else {
                blanks.append(c);
            }
        }
        return of(blanks.toString());
    }

    private static boolean isUnsafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.FORMAT -> true;
            default -> false;
        };
    }

    private static void escape(StringBuilder safe, int c) {
        switch (c) {
            case '\n' -> safe.append("\\n");
            case '\r' -> safe.append("\\r");
            case '\t' -> safe.append("\\t");
            default -> {
                String hex = Integer.toHexString(c);
                int digits = c < 0x100 ? 2 : 4;
                safe.append(c < 0x100 ? "\\x" : "\\u").append("0".repeat(Math.max(0, digits - hex.length())));
                safe.append(hex);
            }
        }
    }
}
