package dev.cachetool.pattern;

/**
 * One pattern, ready to match. What it has to remember of the part of a path that was read so far is a <i>position</i>:
 * {@link #positionSize()} longs in an array that the caller keeps, so that the paths below a folder start from the
 * folder's position.
 */
abstract sealed class PathPattern permits LiteralPattern, PrefixPattern, SuffixPattern, GlobPattern {

    /** Whether the pattern matches this path, of any form. */
    abstract boolean matches(String path);

    /** Whether the pattern matches this clean path or a folder above it. */
    boolean matchesOrParentMatches(String path) {
        long[] position = new long[positionSize()];
        start(position, 0);
        int from = 0;
        while (true) {
            int slash = path.indexOf('/', from);
            read(path, from, slash < 0 ? path.length() : slash, position, 0);
            if (matchesHere(position, 0)) {
                return true;
            }
            if (slash < 0) {
                return false;
            }
            read(path, slash, slash + 1, position, 0);
            from = slash + 1;
        }
    }

    abstract int positionSize();

    /** Writes the position of the empty text at an offset into zeroes. */
    abstract void start(long[] positions, int at);

    /** Moves on by a part of a text, which begins and ends at whole characters. */
    abstract void read(String text, int from, int to, long[] positions, int at);

    /** Whether the pattern matches the text that was read so far, taken as a path. */
    abstract boolean matchesHere(long[] positions, int at);

    /** Whether the pattern may match a longer text; never falsely no. */
    abstract boolean mayMatchLonger(long[] positions, int at);

    /** Whether the pattern matches every longer text; never falsely yes. */
    boolean matchesAllLonger(long[] positions, int at) {
        return false;
    }
}
