package dev.cachetool.pattern;

/**
 * Any text that ends so: {@code **}{@code .o}; where the suffix starts with a slash, {@code **}{@code /a/b}, also the
 * suffix without it. Its position is how much of the suffix the text so far ends with (Knuth, Morris and Pratt), the
 * text being taken to begin after a slash.
 */
final class SuffixPattern extends PathPattern {
    private final String suffix;

    /** At i: the length of the longest text that both starts the suffix and ends its first i + 1 characters. */
    private final int[] borders;

    SuffixPattern(String suffix) {
        this.suffix = suffix;
        this.borders = new int[suffix.length()];
        for (int i = 1, border = 0; i < borders.length; i++) {
            while (border > 0 && suffix.charAt(i) != suffix.charAt(border)) {
                border = borders[border - 1];
            }
            if (suffix.charAt(i) == suffix.charAt(border)) {
                border++;
            }
            borders[i] = border;
        }
    }

    @Override
    boolean matches(String path) {
        return path.endsWith(suffix)
                || (suffix.startsWith("/") && path.length() == suffix.length() - 1 && suffix.endsWith(path));
    }

    @Override
    int positionSize() {
        return 1;
    }

    @Override
    void start(long[] positions, int at) {
        positions[at] = suffix.startsWith("/") ? 1 : 0;
    }

    @Override
    void read(String text, int from, int to, long[] positions, int at) {
        if (suffix.isEmpty()) {
            return;
        }
        int read = (int) positions[at];
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            while (read > 0 && (read == suffix.length() || c != suffix.charAt(read))) {
                read = borders[read - 1];
            }
            if (c == suffix.charAt(read)) {
                read++;
            }
        }
        positions[at] = read;
    }

    @Override
    boolean matchesHere(long[] positions, int at) {
        return positions[at] == suffix.length();
    }

    @Override
    boolean mayMatchLonger(long[] positions, int at) {
        return true;
    }

    @Override
    boolean matchesAllLonger(long[] positions, int at) {
        return suffix.isEmpty();
    }
}
