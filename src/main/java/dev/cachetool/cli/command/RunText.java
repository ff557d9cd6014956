package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.Table;
import dev.cachetool.cli.output.VertexRow;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code run} says at its end: a line for each vertex and one that sums up; of what failed once more why. */
final class RunText {
    /** How many columns a size has. */
    private static final int SIZE = 8;

    /** What becomes of vertices in a run. */
    static final List<Status> STATUSES =
            List.of(Status.EXECUTED, Status.HIT, Status.FAILED, Status.SKIPPED, Status.SOURCE, Status.UNNEEDED);

    private final RunAnswer answer;
    private final Publishing publishing;
    private final Optional<Status> only;
    private final Command.Context context;
    private final Console console;

    /**
     * @param publishing what was to be published
     * @param only the status of the vertices whose names alone are printed
     */
    RunText(RunAnswer answer, Publishing publishing, Optional<Status> only, Command.Context context) {
        this.answer = answer;
        this.publishing = publishing;
        this.only = only;
        this.context = context;
        this.console = context.console();
    }

    /**
     * Prints all of it, and gives back what it means.
     *
     * @param standardOutputIsTaken whether a tar goes to standard output, so that the answer goes nowhere
     */
    ExitCode tell(boolean standardOutputIsTaken) throws IOException {
        Optional<PublishText> published =
                answer.published().map(done -> new PublishText("run", done, nothing(), context));
        if (published.isPresent()) {
            published.get().tellNotes();
        }
        context.answers().write(document(), () -> {
            if (!standardOutputIsTaken) {
                print();
            }
        });
        if (!answer.failures().isEmpty()
                && published.isEmpty()
                && !publishing.targets().isEmpty()) {
            console.note("nothing was published, since not all of it succeeded");
        }
        for (RunAnswer.Failure failure : answer.failures()) {
            tell(failure);
        }
        return answer.failures().isEmpty() ? published.map(PublishText::code).orElse(ExitCode.DONE) : code();
    }

    private String nothing() {
        return "no vertex has a result to publish"
                + (publishing.exportRoots() ? "" : "\nresults of vertices without inputs go along with --export-roots");
    }

    private ExitCode code() {
        for (RunAnswer.Failure failure : answer.failures()) {
            if (failure.problem().code() == ExitCode.STEP_FAILED) {
                return ExitCode.STEP_FAILED;
            }
        }
        return answer.failures().get(0).problem().code();
    }

    private void tell(RunAnswer.Failure failure) {
        console.error(failure.problem());
        if (!failure.lastLines().isEmpty()) {
            console.said("  its last " + Figures.count(failure.lastLines().size(), "line") + ":");
            for (String line : failure.lastLines()) {
                console.said("  | " + line);
            }
        }
        if (!failure.byHand().isEmpty()) {
            console.said("  to run it by hand: " + failure.byHand());
        }
    }

    private void print() throws IOException {
        if (only.isPresent()) {
            new SolveText(answer.solved(), console).printNames(only.get());
            return;
        }
        Table table = new Table(console.style());
        for (VertexRow row : answer.solved().vertices()) {
            add(table, row);
        }
        for (String line : table.lines()) {
            console.out().line(line);
        }
        console.out().line(summary());
    }

    private void add(Table table, VertexRow vertex) {
        Status status = vertex.status().orElse(Status.UNNEEDED);
        Table.Row row = table.row().status(status.word()).left(vertex.name());
        String detail = vertex.reason().orElse("");
        if (status == Status.HIT) {
            String size = Figures.size(vertex.bytes());
            detail = size + " ".repeat(Math.max(0, SIZE - size.length())) + "   "
                    + vertex.source().map(place -> place.name()).orElse(detail);
        }
        boolean timed = status == Status.EXECUTED
                || status == Status.FAILED
                || (status == Status.HIT && vertex.restored().orElse(0) > 0);
        if (timed) {
            row.left(detail).right(Figures.seconds(vertex.milliseconds().orElse(0)));
        } else if (!detail.isEmpty()) {
            row.left(detail);
        }
    }

    private String summary() {
        SolveAnswer solved = answer.solved();
        long sources = solved.count(Status.SOURCE);
        StringBuilder line = new StringBuilder();
        line.append(Figures.count(solved.needed() - sources, "vertex"));
        line.append(": ").append(Figures.count(solved.count(Status.HIT))).append(" hit, ");
        line.append(Figures.count(solved.count(Status.EXECUTED))).append(" executed, ");
        line.append(Figures.count(solved.count(Status.FAILED))).append(" failed");
        long skipped = solved.count(Status.SKIPPED);
        if (skipped > 0) {
            line.append(", ").append(Figures.count(skipped)).append(" skipped");
        }
        if (solved.saved().isPresent()) {
            line.append("; ")
                    .append(Figures.seconds(solved.saved().getAsLong()))
                    .append(" saved");
        }
        return line.append("; took ")
                .append(Figures.seconds(solved.milliseconds()))
                .toString();
    }

    private Answer document() {
        Map<String, Long> figures = new LinkedHashMap<>(SolveText.figures(answer.solved()));
        answer.published().ifPresent(done -> figures.put("bytesMoved", done.bytesMoved()));
        return Answer.of("run")
                .vertices(answer.solved().vertices())
                .targets(answer.targets())
                .sources(answer.solved().sources())
                .layers(answer.solved().layers())
                .summary(figures);
    }
}
