package dev.cachetool.step;

import java.io.IOException;

/** A result holds a path that its vertex does not declare as output; nothing of it is restored. */
public final class UndeclaredOutputException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String vertex;
    private final String path;

    UndeclaredOutputException(String vertex, String path) {
        super("the result of \"" + vertex + "\" holds " + path + ", which the vertex does not declare as output");
        this.vertex = vertex;
        this.path = path;
    }

    /** The vertex, by name. */
    public String vertex() {
        return vertex;
    }

    /** The path in the result, as it may be shown. */
    public String path() {
        return path;
    }
}
