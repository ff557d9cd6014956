package dev.cachetool.cachemap;

import dev.cachetool.digest.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What identifies an operation apart from its inputs, and for every input what of it matters.
 *
 * @param digest of the operation; a random one for an operation that never repeats
 * @param deps one for each input, in order
 */
public record CacheMap(Digest digest, List<Dep> deps) {
    public CacheMap {
        deps = List.copyOf(deps);
    }

    /**
     * How an input counts.
     *
     * @param selector what part of it matters, for its definition-based key; empty for all of it
     * @param contentFunction computes its content-based key; empty where it has none
     */
    public record Dep(Optional<Digest> selector, Optional<ContentFunction> contentFunction) {
        /** All of the input matters, and only its definition says what it is. */
        public static final Dep WHOLE = new Dep(Optional.empty(), Optional.empty());
    }
}
