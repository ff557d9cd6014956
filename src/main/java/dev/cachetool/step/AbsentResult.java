package dev.cachetool.step;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Result;
import java.util.Optional;

/**
 * Stands for a result that an export does not have: its record and links are exported all the same.
 *
 * @param vertex whose it would be
 * @param outputIndex of which output
 */
public record AbsentResult(Vertex vertex, int outputIndex) implements Result {
    @Override
    public String id() {
        return "absent:" + vertex.digest() + "@" + outputIndex;
    }

    @Override
    public Timestamp createdAt() {
        return Timestamp.ZERO;
    }

    @Override
    public Optional<Digest> contentDigest(ContentFunction function) {
        return function.known();
    }

    @Override
    public void release() {}
}
