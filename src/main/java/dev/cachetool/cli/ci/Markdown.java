package dev.cachetool.cli.ci;

import dev.cachetool.cli.output.SafeText;
import java.util.regex.Pattern;

/** Text from outside in Markdown: whatever it is, it is text, and ends neither a cell nor a line. */
final class Markdown {
    /** What Markdown, HTML and links have no meaning for. */
    private static final String PLAIN = " .,;-/+=%()'";

    private static final Pattern LINK = Pattern.compile("(?i)(www)\\.");

    private Markdown() {}

    /** The text with everything that means something written as a character reference, which means nothing. */
    static String text(String text) {
        String safe = SafeText.of(text);
        StringBuilder escaped = new StringBuilder(safe.length() + 16);
        for (int i = 0; i < safe.length(); i++) {
            char c = safe.charAt(i);
            if (c > 0x7f || Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0) {
                escaped.append(c);
            } else {
                escaped.append("&#").append((int) c).append(';');
            }
        }
        return LINK.matcher(escaped).replaceAll("$1&#46;");
    }

    /** A name, set as code. */
    static String code(String name) {
        return "<code>" + text(name) + "</code>";
    }
}
