package dev.cachetool.graph;

/** One output of a vertex. */
public record Edge(Vertex vertex, int outputIndex) {
    public Edge {
        if (outputIndex < 0) {
            throw new IllegalArgumentException("an output has no negative index: " + outputIndex);
        }
    }
}
