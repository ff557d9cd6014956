package dev.cachetool.cli.command;

import java.nio.file.Path;

/**
 * What {@code cachemap} is asked.
 *
 * @param graph the graph's file
 * @param workspace what its paths start from
 */
public record CacheMapOptions(Path graph, Path workspace) {}
