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
public record CacheInfoLink(int inputIndex, Digest recordDigest, Optional<Digest> selector) {}
