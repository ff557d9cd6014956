package dev.cachetool.step;

import java.util.Collection;
import java.util.StringJoiner;

/** Writes words for a POSIX shell. */
final class ShellText {
    private ShellText() {}

    /** The word, in quotes where it needs some. */
    static String quote(String word) {
        boolean plain = !word.isEmpty();
        for (int i = 0; i < word.length() && plain; i++) {
            char c = word.charAt(i);
            plain = isNameCharacter(c) || c == '/' || c == '.' || c == '-' || c == '+' || c == ',' || c == ':';
        }
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The words, parted by spaces. */
    static String join(Collection<String> words) {
        StringJoiner joined = new StringJoiner(" ");
        words.forEach(word -> joined.add(quote(word)));
        return joined.toString();
    }

    /** Whether a shell can have a variable of that name. */
    static boolean isVariable(String name) {
        boolean plain = !name.isEmpty() && !(name.charAt(0) >= '0' && name.charAt(0) <= '9');
        for (int i = 0; i < name.length() && plain; i++) {
            plain = isNameCharacter(name.charAt(i));
        }
        return plain;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
}
