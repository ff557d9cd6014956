package dev.cachetool.step;

import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Result;
import dev.cachetool.store.RefResult;
import java.io.IOException;
import java.util.Optional;

/**
 * A result that is used in this build alone, since it may not be what its vertex makes of its inputs.
 *
 * @param result what it is
 * @param reason why, as half a sentence
 */
public record DistrustedResult(RefResult result, String reason) implements Result {
    @Override
    public String id() {
        return result.id();
    }

    @Override
    public Timestamp createdAt() {
        return result.createdAt();
    }

    @Override
    public Optional<Digest> contentDigest(ContentFunction function) throws IOException {
        return result.contentDigest(function);
    }

    @Override
    public boolean isKept() {
        return false;
    }

    @Override
    public boolean isTrusted() {
        return false;
    }

    @Override
    public void release() {
        result.release();
    }
}
