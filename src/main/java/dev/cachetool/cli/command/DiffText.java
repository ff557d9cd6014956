package dev.cachetool.cli.command;

import dev.cachetool.cachemap.KeyParts;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.StandardOutput;
import dev.cachetool.cli.output.Table;
import dev.cachetool.inspect.CacheDiff;
import dev.cachetool.inspect.CacheDiff.Branch;
import dev.cachetool.inspect.CacheDiff.InputChange;
import dev.cachetool.inspect.CacheDiff.Pair;
import dev.cachetool.inspect.CacheDiff.Parting;
import dev.cachetool.inspect.CacheDiff.ResultChange;
import dev.cachetool.inspect.CacheDiff.Why;
import dev.cachetool.inspect.Labels;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What {@code diff} says: figures side by side, results that differ, and where chains part. */
final class DiffText {
    /** How many lines each list has, unless all are wanted. */
    private static final int MOST = 10;

    private static final int MOST_NAMES = 4;

    private final DiffAnswer answer;
    private final CacheDiff diff;
    private final Labels labelsA;
    private final Labels labelsB;
    private final Console console;
    private final StandardOutput out;

    DiffText(DiffAnswer answer, Console console) {
        this.answer = answer;
        this.diff = answer.diff();
        this.labelsA = new Labels(diff.a());
        this.labelsB = new Labels(diff.b());
        this.console = console;
        this.out = console.out();
    }

    void print() throws IOException {
        out.line(diff.isDifferent() ? "the caches differ" : "the caches hold the same records and results");
        out.line(SafeText.of("  A   " + answer.a().label()));
        out.line(SafeText.of("  B   " + answer.b().label()));
        figures();
        remarks();
        results();
        partings();
        out.line(summary());
    }

    private void figures() throws IOException {
        Table table = new Table(console.style());
        table.row().left("").right("in both").right("only in A").right("only in B");
        row(
                table,
                "  records",
                diff.both().size(),
                diff.onlyA().size(),
                diff.onlyB().size());
        row(table, "  results", diff.resultsInBoth(), diff.resultsOnlyA(), diff.resultsOnlyB());
        row(
                table,
                "  layers",
                diff.layersInBoth().size(),
                diff.layersOnlyA().size(),
                diff.layersOnlyB().size());
        table.row()
                .left("  size")
                .right(Figures.size(CacheDiff.bytes(diff.a(), diff.layersInBoth())))
                .right(Figures.size(CacheDiff.bytes(diff.a(), diff.layersOnlyA())))
                .right(Figures.size(CacheDiff.bytes(diff.b(), diff.layersOnlyB())));
        for (String line : table.lines(console.columns())) {
            out.line(line);
        }
    }

    private static void row(Table table, String label, int both, int onlyA, int onlyB) {
        table.row()
                .left(label)
                .right(Figures.count(both))
                .right(Figures.count(onlyA))
                .right(Figures.count(onlyB));
    }

    /** What the figures do not show: what is the same in another way. */
    private void remarks() throws IOException {
        int repacked = diff.count(ResultChange.PACKING);
        if (repacked > 0) {
            out.line("  " + of(repacked, "result") + " the same files in other layers (compressed otherwise)");
        }
        int retimed = diff.count(ResultChange.TIME);
        if (retimed > 0) {
            out.line("  " + of(retimed, "result") + " the same layers, made at another time");
        }
        int relinked = diff.pairs(Pair::relinked).size();
        if (relinked > 0) {
            out.line("  " + of(relinked, "record") + " in both, and other links lead to "
                    + (relinked == 1 ? "it" : "them"));
        }
        int operations = diff.sameOperations();
        if (operations > 0) {
            out.line("  " + of(operations, "record") + " the same operation in each, with other inputs or selectors");
        }
        if (diff.isDifferent() && !(diff.a().noted() && diff.b().noted())) {
            out.line("  " + (diff.a().noted() ? "B has no" : diff.b().noted() ? "A has no" : "neither has")
                    + " notes, which names come from");
        }
    }

    private static String of(int count, String noun) {
        return Figures.count(count, noun) + (count == 1 ? " is" : " are");
    }

    private void results() throws IOException {
        List<Pair> changed = new ArrayList<>(diff.pairs(pair -> pair.result().isDifference()));
        changed.sort(Comparator.<Pair>comparingLong(pair -> -bytes(pair))
                .thenComparing(pair -> labelsA.label(diff.recordA(pair.a()))));
        if (changed.isEmpty()) {
            return;
        }
        out.line("results of the same record that differ");
        Table table = new Table(console.style());
        int shown = shown(changed.size());
        for (Pair pair : changed.subList(0, shown)) {
            table.row()
                    .left("  " + labelsA.label(diff.recordA(pair.a())))
                    .left(
                            switch (pair.result()) {
                                case ONLY_A -> "only in A";
                                case ONLY_B -> "only in B";
                                default -> "other content";
                            })
                    .left(sides(pair));
        }
        print(table, changed.size() - shown);
    }

    private long bytes(Pair pair) {
        return Math.max(
                diff.resultA(pair).map(ResultView::bytes).orElse(0L),
                diff.resultB(pair).map(ResultView::bytes).orElse(0L));
    }

