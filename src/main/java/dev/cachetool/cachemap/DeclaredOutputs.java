package dev.cachetool.cachemap;

import dev.cachetool.graph.Definition;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.graph.Vertex;
import dev.cachetool.pattern.MatchState;
import dev.cachetool.pattern.PatternMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the steps of a graph declare that they make, which is nobody's source. */
final class DeclaredOutputs {
    /** Paths that are outputs with all that is below them. */
    private final Set<String> literals = new HashSet<>();

    /** Folders on the way to an output. */
    private final Set<String> ways = new HashSet<>();

    /** The other patterns: those of all steps without exceptions together, and those of each step that has some. */
    private final List<PatternMatcher> matchers = new ArrayList<>();

    DeclaredOutputs(Definition definition) {
        Set<String> globs = new LinkedHashSet<>();
        Set<List<PathPattern>> withExceptions = new LinkedHashSet<>();
        for (Vertex vertex : definition.vertices()) {
            if (!(vertex.op() instanceof ExecOp exec)) {
                continue;
            }
            exec.stdout().ifPresent(this::addLiteral);
            if (exec.outputs().stream().anyMatch(PathPattern::isException)) {
                withExceptions.add(exec.outputs());
                continue;
            }
            for (PathPattern output : exec.outputs()) {
                Optional<String> literal = output.literal();
                if (literal.isPresent()) {
                    addLiteral(literal.get());
                } else {
                    globs.add(output.path());
                }
            }
        }
        if (!globs.isEmpty()) {
            matchers.add(PatternMatcher.of(List.copyOf(globs)));
        }
        for (List<PathPattern> patterns : withExceptions) {
            matchers.add(
                    PatternMatcher.of(patterns.stream().map(PathPattern::path).toList()));
        }
    }

    private void addLiteral(String path) {
        literals.add(path);
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            if (!ways.add(path.substring(0, slash))) {
                break;
            }
        }
    }

    /** Whether an empty folder is likely what is left of outputs that were removed. */
    boolean leadsToOutputs(String folder) {
        return ways.contains(folder);
    }

    /** What a walk knows anywhere where no patterns are. */
    private final Position inOutput = new Position(true, List.of());

    private final Position outside = new Position(false, List.of());

    /** What a walk knows at the root. */
    Position start() {
        return new Position(
                literals.contains("."),
                matchers.stream().map(PatternMatcher::start).toList());
    }

    /** What a walk knows at a path. */
    final class Position {
        private final boolean literal;
        private final List<MatchState> states;

        private Position(boolean literal, List<MatchState> states) {
            this.literal = literal;
            this.states = states;
        }

        /**
         * What a walk knows one level below.
         *
         * @param path of the child, from the root
         */
        Position child(String name, String path) {
            boolean below = literal || literals.contains(path);
            if (states.isEmpty()) {
                return below ? inOutput : outside;
            }
            return new Position(
                    below, states.stream().map(state -> state.child(name)).toList());
        }

        /** Whether a step declares that it makes this. */
        boolean isOutput() {
            return literal || states.stream().anyMatch(MatchState::matches);
        }

        /** Whether steps declare that they make all that is below. */
        boolean isAllOutputBelow() {
            return literal || states.stream().anyMatch(MatchState::matchesAllBelow);
        }
    }
}
