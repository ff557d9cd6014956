package dev.cachetool.cli.command;

import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.inspect.CacheDiff;

/**
 * How two caches differ.
 *
 * @param a what was found at the first place
 * @param b what was found at the second place
 */
public record DiffAnswer(SourceRow a, SourceRow b, CacheDiff diff) {}
