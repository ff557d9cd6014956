package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import java.util.Optional;

/**
 * How one gets from the key of an input to the key of what uses it.
 *
 * @param inputIndex which input it is, from 0
 * @param recordDigest the output key of the operation that is got to
 * @param selector what part of the input matters; empty for all of it, and always for content keys
 */
public record CacheInfoLink(int inputIndex, Digest recordDigest, Optional<Digest> selector) {
    // Written out, since every look-up of a link comes here, and what a record has is slow until it is compiled.
    @Override
    public boolean equals(Object other) {
        return other instanceof CacheInfoLink that
                && inputIndex == that.inputIndex
                && recordDigest.equals(that.recordDigest)
                && selector.equals(that.selector);
    }

    @Override
    public int hashCode() {
        return (recordDigest.hashCode() * 31 + inputIndex) * 31 + selector.hashCode();
    }
}
