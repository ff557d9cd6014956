package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.PrunedWriter;
import dev.cachetool.cli.output.TargetRow;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What verbs say that publish caches: on standard output a line for each target, the SPEC of exactly this cache; what is good
 * to know beside it on standard error.
 */
final class PublishText {
    private final String verb;
    private final PublishAnswer answer;
    private final String nothing;
    private final Answers answers;
    private final Console console;

    /**
     * @param nothing why nothing was published where that is so; what to do on further lines
     */
    PublishText(String verb, PublishAnswer answer, String nothing, Command.Context context) {
        this.verb = verb;
        this.answer = answer;
        this.nothing = nothing;
        this.answers = context.answers();
        this.console = context.console();
    }

    /**
     * Whether a tar goes to standard output, so that nothing else may.
     *
     * @throws UsageException if JSON is to go there too
     */
    static boolean standardOutputIsTaken(List<TargetSpec> targets, Command.Context context) {
        boolean taken = targets.stream().anyMatch(target -> target.place() instanceof Place.Stream);
        if (taken && context.answers().json()) {
            throw new UsageException(
                    "the tar and --format json cannot both go to standard output",
                    "write the JSON to a file: --metadata-file FILE");
        }
        return taken;
    }

    /**
     * Prints all of it, and gives back what it means.
     *
     * @param standardOutputIsTaken whether the lines of the answer go to standard error
     */
    ExitCode tell(boolean standardOutputIsTaken) throws IOException {
        if (!standardOutputIsTaken && !answers.json()) {
            console.endPhase();
        }
        notes();
        answers.write(document(), () -> lines(standardOutputIsTaken));
        return code();
    }

    /** Prints what became of the targets on standard error, for a verb whose answer is another one. */
    void tellNotes() throws IOException {
        notes();
        lines(true);
    }

    /** What is good to know, on standard error: a line for each target where nothing changed, and one that sums up. */
    private void notes() {
        boolean published = false;
        for (TargetRow row : answer.targets()) {
            switch (row.status()) {
                case UNCHANGED ->
                    console.note("unchanged: " + row.place().name() + " is this cache already ("
                            + Figures.count(answer.layers().size(), "layer") + " checked)");
                case NOTHING ->
                    console.warn("nothing was published to " + row.place().name() + ": " + nothing);
                case SKIPPED -> console.warn(row.problem().orElseThrow());
                case FAILED -> {
                    Problem problem = row.problem().orElseThrow();
                    if (row.ignored()) {
                        console.warn(problem);
                    } else {
                        console.error(problem);
                    }
                }
                case PUSHED, WRITTEN -> published = true;
            }
        }
        if (published) {
            console.note(Figures.count(answer.records(), "record") + ", " + Figures.count(answer.results(), "result")
                    + ", " + Figures.count(answer.layers().size(), "layer") + ", " + Figures.size(answer.bytes())
                    + " (" + Figures.size(answer.bytesMoved()) + " " + moved() + ") in "
                    + Figures.seconds(answer.milliseconds()));
        }
    }

    private String moved() {
        boolean pushed = answer.targets().stream().anyMatch(row -> row.status() == TargetRow.Status.PUSHED);
        if (answer.dryRun()) {
            return pushed ? "to push" : "to write";
        }
        return pushed ? "pushed" : "written";
    }

    private void lines(boolean onError) throws IOException {
        for (TargetRow row : answer.targets()) {
            if (row.digest().isPresent()) {
                String pinned = row.place().pinned(row.digest().get());
                if (onError) {
                    console.note(pinned);
                } else {
                    console.out().line(pinned);
                }
            }
        }
    }

    /** What it means. */
    ExitCode code() {
        ExitCode first = ExitCode.DONE;
        boolean anySucceeded = false;
        for (TargetRow row : answer.targets()) {
            if (row.status() != TargetRow.Status.FAILED) {
                anySucceeded |= row.status() != TargetRow.Status.SKIPPED;
            } else if (!row.ignored() && first == ExitCode.DONE) {
                first = row.problem().orElseThrow().code();
            }
        }
        return first != ExitCode.DONE && anySucceeded ? ExitCode.PARTLY : first;
    }

    private Answer document() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("records", answer.records());
        figures.put("links", answer.links());
        figures.put("results", answer.results());
        figures.put("layers", (long) answer.layers().size());
        figures.put("bytes", answer.bytes());
        figures.put("bytesMoved", answer.bytesMoved());
        figures.put("ms", answer.milliseconds());
        Answer document = Answer.of(verb)
                .vertices(answer.vertices())
                .targets(answer.targets())
                .sources(answer.sources())
                .layers(answer.layers())
                .summary(figures);
        return answer.leftOut().isEmpty()
                ? document
                : document.section("pruned", new PrunedWriter(answer.leftOut(), true));
    }
}
