package dev.cachetool.pattern;

import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the patterns of a {@link PatternMatcher} say of one path, and all they need to know for the paths below it: a
 * walk over a tree asks each folder's state for those of the names in it. Immutable, and safe for use by many threads.
 *
 * <p>The answers are those of {@link PatternMatcher#matchesOrParentMatches}. moby's own form for walks,
 * {@code MatchesUsingParentResults}, differs from that for some lists: it forgets that an exception matched a folder
 * which nothing had selected by then, and so lets {@code a/b} through for the patterns {@code a/b}, {@code !a}.
 */
public final class MatchState {
    private static final int NONE = -1;

    private final List<PatternEntry> entries;
    private final boolean root;

    /**
     * The number of the last entry to change the answer, or {@code NONE}. Not its index in the list: blank entries do
     * not count.
     */
    private final int deciding;

    /** By entry: one bit, whether its pattern matches this path or one above; then the positions of all of them. */
    private final long[] data;

    private MatchState(List<PatternEntry> entries, boolean root, int deciding, long[] data) {
        this.entries = entries;
        this.root = root;
        this.deciding = deciding;
        this.data = data;
    }

    static MatchState start(List<PatternEntry> entries) {
        int size = firstPosition(entries);
        for (PatternEntry entry : entries) {
            size = Math.addExact(size, entry.pattern().positionSize());
        }
        long[] data = new long[size];
        int at = firstPosition(entries);
        for (PatternEntry entry : entries) {
            entry.pattern().start(data, at);
            at += entry.pattern().positionSize();
        }
        return new MatchState(entries, true, NONE, data);
    }

    private static int firstPosition(List<PatternEntry> entries) {
        return (entries.size() + 63) / 64;
    }

    /**
     * The state of a file or folder in this folder.
     *
     * @param name its name
     * @return a state of its own
     * @throws IllegalArgumentException if the name is empty, {@code .} or {@code ..}, or has a slash in it
     */
    public MatchState child(String name) {
        if (name.indexOf('/') >= 0 || !SlashPath.isClean(name)) {
            throw new IllegalArgumentException("could not go to \"" + name + "\" in a walk: it is not a name"
                    + "\ngive the names of a clean path one by one");
        }
        long[] below = data.clone();
        boolean selected = false;
        int decidingBelow = NONE;
        int at = firstPosition(entries);
        for (int i = 0; i < entries.size(); i++) {
            PathPattern pattern = entries.get(i).pattern();
            boolean matches = matchedBy(i);
            if (!matches) {
                if (!root) {
                    pattern.read("/", 0, 1, below, at);
                }
                pattern.read(name, 0, name.length(), below, at);
                matches = pattern.matchesHere(below, at);
                if (matches) {
                    below[i / 64] |= 1L << (i % 64);
                }
            }
            if (matches && entries.get(i).exception() == selected) {
                selected = !selected;
                decidingBelow = i;
            }
            at += pattern.positionSize();
        }
        return new MatchState(entries, false, decidingBelow, below);
    }

    private boolean matchedBy(int entry) {
        return (data[entry / 64] >>> (entry % 64) & 1) != 0;
    }

    /**
     * Whether the path is selected.
     *
     * @return false for the root of a walk, which has no path
     */
    public boolean matches() {
        return deciding != NONE && !entries.get(deciding).exception();
    }

    /**
     * The pattern that the answer of {@link #matches()} is due to: the last to change it, when the patterns are taken in
     * order.
     *
     * @return its index in the list; empty if no pattern had anything to say
     */
    public OptionalInt decidingPattern() {
        return deciding == NONE
                ? OptionalInt.empty()
                : OptionalInt.of(entries.get(deciding).index());
    }

    /**
     * Adds the positive patterns that match this path or a folder above it, whether or not others did so before them,
     * if the path is selected in the end. Over a whole walk, a positive pattern that is never added selects nothing that
     * a later exception does not drop; and that holds too where the walk left out folders in which
     * {@linkplain #mayMatchBelow() nothing can match}.
     *
     * @param indexes where to add their indexes in the list
     */
    public void addSelecting(BitSet indexes) {
        if (!matches()) {
            return;
        }
        for (int i = 0; i < entries.size(); i++) {
            if (matchedBy(i) && !entries.get(i).exception()) {
                indexes.set(entries.get(i).index());
            }
        }
    }

    /**
     * Whether a walk has to look into this folder.
     *
     * @return false only if no path below is selected; true may be too cautious
     */
    public boolean mayMatchBelow() {
        return possibleBelow(true);
    }

    /**
     * Whether a walk need not ask any more in this folder. A walk that leaves out what the patterns select can pass over
     * the folder as a whole.
     *
     * @return true only if every path below is selected; false may be too cautious
     */
    public boolean matchesAllBelow() {
        return !possibleBelow(false);
    }

    private boolean possibleBelow(boolean selected) {
        long[] positions = data.clone();
        boolean possible = !selected;
        int at = firstPosition(entries);
        for (int i = 0; i < entries.size(); i++) {
            PatternEntry entry = entries.get(i);
            PathPattern pattern = entry.pattern();
            boolean speaksFor = entry.exception() != selected;
            boolean matchesAll = matchedBy(i);
            if (!matchesAll) {
                if (!root) {
                    pattern.read("/", 0, 1, positions, at);
                }
                matchesAll = pattern.matchesAllLonger(positions, at);
            }
            if (matchesAll) {
                possible = speaksFor;
            } else if (speaksFor && !possible) {
                possible = pattern.mayMatchLonger(positions, at);
            }
            at += pattern.positionSize();
        }
        return possible;
    }
}
