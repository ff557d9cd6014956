package dev.cachetool.cli.command;

import dev.cachetool.cachemap.KeyParts;
import dev.cachetool.cli.command.ExplainAnswer.Explained;
import dev.cachetool.cli.command.ExplainAnswer.InCache;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.StandardOutput;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.Table;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.OpaqueOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.inspect.Explanation;
import dev.cachetool.inspect.Explanation.InputDifference;
import dev.cachetool.inspect.Explanation.Step;
import dev.cachetool.inspect.Explanation.Verdict;
import dev.cachetool.inspect.ResultView;
import dev.cachetool.oci.Timestamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code explain} says: what becomes of each vertex, and for each cache the steps to it from the first cause. */
final class ExplainText {
    /** How many lines a list has, unless all are wanted. */
    private static final int MOST = 10;

    /** How much of a value is shown, unless all is wanted. */
    private static final int LONGEST_VALUE = 200;

    private final ExplainAnswer answer;
    private final Console console;
    private final StandardOutput out;

    ExplainText(ExplainAnswer answer, Console console) {
        this.answer = answer;
        this.console = console;
        this.out = console.out();
    }

    void print() throws IOException {
        for (Explained each : answer.vertices()) {
            Table table = new Table(console.style());
            SolveText.add(table, withFirstCause(each), console);
            print(table);
            for (InCache cache : each.caches()) {
                print(each, cache);
            }
            if (each.caches().isEmpty() && !isHit(each)) {
                out.line("  no cache was read, and nothing is remembered of a run here: name a cache with --from SPEC");
            }
        }
        out.line(summary());
    }

    private static boolean isHit(Explained each) {
        return each.row().status().equals(Optional.of(Status.HIT));
    }

    /** The row of a vertex, whose reason names the first cause where that lies further down. */
    private static VertexRow withFirstCause(Explained each) {
        Optional<Explanation> nearest = each.caches().stream().findFirst().map(InCache::explanation);
        if (each.row().reason().isEmpty()
                || nearest.isEmpty()
                || nearest.get().steps().size() < 2) {
            return each.row();
        }
        Step first = nearest.get().steps().get(0);
        String cause =
                first.changes().isEmpty() ? "" : first.said(first.changes().get(0));
        String reason = each.row().reason().get();
        return cause.isEmpty() || reason.contains(cause)
                ? each.row()
                : each.row().withReason(reason + "; first cause: " + cause);
    }

    private void print(Explained vertex, InCache cache) throws IOException {
        Explanation explanation = cache.explanation();
        if (isHit(vertex)
                && cache.place().isPresent()
                && cache.place().equals(vertex.row().source())) {
            return;
        }
        String where = cache.place().map(place -> "in " + place.name()).orElse("since the last run here");
        if (explanation.steps().isEmpty()) {
            out.line(SafeText.of("  " + where + ": " + found(vertex, cache)));
            return;
        }
        out.line(SafeText.of("  " + where + ":"));
        if (cache.place().isPresent() && !cache.isNoted()) {
            out.line("    it has no notes (BuildKit writes none), so that only keys are compared");
        }
        if (explanation.isOfNothing() && cache.place().isPresent()) {
            out.line("    neither it nor what it stands on is there"
                    + (cache.isNoted() ? ", in any version" : " as it is now (no more is noted)"));
            return;
        }
        Table table = new Table(console.style());
        List<Step> steps = explanation.steps();
        int shown = console.isVerbose() || steps.size() <= MOST ? steps.size() : MOST - 1;
        for (Step step : steps.subList(0, shown)) {
            add(table, step, cache, steps.size() == 1);
        }
        if (shown < steps.size()) {
            table.row().left("    …").left("and " + Figures.count(steps.size() - shown - 1) + " more (-v shows all)");
            add(table, steps.get(steps.size() - 1), cache, false);
        }
        print(table);
    }

    /** What is said of a vertex whose key is there. */
    private String found(Explained vertex, InCache cache) {
        Explanation explanation = cache.explanation();
        if (cache.place().isEmpty()) {
            return "nothing changed";
        }
        Vertex of = vertex.edge().vertex();
        if (of.op() instanceof LocalOp) {
            return "the same";
        }
        Optional<ResultView> result = explanation.record().flatMap(record -> record.result());
        if (explanation.verdict() == Verdict.HIT && result.isPresent()) {
            return isHit(vertex) || vertex.row().status().equals(Optional.of(Status.MAYBE))
                    ? "a hit, " + Figures.size(result.get().bytes()) + age(result.get())
                    : "its key is there, with a result";
        }
        return "its key is there, without a result"
                + (of.options().exportCache()
                        ? ": of --mode=min only the targets have one; it may also have been pruned"
                        : ": it is never exported (exportCache is false)");
    }

