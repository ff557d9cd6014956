package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.TargetRow;
import java.util.List;
import java.util.Optional;

/**
 * What a run did.
 *
 * @param solved what became of the vertices
 * @param failures what failed, in the order in which it did
 * @param published what became of the cache; empty where none was to be published, or something failed
 */
public record RunAnswer(SolveAnswer solved, List<Failure> failures, Optional<PublishAnswer> published) {
    public RunAnswer {
        failures = List.copyOf(failures);
    }

    /**
     * A vertex that failed.
     *
     * @param problem what to say of it
     * @param lastLines the last lines that it printed
     * @param byHand the command to run it by hand; empty where there is none
     */
    public record Failure(String vertex, Problem problem, List<String> lastLines, String byHand) {
        public Failure {
            lastLines = List.copyOf(lastLines);
        }
    }

    /** The targets that were to be written. */
    public List<TargetRow> targets() {
        return published.map(PublishAnswer::targets).orElse(List.of());
    }
}