    private String sides(Pair pair) {
        List<String> sides = new ArrayList<>();
        diff.resultA(pair).ifPresent(result -> sides.add("A " + Figures.size(result.bytes()) + " " + age(result)));
        diff.resultB(pair).ifPresent(result -> sides.add("B " + Figures.size(result.bytes()) + " " + age(result)));
        return String.join(", ", sides);
    }

    private String age(ResultView result) {
        return Figures.age(result.createdAt().instant(), console.now());
    }

    private void partings() throws IOException {
        int lines = 0;
        int left = 0;
        for (Parting parting : diff.partings()) {
            int room = console.isVerbose() ? Integer.MAX_VALUE : Math.max(0, MOST - lines);
            int shown = Math.min(parting.branches().size(), room);
            if (shown > 0) {
                out.line(SafeText.of("chains part " + where(parting)));
                Table table = new Table(console.style());
                parting.branches().subList(0, shown).forEach(branch -> add(table, branch));
                print(table, 0);
            }
            lines += shown;
            left += parting.branches().size() - shown;
        }
        if (left > 0) {
            out.line("…and " + Figures.count(left) + " more (-v shows all)");
        }
    }

    private String where(Parting parting) {
        if (parting.common().isEmpty()) {
            return "at the start";
        }
        List<String> names = new ArrayList<>();
        for (int index : parting.common()) {
            if (!diff.recordA(index).names().isEmpty()) {
                names.add(labelsA.label(diff.recordA(index)));
            }
        }
        if (names.isEmpty()) {
            parting.common().forEach(index -> names.add(labelsA.label(diff.recordA(index))));
        }
        int more = console.isVerbose() ? 0 : names.size() - MOST_NAMES;
        return "after "
                + (more > 0
                        ? String.join(", ", names.subList(0, MOST_NAMES)) + " and " + more + " more"
                        : String.join(", ", names));
    }

    private void add(Table table, Branch branch) {
        Optional<RecordView> a =
                branch.a().isPresent() ? Optional.of(diff.recordA(branch.a().getAsInt())) : Optional.empty();
        Optional<RecordView> b =
                branch.b().isPresent() ? Optional.of(diff.recordB(branch.b().getAsInt())) : Optional.empty();
        String nameA = a.map(labelsA::label).orElse("");
        String nameB = b.map(labelsB::label).orElse("");
        table.row()
                .left("  "
                        + switch (branch.where()) {
                            case A -> "only in A";
                            case B -> "only in B";
                            case EACH -> "in each";
                        })
                .left(
                        switch (branch.where()) {
                            case A -> nameA;
                            case B -> nameB;
                            case EACH -> nameA.equals(nameB) ? nameA : nameA + ", " + nameB;
                        })
                .left(String.join("; ", said(branch)));
    }

    private List<String> said(Branch branch) {
        List<String> said = new ArrayList<>();
        if (branch.why() != Why.ALONE) {
            said.add(why(branch));
        }
        if (branch.followingA() > 0 || branch.followingB() > 0) {
            said.add("then "
                    + switch (branch.where()) {
                        case A -> Figures.count(branch.followingA()) + " more";
                        case B -> Figures.count(branch.followingB()) + " more";
                        case EACH ->
                            Figures.count(branch.followingA()) + " in A, " + Figures.count(branch.followingB())
                                    + " in B";
                    });
        }
        return said;
    }

    private String why(Branch branch) {
        return switch (branch.why()) {
            case ALONE -> "";
            case SELECTORS -> "other selectors of " + inputs(branch);
            case INPUTS ->
                branch.inputs().stream()
                        .filter(input -> !input.changes().isEmpty())
                        .findFirst()
                        .map(input -> sourceName(input) + ": " + first(input.changes()))
                        .orElseGet(() -> "the same on another " + inputs(branch));
            case OPERATION -> branch.changes().isEmpty() ? "another operation" : first(branch.changes());
        };
    }

    private static String first(List<KeyParts.Change> changes) {
        int more = changes.size() - 1;
        return changes.get(0).said() + (more > 0 ? " and " + Figures.count(more) + " more" : "");
    }

    private String inputs(Branch branch) {
        List<String> names = new ArrayList<>();
        for (InputChange input : branch.inputs()) {
            String name = sourceName(input);
            names.add(name.isEmpty() ? "input " + input.index() : name);
        }
        return String.join(", ", names);
    }

    private String sourceName(InputChange input) {
        return String.join(", ", diff.recordA(input.a()).names());
    }

    private int shown(int count) {
        return console.isVerbose() ? count : Math.min(count, MOST);
    }

    private void print(Table table, int left) throws IOException {
        for (String line : table.lines(console.columns())) {
            out.line(line);
        }
        if (left > 0) {
            out.line("  …and " + Figures.count(left) + " more (-v shows all)");
        }
    }

    private String summary() {
        int records = diff.onlyA().size()
                + diff.onlyB().size()
                + diff.pairs(Pair::relinked).size();
        return Figures.count(records) + " of " + Figures.count(diff.records(), "record") + " and "
                + Figures.count(diff.results() - diff.resultsInBoth()) + " of "
                + Figures.count(diff.results(), "result")
                + " differ";
    }
}
