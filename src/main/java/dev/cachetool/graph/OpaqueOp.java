package dev.cachetool.graph;

import dev.cachetool.digest.Digest;
import java.util.List;
import java.util.Optional;

/**
 * An op whose cache maps another builder computed.
 *
 * @param cacheMaps the digests of its cache maps, at least one, each a random one or not; several only where the vertex
 *     has no inputs
 * @param deps one for each input of the vertex
 */
public record OpaqueOp(List<Digest> cacheMaps, List<Dep> deps) implements OpSpec {
    public OpaqueOp {
        if (cacheMaps.isEmpty()) {
            throw new IllegalArgumentException("an opaque op has a cache map");
        }
        cacheMaps = List.copyOf(cacheMaps);
        deps = List.copyOf(deps);
    }

    /**
     * What the builder said of an input.
     *
     * @param selector of its definition-based key
     * @param contentDigest of its content-based key
     */
    public record Dep(Optional<Digest> selector, Optional<Digest> contentDigest) {
        /** An input of which nothing was said. */
        static final Dep NONE = new Dep(Optional.empty(), Optional.empty());
    }

    @Override
    public String kind() {
        return "opaque";
    }
}
