package dev.cachetool.graph;

/** The inputs laid over each other in order. */
public record MergeOp() implements OpSpec {
    @Override
    public String kind() {
        return "merge";
    }
}
