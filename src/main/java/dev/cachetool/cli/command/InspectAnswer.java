package dev.cachetool.cli.command;

import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.inspect.CacheView;

/**
 * What a cache holds.
 *
 * @param source where it lies
 * @param cache what was found there
 */
public record InspectAnswer(SourceRow source, CacheView cache) {}
