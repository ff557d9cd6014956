package dev.cachetool.step;

import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.pattern.PatternMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an exec op declares that it makes: its outputs, which are patterns, and the file that takes what it prints, which is
 * a plain path whatever characters it has.
 */
final class DeclaredPaths {
    private final List<PathPattern> outputs;
    private final Optional<String> stdout;
    private final PatternMatcher matcher;

    DeclaredPaths(ExecOp op) {
        outputs = op.outputs();
        stdout = op.stdout();
        matcher = PatternMatcher.of(outputs.stream().map(PathPattern::path).toList());
    }

    /** The patterns of its outputs. */
    List<PathPattern> outputs() {
        return outputs;
    }

    /** Matches the outputs, by number as they stand in {@link #outputs}. */
    PatternMatcher matcher() {
        return matcher;
    }

    /** The file that takes what it prints. */
    Optional<String> stdout() {
        return stdout;
    }

    /** Whether every output is a path with all that is below it. */
    boolean isPlain() {
        return outputs.stream().allMatch(output -> output.literal().isPresent());
    }

    /** The plain paths among them, without wildcards and exceptions. */
    List<String> plainPaths() {
        List<String> paths = new ArrayList<>();
        outputs.forEach(output -> output.literal().ifPresent(paths::add));
        stdout.ifPresent(paths::add);
        return paths;
    }

    /** Whether this path of the workspace is declared. */
    boolean has(String path) {
        return stdout.filter(file -> path.equals(file) || path.startsWith(file + "/"))
                        .isPresent()
                || matcher.matchesOrParentMatches(path);
    }
}