    private String age(ResultView result) {
        return result.createdAt().equals(Timestamp.ZERO)
                ? ""
                : ", " + Figures.age(result.createdAt().instant(), console.now());
    }

    private void add(Table table, Step step, InCache cache, boolean alone) {
        String name = "    " + step.name()
                + step.before()
                        .filter(record ->
                                !record.names().isEmpty() && !record.names().contains(step.name()))
                        .map(record -> " (there: " + record.label() + ")")
                        .orElse("");
        List<String> lines = lines(step, cache, alone);
        int shown = console.isVerbose() || lines.size() <= MOST ? lines.size() : MOST - 1;
        for (String line : lines.subList(0, shown)) {
            table.row().left(name).left(line);
            name = "";
        }
        if (shown < lines.size()) {
            table.row().left("").left("…and " + Figures.count(lines.size() - shown) + " more (-v shows all)");
        }
    }

    private List<String> lines(Step step, InCache cache, boolean alone) {
        List<String> lines = new ArrayList<>();
        if (step.verdict() == Verdict.IGNORED) {
            lines.add("is executed in any case: no cache is asked for it");
        }
        step.changes().forEach(change -> lines.addAll(said(step, change)));
        List<String> differing = new ArrayList<>();
        for (InputDifference input : step.inputs()) {
            String from = step.from(input).name();
            if (!input.selectorOnly()) {
                differing.add(from);
            } else if (step.changes().stream()
                    .noneMatch(change -> change.name().equals("paths[" + input.index() + "]"))) {
                lines.add("takes other paths of " + from);
            }
        }
        if (step.verdict() == Verdict.ABSENT) {
            lines.add(absent(step, cache, alone));
        }
        if (!differing.isEmpty()) {
            lines.add("takes " + String.join(", ", differing)
                    + (differing.size() == 1 ? ", which differs" : ", which differ"));
        }
        if (lines.isEmpty()) {
            lines.add(
                    step.isNoted()
                            ? "differs in nothing that is noted"
                            : step.edge().vertex().op() instanceof LocalOp
                                    ? "has other files; which, is not noted"
                                    : "differs; in what, is not noted");
        }
        return lines;
    }

    /** What changed, and long values on lines of their own. */
    private List<String> said(Step step, KeyParts.Change change) {
        List<String> lines = new ArrayList<>(List.of(step.said(change)));
        if (change.isReadable() && !change.saysValues()) {
            change.before().ifPresent(value -> lines.add("  was: " + cut(value)));
            change.now().ifPresent(value -> lines.add("  is:  " + cut(value)));
        }
        return lines;
    }

    private String cut(String value) {
        return console.isVerbose() || value.length() <= LONGEST_VALUE
                ? value
                : value.substring(0, LONGEST_VALUE) + "… (-v shows all)";
    }

    private static String absent(Step step, InCache cache, boolean alone) {
        if (step.edge().vertex().op() instanceof OpaqueOp) {
            return "none of its cache maps is in the cache";
        }
        if (cache.isNoted()) {
            return cache.place().isEmpty()
                    ? "was not in the graph, nor another version of it"
                    : "is not in the cache, nor another version of it";
        }
        return step.edge().vertex().op() instanceof LocalOp
                ? (alone ? "is not there with these files; what differs" : "has other files; which") + ", is not noted"
                : "is an operation that the cache does not have; what differs, is not noted";
    }

    private void print(Table table) throws IOException {
        for (String line : table.lines()) {
            out.line(line);
        }
    }

    private String summary() {
        List<String> parts = new ArrayList<>();
        for (Status status : List.of(Status.HIT, Status.MISS, Status.MAYBE, Status.SOURCE)) {
            long count = ExplainCommand.count(answer, status);
            if (count > 0) {
                parts.add(Figures.count(count) + " " + status.word());
            }
        }
        return Figures.count(answer.vertices().size(), "vertex") + ": " + String.join(", ", parts) + "; compared with "
                + Figures.count(
                        answer.sources().stream()
                                .filter(source -> source.problem().isEmpty())
                                .count(),
                        "cache");
    }
}
