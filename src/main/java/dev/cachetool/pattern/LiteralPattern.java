package dev.cachetool.pattern;

/** A pattern without wildcards. Its position is how much of it was read, or -1. */
final class LiteralPattern extends PathPattern {
    private final String literal;

    LiteralPattern(String literal) {
        this.literal = literal;
    }

    @Override
    boolean matches(String path) {
        return path.equals(literal);
    }

    @Override
    boolean matchesOrParentMatches(String path) {
        return path.startsWith(literal) && (path.length() == literal.length() || path.charAt(literal.length()) == '/');
    }

    @Override
    int positionSize() {
        return 1;
    }

    @Override
    void start(long[] positions, int at) {
        positions[at] = 0;
    }

    @Override
    void read(String text, int from, int to, long[] positions, int at) {
        int read = (int) positions[at];
        if (read >= 0) {
            int length = to - from;
            positions[at] = literal.regionMatches(read, text, from, length) ? read + length : -1;
        }
    }

    @Override
    boolean matchesHere(long[] positions, int at) {
        return positions[at] == literal.length();
    }

    @Override
    boolean mayMatchLonger(long[] positions, int at) {
        return positions[at] >= 0 && positions[at] < literal.length();
    }
}
