package dev.cachetool.cli.command;

import dev.cachetool.graph.GraphException;
import java.io.IOException;

/** A graph names a file as a layer that is not there, and no other place has the blob. */
public final class NoSuchLayerFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * The exception for a layer of a graph.
     *
     * @param where names the layer, its file and its place in the graph
     */
    public NoSuchLayerFileException(GraphException where) {
        super(where.getMessage(), where);
    }
}
