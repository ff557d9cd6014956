package dev.cachetool.graph;

import dev.cachetool.digest.Digest;
import java.util.List;

/**
 * A vertex of a definition. A light view: ops, inputs and results are made anew whenever they are asked for, so keep what
 * is needed often. Two are equal if they are the same vertex of the same definition.
 */
public final class Vertex {
    private final Definition definition;
    private final int index;

    Vertex(Definition definition, int index) {
        this.definition = definition;
        this.index = index;
    }

    /** Its place in the graph, from 0. */
    public int index() {
        return index;
    }

    /** Its name, unique in the graph and without control characters. */
    public String name() {
        return definition.nameOf(index);
    }

    /** What it does. */
    public OpSpec op() {
        return definition.opOf(index);
    }

    /** What it takes from others, in order. */
    public List<Input> inputs() {
        return definition.inputsOf(index);
    }

    /** How many inputs it has. */
    public int inputCount() {
        return definition.inputCountOf(index);
    }

    /** How many outputs it has: 1, or for an opaque op as many as anything in the graph names, at least 1. */
    public int outputCount() {
        return definition.outputCountOf(index);
    }

    /** What is wished for it. */
    public VertexOptions options() {
        return definition.optionsOf(index);
    }

    /** The results that came with the graph, at most one for each output. */
    public List<ResultSpec> results() {
        return definition.resultsOf(index);
    }

    /**
     * The vertex digest (docs/formats.md, "Vertex digest"): covers the op and, in order, the inputs with their vertex
     * digests; neither name, options nor results. The first call on a definition computes those of all its vertices.
     */
    public Digest digest() {
        return definition.digestOf(index);
    }

    /**
     * An error of the graph at this vertex, as {@link Definition#error} gives it.
     *
     * @param pointer where in the vertex it is
     */
    public GraphException error(String problem, String nextStep, Object... pointer) {
        Object[] whole = new Object[pointer.length + 2];
        whole[0] = "vertices";
        whole[1] = index;
        System.arraycopy(pointer, 0, whole, 2, pointer.length);
        return definition.error(problem, nextStep, whole);
    }

    /** The definition that it belongs to. */
    public Definition definition() {
        return definition;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vertex that && definition == that.definition && index == that.index;
    }

    @Override
    public int hashCode() {
        return Integer.hashCode(index);
    }

    /** Its name. */
    @Override
    public String toString() {
        return name();
    }
}
