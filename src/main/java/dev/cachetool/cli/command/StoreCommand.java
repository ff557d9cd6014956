package dev.cachetool.cli.command;

import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.StoreContent;
import dev.cachetool.cli.output.Table;
import dev.cachetool.json.Suggestion;
import dev.cachetool.store.PrunePolicy;
import dev.cachetool.store.StoreCheck;
import dev.cachetool.store.StoreRow;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code store}: the local store. */
final class StoreCommand implements Command {
    private static final int SHORT_ID = 12;
    private static final List<Flag> OF_PRUNE = List.of(
            Flags.ALL,
            Flags.KEEP_LAST,
            Flags.KEEP_STORAGE,
            Flags.KEEP_COUNT,
            Flags.FILTER,
            Flags.CACHES,
            Flags.STORE_DRY_RUN);

    @Override
    public Usage usage() {
        return new Usage(
                "store",
                "look into the local store, shrink it, check it",
                List.of(Positional.one("ls|du|prune|verify", Value.word(StoreOptions.Action.WORDS))),
                "",
                "cachetool store prune --keep-storage 2GB",
                List.of(
                        Flags.STORE,
                        Flags.ALL,
                        Flags.KEEP_LAST,
                        Flags.KEEP_STORAGE,
                        Flags.KEEP_COUNT,
                        Flags.FILTER,
                        Flags.CACHES,
                        Flags.STORE_DRY_RUN,
                        Flags.DEEP),
                List.of(
                        new Note("ls", "what it has, the last used first"),
                        new Note("du", "how much room that takes"),
                        new Note(
                                "prune",
                                "removes what no process uses and the flags name; what was used last goes last"),
                        new Note(
                                "verify",
                                "compares every file with what was noted of it, with --deep its bytes too; exit code"
                                        + " 10 if anything is wrong")));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        StoreOptions options = options(arguments, context);

        StoreAnswer answer = context.services().storeKeeper().keep(options, context.console());

        boolean sound =
                answer.check().isEmpty() || answer.check().get().problems().isEmpty();
        context.answers().write(answerOf(options, answer), () -> new Text(options, answer, context.console()).print());
        if (!sound) {
            context.console()
                    .error(new Problem(
                            ExitCode.ANSWER_NO,
                            "the store is not sound",
                            List.of("what is damaged goes with: cachetool store prune --filter id=ID")));
            return ExitCode.ANSWER_NO;
        }
        return ExitCode.DONE;
    }

    private static StoreOptions options(Arguments arguments, Context context) {
        String word = arguments.positionals().get(0);
        if (!StoreOptions.Action.WORDS.contains(word)) {
            throw new UsageException(
                    "unknown word \"" + word + "\" behind store",
                    Suggestion.nearest(word, StoreOptions.Action.WORDS)
                            .map(near -> "did you mean \"" + near + "\"?")
                            .orElse("known: " + String.join(", ", StoreOptions.Action.WORDS)));
        }
        StoreOptions.Action action = StoreOptions.Action.valueOf(word.toUpperCase(Locale.ROOT));
        if (action != StoreOptions.Action.PRUNE) {
            OF_PRUNE.forEach(flag -> requireUnset(arguments, flag, word, StoreOptions.Action.PRUNE));
        }
        if (action != StoreOptions.Action.VERIFY) {
            requireUnset(arguments, Flags.DEEP, word, StoreOptions.Action.VERIFY);
        }
        Optional<PrunePolicy> policy = StoreFlags.policy(arguments);
        if (action == StoreOptions.Action.PRUNE && policy.isEmpty()) {
            throw new UsageException(
                    "store prune is not told what may go",
                    "write --keep-last 7d, --keep-storage 2GB, --keep-count N, --filter KEY=VALUE, or --all");
        }
        return new StoreOptions(
                action,
                StoreFlags.folder(arguments, context.environment()),
                policy.orElse(PrunePolicy.all()),
                arguments.isOn(Flags.STORE_DRY_RUN),
                arguments.isOn(Flags.DEEP));
    }

    private static void requireUnset(Arguments arguments, Flag flag, String word, StoreOptions.Action owner) {
        if (arguments.has(flag)) {
            throw new UsageException(
                    flag.name() + " says nothing to store " + word, "it belongs to store " + owner.word());
        }
    }

