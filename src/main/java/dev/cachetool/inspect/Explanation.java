package dev.cachetool.inspect;

import dev.cachetool.cachemap.KeyParts;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an output of a vertex stands to one cache: whether its key is there, and else what differs from the nearest key that is,
 * down to the first cause.
 *
 * @param verdict what the cache has of it
 * @param record the record that it is, or the nearest; empty where there is none like it
 * @param steps the vertices because of which it is not there, the first cause first and itself last; empty where it is there
 */
public record Explanation(Verdict verdict, Optional<RecordView> record, List<Step> steps) {
    public Explanation {
        steps = List.copyOf(steps);
    }

    /** What a cache has of a vertex, the nearest to a hit first. */
    public enum Verdict {
        /** Its key, with a result. */
        HIT,
        /** Its key, without a result. */
        NO_RESULT,
        /** Its operation, on other inputs. */
        INPUTS,
        /** Another operation of its name. */
        OPERATION,
        /** Nothing of it. */
        ABSENT,
        /** No cache is asked for it. */
        IGNORED
    }

    /**
     * A vertex on the way from the first cause.
     *
     * @param edge the vertex and its output
     * @param verdict what the cache has of it
     * @param before what stands in its place there; empty where nothing does, or its record is not known
     * @param isNoted whether the parts of its key are noted there, and so compared
     * @param changes the parts of its key that differ
     * @param inputs its inputs that differ
     */
    public record Step(
            Edge edge,
            Verdict verdict,
            Optional<RecordView> before,
            boolean isNoted,
            List<KeyParts.Change> changes,
            List<InputDifference> inputs) {
        public Step {
            changes = List.copyOf(changes);
            inputs = List.copyOf(inputs);
        }

        /** The name of the vertex. */
        public String name() {
            return edge.vertex().name();
        }

        /** A change of it as half a sentence, which calls an input by the vertex that it comes from. */
        public String said(KeyParts.Change change) {
            OptionalInt input = change.input();
            return input.isPresent() && input.getAsInt() < edge.vertex().inputCount()
                    ? change.said("paths of "
                            + edge.vertex()
                                    .inputs()
                                    .get(input.getAsInt())
                                    .edge()
                                    .vertex()
                                    .name())
                    : change.said();
        }

        /** The vertex that an input comes from. */
        public Vertex from(InputDifference input) {
            return edge.vertex().inputs().get(input.index()).edge().vertex();
        }
    }

    /**
     * An input that no link of the record fits.
     *
     * @param index which one; by the record's number where the vertex has fewer
     * @param selectorOnly whether the record takes it from the same key, by another selector
     */
    public record InputDifference(int index, boolean selectorOnly) {}

    /** Whether it is nearer to a hit: by what the cache has of it, then by how much differs. */
    public boolean isNearerThan(Explanation other) {
        return verdict != other.verdict ? verdict.compareTo(other.verdict) < 0 : differences() < other.differences();
    }

    /** How many parts and inputs differ in all its steps. */
    public int differences() {
        return steps.stream()
                .mapToInt(step -> step.changes().size() + step.inputs().size())
                .sum();
    }

    /** Whether the cache has nothing of the vertex, and nothing of what it stands on, as far as that can be told. */
    public boolean isOfNothing() {
        return steps.size() > 1
                && steps.stream()
                        .allMatch(step -> step.verdict() == Verdict.ABSENT
                                && step.inputs().size() == step.edge().vertex().inputCount());
    }

    /** The first thing that differs, as half a sentence; empty where nothing can be said but that it is not there. */
    public Optional<String> reason() {
        if (steps.isEmpty()) {
            return Optional.empty();
        }
        if (isOfNothing()) {
            return Optional.of("neither it nor what it takes is in the cache");
        }
        Step last = steps.get(steps.size() - 1);
        if (!last.changes().isEmpty()) {
            return Optional.of(last.said(last.changes().get(0)));
        }
        for (InputDifference input : last.inputs()) {
            Vertex from = last.from(input);
            if (from.op() instanceof LocalOp) {
                Optional<String> change = stepOf(from)
                        .flatMap(step -> step.changes().stream().findFirst().map(step::said));
                if (change.isPresent()) {
                    return change;
                }
            }
            return Optional.of("what it takes from " + from.name() + " changed");
        }
        return Optional.empty();
    }

    private Optional<Step> stepOf(Vertex vertex) {
        return steps.stream()
                .filter(step -> step.edge().vertex().equals(vertex))
                .findFirst();
    }

    /** The place of the step of a vertex among the steps. */
    public OptionalInt indexOf(Vertex vertex) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).edge().vertex().equals(vertex)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }
}
