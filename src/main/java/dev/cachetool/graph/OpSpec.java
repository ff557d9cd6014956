package dev.cachetool.graph;

/** What a vertex does, as the graph says it; defaults are merged in. */
public sealed interface OpSpec permits LocalOp, ExecOp, FileOp, ImageOp, HttpOp, GitOp, MergeOp, DiffOp, OpaqueOp {
    /** The name of the op as it is written in a graph, such as {@code exec}. */
    String kind();
}
