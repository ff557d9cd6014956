package dev.cachetool.cachemap;

import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.pattern.MatchState;
import dev.cachetool.pattern.PatternMatcher;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What patterns select of a tree.
 *
 * @param entries what is selected, in the order of the tree
 * @param unmatched the places of those patterns that select nothing though they must
 */
public record Selection(List<TreeEntry> entries, List<Integer> unmatched) {
    public Selection {
        entries = List.copyOf(entries);
        unmatched = List.copyOf(unmatched);
    }

    /**
     * Selects from a tree by moby's rules.
     *
     * @param patterns in order; without any, everything is selected
     * @throws dev.cachetool.pattern.InvalidPatternException if one of them cannot be understood
     */
    public static Selection of(FileTree tree, List<PathPattern> patterns) {
        if (patterns.isEmpty()) {
            return new Selection(tree.entries(), List.of());
        }
        PatternMatcher matcher =
                PatternMatcher.of(patterns.stream().map(PathPattern::path).toList());
        Walk walk = new Walk(matcher);
        BitSet selecting = new BitSet();
        List<TreeEntry> selected = new ArrayList<>();
        for (TreeEntry entry : tree.entries()) {
            MatchState state = walk.to(entry.path());
            if (state.matches()) {
                state.addSelecting(selecting);
                selected.add(entry);
            }
        }
        return new Selection(selected, unmatched(patterns, matcher, selecting));
    }

    /** The places of the patterns that had to select something and did not. */
    static List<Integer> unmatched(List<PathPattern> patterns, PatternMatcher matcher, BitSet selecting) {
        BitSet missing = matcher.positives();
        missing.andNot(selecting);
        return missing.stream().filter(i -> !patterns.get(i).optional()).boxed().toList();
    }

    /** What is selected, as a tree. */
    public FileTree tree() {
        return FileTree.of(entries);
    }

    /** Keeps the states of the folders on the way to the path before, which the next path mostly shares. */
    private static final class Walk {
        private final List<String> folders = new ArrayList<>();
        private final List<MatchState> states = new ArrayList<>();

        Walk(PatternMatcher matcher) {
            states.add(matcher.start());
        }

        MatchState to(String path) {
            int depth = 0;
            int from = 0;
            while (depth < folders.size()
                    && path.startsWith(folders.get(depth), from)
                    && from + folders.get(depth).length() < path.length()
                    && path.charAt(from + folders.get(depth).length()) == '/') {
                from += folders.get(depth).length() + 1;
                depth++;
            }
            folders.subList(depth, folders.size()).clear();
            states.subList(depth + 1, states.size()).clear();
            for (int slash = path.indexOf('/', from); slash >= 0; slash = path.indexOf('/', from)) {
                String name = path.substring(from, slash);
                folders.add(name);
                states.add(states.get(states.size() - 1).child(name));
                from = slash + 1;
            }
            return states.get(states.size() - 1).child(path.substring(from));
        }
    }
}
