package dev.cachetool.step;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.content.LayerReader;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Remote;
import dev.cachetool.solver.Result;
import java.io.IOException;
import java.util.Optional;

/**
 * A result that came with the graph, as layers.
 *
 * @param id names it: the same for the same output of equal vertices
 * @param createdAt when it was made
 * @param remote its layers
 * @param transferable whether the graph says that others can pull them already
 */
public record GivenResult(String id, Timestamp createdAt, Remote remote, boolean transferable) implements Result {
    /** The result of an output of the vertex. */
    public static GivenResult of(
            Vertex vertex, int outputIndex, Timestamp createdAt, Remote remote, boolean transferable) {
        return new GivenResult("given:" + vertex.digest() + "@" + outputIndex, createdAt, remote, transferable);
    }

    @Override
    public Optional<Digest> contentDigest(ContentFunction function) throws IOException {
        if (function.known().isPresent()) {
            return function.known();
        }
        return Optional.of(
                function.digestOf(new LayerReader(remote.provider(), warning -> {}).read(remote.descriptors())));
    }

    @Override
    public void release() {}
}
