package dev.cachetool.solver;

/** A record in an export target, for links to point at; belongs to the target that gave it. */
public interface CacheExporterRecord {}
