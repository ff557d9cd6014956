package dev.cachetool.graph;

import java.util.List;

/**
 * Files of the workspace.
 *
 * @param path the folder, relative to the workspace; {@code .} for the workspace itself
 * @param include patterns relative to the folder; empty for everything
 * @param exclude patterns relative to the folder, of what is left out
 * @param exactModes whether all mode bits count, and not the executable bit alone
 */
public record LocalOp(String path, List<PathPattern> include, List<String> exclude, boolean exactModes)
        implements OpSpec {
    public LocalOp {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    @Override
    public String kind() {
        return "local";
    }
}
