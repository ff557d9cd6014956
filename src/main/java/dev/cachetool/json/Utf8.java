package dev.cachetool.json;

/** Decodes UTF-8 as Go does: every byte that belongs to no character is one of its own. */
final class Utf8 {
    private Utf8() {}

    /** The characters of a text: the first {@code length} of the array. */
    record Decoded(char[] chars, int length, int firstInvalid) {}

    /**
     * Decodes the bytes; each that is invalid becomes a U+FFFD, and the offset of the first of those, in characters, or -1,
     * is part of the answer. Encoded surrogates and overlong forms are invalid.
     */
    static Decoded decode(byte[] bytes) {
        char[] chars = new char[bytes.length];
        int firstInvalid = -1;
        int to = 0;
        int from = 0;
        while (from < bytes.length) {
            int b = bytes[from];
            if (b >= 0) {
                chars[to++] = (char) b;
                from++;
                continue;
            }
            int length = sequenceAt(bytes, from);
            switch (length) {
                case 2 -> chars[to++] = (char) (((b & 0x1f) << 6) | low(bytes, from + 1));
                case 3 ->
                    chars[to++] = (char) (((b & 0x0f) << 12) | (low(bytes, from + 1) << 6) | low(bytes, from + 2));
                case 4 -> {
                    int codePoint = ((b & 0x07) << 18)
                            | (low(bytes, from + 1) << 12)
                            | (low(bytes, from + 2) << 6)
                            | low(bytes, from + 3);
                    chars[to++] = Character.highSurrogate(codePoint);
                    chars[to++] = Character.lowSurrogate(codePoint);
                }
                default -> {
                    firstInvalid = firstInvalid < 0 ? to : firstInvalid;
                    chars[to++] = '\uFFFD';
                }
            }
            from += Math.max(length, 1);
        }
        return new Decoded(chars, to, firstInvalid);
    }

    /** The six bits of a byte that continues a character. */
    private static int low(byte[] bytes, int at) {
        return bytes[at] & 0x3f;
    }

    /** How many bytes the character has that begins with this byte above 0x7F; 0 if none does (Unicode, table 3-7). */
    private static int sequenceAt(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (at + length > bytes.length) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        if (length < 3) {
            return length;
        }
        int second = bytes[at + 1] & 0xff;
        boolean valid = switch (first) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
        };
        return valid ? length : 0;
    }

    /** Whether the text has half of a surrogate pair, which stands for no character. */
    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (isPairAt(text, i)) {
                    i++;
                } else {
                    return true;
                }
            }
        }
        return false;
    }

    /** The text with U+FFFD for every half of a surrogate pair. */
    static String replaceLoneSurrogates(String text) {
        StringBuilder replaced = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (isPairAt(text, i)) {
                    i++;
                } else {
                    replaced.setCharAt(i, '\uFFFD');
                }
            }
        }
        return replaced.toString();
    }

    /** Whether the characters at the index and after it are a pair. */
    static boolean isPairAt(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }
}
