package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.Table;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.cli.output.Wrapped;
import dev.cachetool.remotecache.CachePrunePolicy.Dropped;
import dev.cachetool.remotecache.CachePrunePolicy.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What {@code prune} says: a row for each result that goes, and what that frees. */
final class PruneText {
    private final PruneOptions options;
    private final PruneAnswer answer;
    private final Console console;
    private final boolean done;

    PruneText(PruneOptions options, PruneAnswer answer, Console console) {
        this.options = options;
        this.answer = answer;
        this.console = console;
        this.done = PruneCommand.isDone(options, answer);
    }

    void print() throws IOException {
        Table table = new Table(console.style());
        for (Dropped each : answer.dropped()) {
            Table.Row row = table.row()
                    .status(done ? "removed" : "prunable")
                    .left(each.row().shortDigest())
                    .right(Figures.size(each.freed()))
                    .left(Figures.age(each.row().createdAt().instant(), console.now()))
                    .left(word(each.reason()));
            List<String> names = List.copyOf(each.row().names());
            if (console.isVerbose() && !names.isEmpty()) {
                row.left(String.join(", ", names));
            } else if (!names.isEmpty()) {
                row.list(names);
            }
        }
        for (String line : table.lines(console.columns())) {
            console.out().line(line);
        }
        Optional<TargetRow> target = answer.target();
        if (target.isPresent() && target.get().digest().isPresent()) {
            console.out()
                    .line(target.get().status().word() + "   "
                            + SafeText.of(target.get()
                                    .place()
                                    .pinned(target.get().digest().get())));
        }
        sentence(sum());
        Optional<String> space = space();
        if (space.isPresent()) {
            sentence(space.get());
        }
    }

    private void sentence(String text) throws IOException {
        for (String line : Wrapped.lines(console.columns(), "", text, "  ")) {
            console.out().line(line);
        }
    }

    private static String word(Reason reason) {
        return switch (reason) {
            case UNREACHABLE -> "not reached";
            case AGE -> "too old";
            case COUNT -> "too many";
            case SIZE -> "too large";
            case FIT -> "does not fit";
        };
    }

    private String sum() {
        PruneAnswer.Size before = answer.before();
        PruneAnswer.Size after = answer.after();
        String left = Figures.count(after.results(), "result") + " with " + Figures.size(after.bytes());
        if (!answer.isAnything()) {
            return "nothing to prune: " + left;
        }
        if (after.results() == 0) {
            return "all " + Figures.count(before.results(), "result") + " would go: the cache stays as it is";
        }
        long records = before.records() - after.records();
        String gone = answer.dropped().isEmpty()
                ? Figures.count(records, "record") + " without a result"
                : Figures.count(before.results() - after.results(), "result")
                        + (records == 0 ? "" : " and " + Figures.count(records, "record"));
        return done ? gone + " removed, " + left + " left" : gone + " would go, " + left + " would be left";
    }

    private Optional<String> space() {
        PruneAnswer.Space space = answer.space();
        if (!answer.isAnything()
                || !answer.canBeWritten()
                || answer.after().results() == 0
                || options.to().isPresent()) {
            return Optional.empty();
        }
        String others = space.needed() == 0 ? "" : "; other tags need " + Figures.size(space.needed()) + " more";
        if (space.freed().isPresent()) {
            return Optional.of(Figures.size(space.freed().get()) + (done ? " freed" : " would be freed") + others);
        }
        if (!done) {
            return Optional.of(Figures.size(space.unreferenced()) + " would not be referenced any more" + others);
        }
        String kept = space.unreferenced() == space.removed()
                ? ""
                : ", " + Figures.size(space.unreferenced() - space.removed()) + " not referenced any more";
        return Optional.of(Figures.size(space.removed()) + " removed" + kept + others
                + "; the registry frees the room when it collects garbage");
    }
}