    private static Answer answerOf(StoreOptions options, StoreAnswer answer) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("action", options.action().word());
        facts.put("store", options.folder().toString());
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put(
                "refs", answer.rows().stream().filter(row -> row.kind().isRef()).count());
        figures.put("held", answer.rows().stream().filter(StoreRow::held).count());
        figures.put("bytes", answer.bytes());
        figures.put("freed", answer.freed());
        Optional<StoreCheck> check = answer.check();
        if (check.isPresent()) {
            figures.put("refs", check.get().refs());
            figures.put("files", check.get().files());
            figures.put("blobs", check.get().blobs());
            figures.put("problems", (long) check.get().problems().size());
        }
        Optional<String> status = options.action() == StoreOptions.Action.PRUNE
                ? Optional.of(options.dryRun() ? "prunable" : "removed")
                : Optional.empty();
        StoreContent content = new StoreContent(
                answer.rows(),
                status,
                check.map(StoreCheck::problems).orElse(List.of()),
                check.map(StoreCheck::leftovers).orElse(List.of()));
        return Answer.of("store")
                .facts(facts)
                .section("stored", content::writeRows)
                .section("problems", content::writeProblems)
                .section("leftovers", content::writeLeftovers)
                .summary(figures);
    }

    /** The answer for people. */
    private record Text(StoreOptions options, StoreAnswer answer, Console console) {
        void print() throws IOException {
            if (!answer.isThere()) {
                console.out().line(SafeText.of("no store in " + options.folder() + " yet; cachetool run makes one"));
                return;
            }
            switch (options.action()) {
                case LS -> list();
                case DU -> sizes();
                case PRUNE -> pruned();
                case VERIFY -> checked();
            }
        }

        private void lines(Table table) throws IOException {
            for (String line : table.lines(console.columns())) {
                console.out().line(line);
            }
        }

        private String ago(StoreRow row) {
            return row.held() ? "in use" : Figures.ago(row.lastUsed(), console.now());
        }

        private void list() throws IOException {
            Table table = new Table(console.style());
            for (StoreRow row : answer.rows()) {
                row(table, row.kind().word(), row);
            }
            lines(table);
            long held = answer.rows().stream().filter(StoreRow::held).count();
            console.out()
                    .line(counts(answer.rows()) + ", " + Figures.size(sum(answer.rows())) + ", " + Figures.count(held)
                            + " in use");
        }

        private void row(Table table, String word, StoreRow row) {
            table.row()
                    .status(word)
                    .left(row.id().substring(0, Math.min(SHORT_ID, row.id().length())))
                    .right(Figures.size(row.bytes()))
                    .left(ago(row))
                    .left(row.description());
        }

        private static long sum(List<StoreRow> rows) {
            return rows.stream().mapToLong(StoreRow::bytes).sum();
        }

        private static String counts(List<StoreRow> rows) {
            long refs = rows.stream().filter(row -> row.kind().isRef()).count();
            long others = rows.size() - refs;
            return Figures.count(refs, "ref")
                    + (others == 0 ? "" : ", " + Figures.count(others, "folder") + " of steps");
        }

        private void sizes() throws IOException {
            console.out().line(SafeText.of(Figures.size(answer.bytes()) + " in " + options.folder()));
            Table table = new Table(console.style());
            long rest = answer.bytes();
            for (StoreRow.Kind kind : StoreRow.Kind.values()) {
                List<StoreRow> rows =
                        answer.rows().stream().filter(row -> row.kind() == kind).toList();
                if (!rows.isEmpty()) {
                    table.row()
                            .left("  " + kind.word())
                            .right(Figures.count(rows.size()))
                            .right(Figures.size(sum(rows)))
                            .left(meaning(kind));
                    rest -= sum(rows);
                }
            }
            table.row()
                    .left("  other")
                    .right("")
                    .right(Figures.size(Math.max(0, rest)))
                    .left("keys, notes, shared layers");
            lines(table);
            List<StoreRow> free = answer.rows().stream()
                    .filter(row -> !row.held() && row.kind().isRef())
                    .toList();
            console.out().line(Figures.size(sum(free)) + " in " + counts(free) + " that nobody uses now");
        }

        private static String meaning(StoreRow.Kind kind) {
            return switch (kind) {
                case RESULT -> "what steps made";
                case PULLED -> "what came from caches";
                case CACHE -> "folders that steps keep";
                case STEPS -> "folders where steps run";
            };
        }

        private void pruned() throws IOException {
            Table table = new Table(console.style());
            for (StoreRow row : answer.rows()) {
                row(table, options.dryRun() ? "prunable" : "removed", row);
            }
            lines(table);
            String what = answer.rows().isEmpty() ? "nothing" : counts(answer.rows());
            console.out()
                    .line(
                            options.dryRun()
                                    ? what + " would go, " + Figures.size(answer.freed()) + " would be freed; "
                                            + Figures.size(answer.bytes()) + " in all"
                                    : what + " removed, " + Figures.size(answer.freed()) + " freed; "
                                            + Figures.size(answer.bytes()) + " left");
        }

        private void checked() throws IOException {
            StoreCheck check = answer.check().orElseThrow();
            Table table = new Table(console.style());
            for (StoreCheck.Problem problem : check.problems()) {
                table.row()
                        .status("damaged")
                        .left(problem.kind())
                        .left(shortId(problem.id()))
                        .left(
                                problem.description().isEmpty()
                                        ? problem.what()
                                        : problem.description() + ": " + problem.what());
            }
            for (String leftover : check.leftovers()) {
                table.row().left("left").left(leftover);
            }
            lines(table);
            console.out()
                    .line(Figures.count(check.refs(), "ref") + ", " + Figures.count(check.files(), "file") + ", "
                            + Figures.count(check.blobs(), "layer") + " checked: "
                            + (check.problems().isEmpty()
                                    ? "all as noted"
                                    : Figures.count(check.problems().size(), "problem")));
        }

        private static String shortId(String id) {
            String plain = id.substring(id.indexOf(':') + 1);
            return plain.substring(0, Math.min(SHORT_ID, plain.length()));
        }
    }
}
