package dev.cachetool.graph;

import java.util.List;

/**
 * What a vertex takes from another.
 *
 * @param edge whose result it is
 * @param paths what of it matters, relative to the workspace; empty for all
 */
public record Input(Edge edge, List<PathPattern> paths) {
    public Input {
        paths = List.copyOf(paths);
    }
}
