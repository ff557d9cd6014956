package dev.cachetool.graph;

/** Input 1 less input 0. */
public record DiffOp() implements OpSpec {
    @Override
    public String kind() {
        return "diff";
    }
}
