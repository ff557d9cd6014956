package dev.cachetool.step;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Result;
import java.util.Optional;

/** Stands for what executing a vertex would give, where nothing is executed. */
public final class PendingResult implements Result {
    private final Vertex vertex;
    private final int outputIndex;

    public PendingResult(Vertex vertex, int outputIndex) {
        this.vertex = vertex;
        this.outputIndex = outputIndex;
    }

    @Override
    public String id() {
        return "pending:" + vertex.digest() + "@" + outputIndex;
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
    public boolean isKept() {
        return false;
    }

    @Override
    public void release() {}
}
