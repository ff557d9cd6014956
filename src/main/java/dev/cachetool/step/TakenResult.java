package dev.cachetool.step;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.content.FileTree;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Result;
import java.io.IOException;
import java.util.Optional;

/**
 * What stands in the workspace as the result of a vertex.
 *
 * @param vertex whose it is
 * @param tree what it is, files with their digests
 * @param createdAt when it was made
 */
public record TakenResult(Vertex vertex, FileTree tree, Timestamp createdAt) implements Result {
    @Override
    public String id() {
        return "taken:" + vertex.digest();
    }

    @Override
    public Optional<Digest> contentDigest(ContentFunction function) throws IOException {
        return Optional.of(function.digestOf(tree));
    }

    @Override
    public void release() {}
}
