package dev.cachetool.cli.service;

import dev.cachetool.cli.command.RunOptions;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.graph.Vertex;
import dev.cachetool.json.Suggestion;
import java.util.List;
import java.util.function.Predicate;

/** Which vertices no cache is asked for, beside those that say so themselves. */
final class IgnoredCaches {
    private IgnoredCaches() {}

    /**
     * Those that were named, or all.
     *
     * @throws UsageException if the graph has none of that name
     */
    static Predicate<Vertex> of(GraphSession session, RunOptions.Reuse reuse) {
        for (String name : reuse.except()) {
            if (session.definition().find(name).isEmpty()) {
                List<String> known = session.definition().vertices().stream()
                        .map(Vertex::name)
                        .toList();
                throw new UsageException(
                        "--no-cache-filter names the unknown vertex \"" + name + "\"",
                        Suggestion.nearest(name, known)
                                .map(near -> "did you mean \"" + near + "\"?")
                                .orElse(""));
            }
        }
        return vertex -> reuse.none() || reuse.except().contains(vertex.name());
    }
}
