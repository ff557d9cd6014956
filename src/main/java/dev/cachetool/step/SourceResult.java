package dev.cachetool.step;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.content.FileTree;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Result;
import java.io.IOException;
import java.util.Optional;

/** The files of the workspace that a local vertex selects. */
public final class SourceResult implements Result {
    private final Digest vertex;
    private final FileTree tree;

    SourceResult(Digest vertex, FileTree tree) {
        this.vertex = vertex;
        this.tree = tree;
    }

    @Override
    public String id() {
        return "source:" + vertex;
    }

    @Override
    public Timestamp createdAt() {
        return Timestamp.ZERO;
    }

    /** What it selects. */
    public FileTree tree() {
        return tree;
    }

    @Override
    public Optional<Digest> contentDigest(ContentFunction function) throws IOException {
        return Optional.of(function.digestOf(tree));
    }

    /** It is computed anew from the workspace each time. */
    @Override
    public boolean isKept() {
        return false;
    }

    @Override
    public void release() {}
}
