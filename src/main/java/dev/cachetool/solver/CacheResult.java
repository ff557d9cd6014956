package dev.cachetool.solver;

import dev.cachetool.oci.Timestamp;

/** That a key has a result: the id under which a {@link CacheResultStorage} has it, and when it came to be. */
public record CacheResult(String id, Timestamp createdAt) {}
