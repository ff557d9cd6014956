package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.PrunedRow;
import dev.cachetool.cli.output.PrunedWriter;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.remotecache.OnConflict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code prune}: makes a cache smaller. */
final class PruneCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "prune",
                "make a cache smaller, and remove what nothing needs any more",
                List.of(Positional.one("SPEC", Value.SOURCE), Positional.any("VERTEX", Value.VERTEX)),
                "",
                "cachetool prune example.com/app:cache --keep-last 7d --max-size 2GB",
                AccessFlags.copying(
                        Flags.APPLY,
                        Flags.PRUNE_TO,
                        Flags.KEEP_MADE_LAST,
                        Flags.MAX_SIZE,
                        Flags.MAX_RESULTS,
                        Flags.FIT,
                        Flags.REACHABLE_FROM,
                        Flags.KEEP,
                        Flags.WORKSPACE,
                        Flags.STORE,
                        Flags.ISOLATION),
                Note.texts(
                        "Each bound that is given holds afterwards; what --keep names stays in any case. Records that"
                                + " lead to no result any more go too. VERTEX names what of the graph of"
                                + " --reachable-from is wanted, if that is not its targets.",
                        "With --apply the smaller cache is written at the same tag, and blobs are removed that no tag"
                                + " of the same place leads to any more."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        PruneOptions options = options(arguments, context);
        context.console().keepItems();

        PruneAnswer answer = context.services().pruner().prune(options, context.console());

        context.answers()
                .write(document(options, answer), () -> new PruneText(options, answer, context.console()).print());
        return code(options, arguments.isOn(Flags.APPLY), answer, context);
    }

    private static PruneOptions options(Arguments arguments, Context context) throws IOException {
        Place place = PlaceFlags.source(arguments.positionals().get(0), context);
        Optional<TargetSpec> to =
                PlaceFlags.targets(arguments.value(Flags.PRUNE_TO).stream().toList(), arguments, context).stream()
                        .findFirst();
        if (place instanceof Place.ConfigFile) {
            throw new UsageException(
                    place.name() + " is a bare config: it has no layers to keep", "name the cache that it is of");
        }
        boolean apply = arguments.isOn(Flags.APPLY);
        OnConflict onConflict = AccessFlags.onConflict(arguments);
        if (to.isEmpty() && onConflict == OnConflict.MERGE) {
            throw new UsageException(
                    "--on-conflict=merge would bring back all that goes from " + place.name(),
                    "leave it out: what others write meanwhile is looked at anyway");
        }
        if (to.isPresent() && to.get().says("compression")) {
            throw new UsageException(
                    "prune keeps layers as they are, but the SPEC of "
                            + to.get().place().name() + " has a compression",
                    "leave out compression=, or copy the smaller cache");
        }
        if (to.isPresent() && to.get().place() instanceof Place.Stream) {
            throw new UsageException(
                    "prune says on standard output what went, and cannot write the cache there", "name a file");
        }
        if (apply && to.isEmpty() && !place.isTag()) {
            throw new UsageException(
                    place.name() + " cannot be written again: it is no tag",
                    "name a tag, or write the smaller cache elsewhere: --to SPEC");
        }
        PruneOptions.Bounds bounds = new PruneOptions.Bounds(
                Amounts.time(arguments, Flags.KEEP_MADE_LAST),
                Amounts.count(arguments, Flags.MAX_RESULTS),
                Amounts.size(arguments, Flags.MAX_SIZE),
                Amounts.size(arguments, Flags.FIT),
                reach(arguments, context),
                arguments.values(Flags.KEEP));
        if (!bounds.isAny()) {
            throw new UsageException(
                    "prune is not told what may go",
                    "write --keep-last 7d, --max-size 2GB, --max-results N, --reachable-from GRAPH, or --fit 1MiB");
        }
        Optional<String> withheld = apply && to.isEmpty() ? PlaceFlags.withheld(arguments, context) : Optional.empty();
        withheld.ifPresent(why ->
                context.console().warn(place.name() + " stays as it is: " + why + "\n" + TargetRow.HOW_TO_ALLOW));
        return new PruneOptions(
                place,
                to,
                apply && withheld.isEmpty(),
                bounds,
                AccessFlags.read(arguments, context, List.of(place)),
                onConflict,
                context.console().now());
    }

    private static Optional<PruneOptions.Reach> reach(Arguments arguments, Context context) {
        List<String> vertices = PlaceFlags.targetNames(arguments);
        Optional<String> named = arguments.value(Flags.REACHABLE_FROM);
        if (named.isEmpty()) {
            if (!vertices.isEmpty()) {
                throw new UsageException(
                        "\"" + vertices.get(0) + "\" is a vertex of no graph",
                        "name its graph: --reachable-from graph.json");
            }
            return Optional.empty();
        }
        Path graph = PlaceParser.path(named.get(), Flags.REACHABLE_FROM.name());
        return Optional.of(new PruneOptions.Reach(
                graph,
                PlaceFlags.workspace(arguments, graph),
                vertices,
                StoreFlags.folder(arguments, context.environment()),
                PlaceFlags.isolation(arguments)));
    }

    private static Answer document(PruneOptions options, PruneAnswer answer) {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("records", answer.after().records());
        figures.put("results", answer.after().results());
        figures.put("bytes", answer.after().bytes());
        figures.put("droppedRecords", answer.before().records() - answer.after().records());
        figures.put("droppedResults", answer.before().results() - answer.after().results());
        figures.put("unreferenced", answer.space().unreferenced());
        figures.put("needed", answer.space().needed());
        figures.put("removed", answer.space().removed());
        answer.space().freed().ifPresent(freed -> figures.put("freed", freed));
        figures.put("ms", answer.milliseconds());
        return Answer.of("prune")
                .sources(List.of(answer.source()))
                .targets(answer.target().stream().toList())
                .section("pruned", new PrunedWriter(rows(options, answer), isDone(options, answer)))
                .summary(figures);
    }

    private static List<PrunedRow> rows(PruneOptions options, PruneAnswer answer) {
        Place place = options.to().map(TargetSpec::place).orElse(options.place());
        return answer.dropped().stream().map(each -> new PrunedRow(place, each)).toList();
    }

    /** Whether the results went, and are not only told. */
    static boolean isDone(PruneOptions options, PruneAnswer answer) {
        return options.apply()
                && answer.target().isPresent()
                && answer.target().get().status() != TargetRow.Status.SKIPPED
                && answer.target().get().status() != TargetRow.Status.FAILED;
    }

    private static ExitCode code(PruneOptions options, boolean asked, PruneAnswer answer, Context context) {
        Optional<Problem> failed = answer.target().flatMap(target -> target.problem());
        if (failed.isPresent() && answer.target().get().status() == TargetRow.Status.SKIPPED) {
            context.console().warn(failed.get());
            return ExitCode.DONE;
        }
        if (failed.isPresent()) {
            context.console().error(failed.get());
            return failed.get().code();
        }
        Optional<String> obstacle = answer.space().obstacle();
        if (obstacle.isPresent()) {
            String what = (options.apply() ? "blobs were not removed from " : "blobs would not be removed from ")
                    + options.place().name() + ": " + obstacle.get();
            if (answer.space().failed()) {
                context.console()
                        .error(new Problem(
                                ExitCode.PARTLY, what, List.of("the smaller cache is there; only room is lost")));
                return ExitCode.PARTLY;
            }
            context.console().warn(what);
        }
        if (!options.apply()) {
            boolean would = answer.isAnything() && answer.after().results() > 0;
            boolean elsewhere = options.to().isEmpty() && !answer.canBeWritten();
            context.console()
                    .note("nothing was changed"
                            + (asked || !would
                                    ? ""
                                    : elsewhere
                                            ? ": --to SPEC --apply writes the smaller cache elsewhere"
                                            : ": --apply does it"));
        }
        return ExitCode.DONE;
    }
}
