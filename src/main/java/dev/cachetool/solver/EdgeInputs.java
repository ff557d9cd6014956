package dev.cachetool.solver;

import dev.cachetool.solver.EdgeInput.Fact;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/**
 * The inputs of an edge, with how many of them each fact holds of: an edge with very many inputs does not look at all of
 * them each turn. Used by the solver's thread only.
 */
final class EdgeInputs extends AbstractList<EdgeInput> {
    /** The inputs of an edge that has none, or does not know of them yet. */
    static final EdgeInputs NONE = new EdgeInputs(0);

    private final EdgeInput[] inputs;
    private final int[] counts = new int[Fact.COUNT];
    private List<EdgeInput> changed = List.of();

    EdgeInputs(int size) {
        this.inputs = new EdgeInput[size];
        for (int i = 0; i < size; i++) {
            inputs[i] = new EdgeInput(i);
        }
    }

    @Override
    public EdgeInput get(int index) {
        return inputs[index];
    }

    @Override
    public int size() {
        return inputs.length;
    }

    /** Whether the fact holds of any of them. */
    boolean any(Fact fact) {
        return counts[fact.number] > 0;
    }

    /**
     * Takes a change of an input into the counts.
     *
     * @param facts those that hold of it now, a bit each
     */
    void recount(EdgeInput input, int facts) {
        int flipped = facts ^ input.counted;
        for (int fact = 0; flipped >> fact != 0; fact++) {
            if ((flipped >> fact & 1) != 0) {
                counts[fact] += (facts >> fact & 1) != 0 ? 1 : -1;
            }
        }
        input.counted = facts;
        if (!input.changed) {
            input.changed = true;
            if (changed.isEmpty()) {
                changed = new ArrayList<>(1);
            }
            changed.add(input);
        }
    }

    /** Those that changed since this was last asked. */
    List<EdgeInput> takeChanged() {
        List<EdgeInput> taken = changed;
        changed = List.of();
        for (EdgeInput input : taken) {
            input.changed = false;
        }
        return taken;
    }
}
