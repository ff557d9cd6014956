package dev.cachetool.solver;

import dev.cachetool.digest.Digest;
import java.util.Optional;

/** A key of an input with what part of that input matters; empty for all of it, and always for content keys. */
public record CacheKeyWithSelector(ExportableCacheKey key, Optional<Digest> selector) {}
