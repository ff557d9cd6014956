package dev.cachetool.graph;

/** Texts of a graph in messages about it. */
final class Quoted {
    private static final int LONGEST = 200;

    private Quoted() {}

    /** The text in quotes, on one line: control characters as escapes, and what is very long cut. */
    static String of(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            if (i == LONGEST) {
                quoted.append('…');
                break;
            }
            char c = text.charAt(i);
            if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
