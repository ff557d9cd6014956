package dev.cachetool.cli.command;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.StandardOutput;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.Table;
import dev.cachetool.cli.output.VertexRow;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code plan} and {@code import} say of vertices: a line each, and one that sums up. */
final class SolveText {
    /** What becomes of vertices where nothing is executed. */
    static final List<Status> STATUSES = List.of(Status.MISS, Status.HIT, Status.MAYBE, Status.SOURCE, Status.UNNEEDED);

    private final SolveAnswer answer;
    private final Console console;

    SolveText(SolveAnswer answer, Console console) {
        this.answer = answer;
        this.console = console;
    }

    /**
     * What {@code --print} says: the status of the vertices whose names alone are printed.
     *
     * @param known those that the verb gives
     */
    static Optional<Status> only(Arguments arguments, Flag flag, List<Status> known) {
        Optional<String> word = arguments.word(flag);
        for (Status status : known) {
            if (word.isPresent() && status.word().equals(word.get())) {
                return Optional.of(status);
            }
        }
        if (word.isPresent()) {
            throw new UsageException(
                    "no vertex is \"" + word.get() + "\" here, as " + flag.name() + " asks",
                    "known: "
                            + String.join(", ", known.stream().map(Status::word).toList()));
        }
        return Optional.empty();
    }

    /** Prints only the names of the vertices with the status. */
    void printNames(Status status) throws IOException {
        for (VertexRow row : answer.vertices()) {
            if (row.status().isPresent() && row.status().get() == status) {
                console.out().name(SafeText.of(row.name()));
            }
        }
    }

    /** Prints the names of those with the status alone, or else a line for each vertex, and the summary with the given end. */
    void print(Optional<Status> only, String end) throws IOException {
        if (only.isPresent()) {
            printNames(only.get());
            return;
        }
        StandardOutput out = console.out();
        Table table = new Table(console.style());
        for (VertexRow row : answer.vertices()) {
            add(table, row, console);
        }
        for (String line : table.lines()) {
            out.line(line);
        }
        out.line(summary() + "; " + end);
    }

    /** Adds the line of a vertex. */
    static void add(Table table, VertexRow vertex, Console console) {
        Status status = vertex.status().orElse(Status.UNNEEDED);
        Table.Row row = table.row().status(status.word()).left(vertex.name());
        if (status != Status.HIT) {
            vertex.reason().ifPresent(row::left);
            return;
        }
        row.right(vertex.layers() == 0 && vertex.bytes() == 0 ? "empty" : Figures.size(vertex.bytes()));
        row.left(vertex.createdAt()
                .map(createdAt -> Figures.age(createdAt.instant(), console.now()))
                .orElse(""));
        if (vertex.restored().isPresent()) {
            row.left("restored " + Figures.count(vertex.restored().getAsLong(), "file") + " in "
                    + Figures.seconds(vertex.milliseconds().orElse(0)));
        }
        row.left(vertex.source().map(place -> place.name()).orElse(""));
    }

    private String summary() {
        StringBuilder line = new StringBuilder();
        line.append(Figures.count(answer.needed())).append(" of ");
        line.append(Figures.count(answer.vertices().size(), "vertex")).append(" needed");
        String separator = ": ";
        for (Status status : Status.values()) {
            long count = answer.count(status);
            boolean always = status == Status.HIT || status == Status.MISS;
            if (status != Status.UNNEEDED && (count > 0 || always)) {
                line.append(separator).append(Figures.count(count)).append(' ').append(status.word());
                separator = ", ";
            }
        }
        if (answer.asked() > 0) {
            line.append(" (").append(answer.hitRate()).append(" %)");
        }
        return line.toString();
    }

    /** The figures of the summary for JSON. */
    static Map<String, Long> figures(SolveAnswer answer) {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("vertices", (long) answer.vertices().size());
        figures.put("needed", answer.needed());
        figures.put("sources", answer.count(Status.SOURCE));
        figures.put("hits", answer.count(Status.HIT));
        figures.put("misses", answer.count(Status.MISS));
        figures.put("maybes", answer.count(Status.MAYBE));
        figures.put("unneeded", answer.count(Status.UNNEEDED));
        figures.put("executed", answer.count(Status.EXECUTED));
        figures.put("failed", answer.count(Status.FAILED));
        figures.put("skipped", answer.count(Status.SKIPPED));
        figures.put("hitRate", answer.hitRate());
        figures.put("layers", (long) answer.layers().size());
        figures.put("bytes", answer.bytes());
        answer.saved().ifPresent(saved -> figures.put("saved", saved));
        figures.put("restored", answer.restored());
        figures.put("ms", answer.milliseconds());
        return figures;
    }
}
