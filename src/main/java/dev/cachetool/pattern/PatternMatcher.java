package dev.cachetool.pattern;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A list of patterns, to be asked about paths. Immutable, and safe for use by many threads.
 *
 * <p>For single paths, ask this object. For the paths of a tree, walk from {@link #start()}: it is the same answer, and
 * each name is looked at once.
 *
 * <p>A list without positive patterns selects nothing.
 */
public final class PatternMatcher {
    private final List<String> patterns;
    private final List<PatternEntry> entries;
    private final MatchState start;

    private PatternMatcher(List<String> patterns, List<PatternEntry> entries) {
        this.patterns = patterns;
        this.entries = entries;
        this.start = MatchState.start(entries);
    }

    /**
     * Reads a list of patterns.
     *
     * @param patterns the entries, in order
     * @return their matcher
     * @throws InvalidPatternException for the first entry that cannot be understood
     */
    public static PatternMatcher of(List<String> patterns) {
        List<PatternEntry> entries = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            PatternEntry.parse(i, patterns.get(i)).ifPresent(entries::add);
        }
        return new PatternMatcher(List.copyOf(patterns), List.copyOf(entries));
    }

    /**
     * The list.
     *
     * @return the entries as they were written
     */
    public List<String> patterns() {
        return patterns;
    }

    /**
     * The positive patterns, which leaves out exceptions and blank entries. What a walk
     * {@linkplain MatchState#addSelecting adds up} is a part of it; the rest selected nothing.
     *
     * @return their indexes in the list, in a set of the caller's own
     */
    public BitSet positives() {
        BitSet positives = new BitSet();
        for (PatternEntry entry : entries) {
            positives.set(entry.index(), !entry.exception());
        }
        return positives;
    }

    /**
     * Whether the patterns select a path by itself, with no regard to the folders it is in: {@code src} selects the path
     * {@code src} only. Right for names that are no paths, such as those of environment variables.
     *
     * @param path compared as it is written, in whatever form
     * @return true if the last pattern that matches the path is positive
     */
    public boolean matches(String path) {
        boolean selected = false;
        for (PatternEntry entry : entries) {
            if (entry.exception() == selected && entry.pattern().matches(path)) {
                selected = !selected;
            }
        }
        return selected;
    }

    /**
     * Whether the patterns select a path, where a pattern that matches a folder stands for all that is in it: moby's
     * {@code MatchesOrParentMatches}.
     *
     * @param path compared as it is written, in whatever form; the folders above it are those of its clean form
     * @return true if the last pattern that matches the path or a folder above it is positive
     */
    public boolean matchesOrParentMatches(String path) {
        boolean clean = SlashPath.isClean(path);
        boolean selected = false;
        for (PatternEntry entry : entries) {
            if (entry.exception() == selected
                    && (clean
                            ? entry.pattern().matchesOrParentMatches(path)
                            : matchesUncleanOrParent(entry.pattern(), path))) {
                selected = !selected;
            }
        }
        return selected;
    }

    private static boolean matchesUncleanOrParent(PathPattern pattern, String path) {
        if (pattern.matches(path)) {
            return true;
        }
        String parent = SlashPath.parent(path);
        if (parent.equals(".")) {
            return false;
        }
        for (int slash = parent.indexOf('/'); slash >= 0; slash = parent.indexOf('/', slash + 1)) {
            if (pattern.matches(parent.substring(0, slash))) {
                return true;
            }
        }
        return pattern.matches(parent);
    }

    /**
     * Whether a walk has to look into a folder.
     *
     * @param folder clean, or empty or {@code .} for the root; for a path of another form the answer is true unless no
     *     path at all is selected
     * @return false only if {@link #matchesOrParentMatches} is false for every path below the folder; true may be too
     *     cautious
     */
    public boolean mayMatchBelow(String folder) {
        if (folder.isEmpty() || folder.equals(".")) {
            return start.mayMatchBelow();
        }
        if (!SlashPath.isClean(folder)) {
            return entries.stream().anyMatch(entry -> !entry.exception());
        }
        return at(folder).mayMatchBelow();
    }

    /**
     * The root of a walk.
     *
     * @return the state that the walk starts with
     */
    public MatchState start() {
        return start;
    }

    /**
     * The state that a walk has at a path, for more than a yes or no about a single one.
     *
     * @param path clean
     * @return the same as a walk by its names
     * @throws IllegalArgumentException if the path is not clean
     */
    public MatchState at(String path) {
        MatchState state = start;
        int from = 0;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
            state = state.child(path.substring(from, slash));
            from = slash + 1;
        }
        return state.child(path.substring(from));
    }

    /** The patterns, one a line. */
    @Override
    public String toString() {
        return String.join("\n", patterns);
    }
}
