package dev.cachetool.solver;

import dev.cachetool.oci.Timestamp;

/** A result as it is exported: its layers and when it came to be. */
public record CacheExportResult(Timestamp createdAt, Remote remote) {}
