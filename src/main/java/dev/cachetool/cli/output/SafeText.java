package dev.cachetool.cli.output;

/** Makes text from outside safe to print: nothing in it can move the cursor, colour a line or reorder what is read. */
public final class SafeText {
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
