package dev.cachetool.graph;

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

    /** Whether it takes away what earlier entries selected. */
    public boolean isException() {
        return path.strip().startsWith("!");
    }
}
