package dev.cachetool.pattern;

/** Any text that starts so: {@code a/**}. Its position is how much of the prefix was read, or -1. */
final class PrefixPattern extends PathPattern {
    private final String prefix;

    PrefixPattern(String prefix) {
        this.prefix = prefix;
    }

    @Override
    boolean matches(String path) {
        return path.startsWith(prefix);
    }

    @Override
    boolean matchesOrParentMatches(String path) {
        return path.startsWith(prefix);
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
        if (read >= 0 && read < prefix.length()) {
            int length = Math.min(to - from, prefix.length() - read);
            positions[at] = prefix.regionMatches(read, text, from, length) ? read + length : -1;
        }
    }

    @Override
    boolean matchesHere(long[] positions, int at) {
        return positions[at] == prefix.length();
    }

    @Override
    boolean mayMatchLonger(long[] positions, int at) {
        return positions[at] >= 0;
    }

    @Override
    boolean matchesAllLonger(long[] positions, int at) {
        return matchesHere(positions, at);
    }
}
