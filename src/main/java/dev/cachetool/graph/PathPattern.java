package dev.cachetool.graph;

import java.util.Optional;

/**
 * A pattern as graphs list them: what is included, selected of an input, or made.
 *
 * @param path the pattern as it was written, by moby's rules (package {@code pattern})
 * @param optional whether it may match nothing
 */
public record PathPattern(String path, boolean optional) {
    public PathPattern {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("a pattern is not empty");
        }
    }

    /** A pattern that must match something. */
    public static PathPattern of(String path) {
        return new PathPattern(path, false);
    }

    /**
     * The clean path that it stands for together with its whole tree, {@code .} for everything; empty for an exception, and
     * where it has other wildcards than {@code /**} at its end.
     */
    public Optional<String> literal() {
        return literalOf(path);
    }

    static Optional<String> literalOf(String pattern) {
        String stripped = pattern.strip();
        if (stripped.endsWith("/**")) {
            stripped = stripped.substring(0, stripped.length() - 2);
        }
        for (int i = 0; i < stripped.length(); i++) {
            char c = stripped.charAt(i);
            if (c == '*' || c == '?' || c == '[' || c == ']' || c == '\\' || (c == '!' && i == 0)) {
                return Optional.empty();
            }
        }
        return Optional.of(WorkspacePath.clean(stripped));
    }

    /** Whether it takes away what earlier entries selected. */
    public boolean isException() {
        return path.strip().startsWith("!");
    }
}
