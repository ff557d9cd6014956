package dev.cachetool.solver;

/** A record that leads to another as one of its inputs, narrowed by a selector as it stands on the wire; "" for all of it. */
public record CacheLink(CacheExporterRecord source, String selector) {}
