package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code import}: brings the outputs back that a cache has, or, without a graph, whole caches into the local store. */
final class ImportCommand implements Command {
    /** Flags that say nothing without a graph. */
    private static final List<Flag> OF_GRAPH = List.of(
            Flags.WORKSPACE,
            Flags.MATERIALIZE_ALL,
            Flags.PRESERVE_SPECIAL,
            Flags.FAIL_ON_MISS,
            Flags.MIN_HIT_RATE,
            Flags.PRINT);

    @Override
    public Usage usage() {
        return new Usage(
                "import",
                "bring back every output whose cache key matches",
                List.of(Positional.optional("GRAPH", Value.GRAPH)),
                "--from SPEC…",
                "cachetool import graph.json --from oci-archive:cache.tar",
                AccessFlags.reading(
                        Flags.FROM,
                        Flags.STORE,
                        Flags.WORKSPACE,
                        Flags.MATERIALIZE_ALL,
                        Flags.PRESERVE_SPECIAL,
                        Flags.STRICT,
                        Flags.FAIL_ON_MISS,
                        Flags.MIN_HIT_RATE,
                        Flags.PRINT,
                        Flags.DOTENV),
                Note.texts(
                        "Without GRAPH, whole caches are brought into the local store, where plan, run and export"
                                + " find them.",
                        "A source that cannot be read is a warning and a miss: a cache never breaks a build."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        List<Place> sources = PlaceFlags.sources(arguments, Flags.FROM, context);
        for (Place place : sources) {
            if (place instanceof Place.ConfigFile) {
                throw new UsageException(
                        place.spec() + " is a bare cache config: it has no layers to import",
                        "plan and inspect can read it; import wants the cache itself");
            }
        }
        return arguments.positionals().isEmpty()
                ? bring(arguments, context, sources)
                : restore(arguments, context, sources);
    }

    private static ExitCode bring(Arguments arguments, Context context, List<Place> sources)
            throws IOException, InterruptedException {
        if (sources.isEmpty()) {
            throw new UsageException("import has nothing to import from", "add --from SPEC");
        }
        for (Flag flag : OF_GRAPH) {
            if (arguments.has(flag)) {
                throw new UsageException(
                        flag.name() + " is about the vertices of a graph, and no graph is named",
                        "write cachetool import GRAPH --from SPEC, or leave it out to fill the local store");
            }
        }
        BringOptions options = new BringOptions(
                StoreFlags.folder(arguments, context.environment()),
                sources,
                arguments.isOn(Flags.STRICT),
                AccessFlags.read(arguments, context, sources));

        BringAnswer answer = context.services().bringer().bring(options, context.console());

        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("records", answer.records());
        figures.put("results", answer.results());
        figures.put("fresh", answer.fresh());
        figures.put("lost", answer.lost());
        figures.put("layers", (long) answer.layers().size());
        figures.put("bytes", answer.bytes());
        figures.put("ms", answer.milliseconds());
        context.answers()
                .write(
                        Answer.of("import")
                                .sources(answer.sources())
                                .layers(answer.layers())
                                .summary(figures),
                        () -> context.console().out().line(told(answer)));
        return ExitCode.DONE;
    }

    private static String told(BringAnswer answer) {
        String what = Figures.count(answer.records(), "record") + ", " + Figures.count(answer.results(), "result");
        if (answer.fresh() == 0 && answer.lost() == 0) {
            return "unchanged: the store has this cache already (" + what + ")";
        }
        String lost = answer.lost() == 0 ? "" : ", " + answer.lost() + " lost";
        return what + ": " + Figures.count(answer.fresh()) + " new" + lost + ", "
                + Figures.count(answer.layers().size(), "layer") + ", pulled " + Figures.size(answer.bytes()) + " in "
                + Figures.seconds(answer.milliseconds());
    }

    private static ExitCode restore(Arguments arguments, Context context, List<Place> sources)
            throws IOException, InterruptedException {
        Path graph = PlaceFlags.graph(arguments);
        ImportOptions options = new ImportOptions(
                graph,
                PlaceFlags.workspace(arguments, graph),
                StoreFlags.folder(arguments, context.environment()),
                sources,
                PlaceFlags.materialize(arguments, Flags.MATERIALIZE_ALL, Materialize.ALL),
                arguments.isOn(Flags.STRICT),
                arguments.isOn(Flags.PRESERVE_SPECIAL),
                AccessFlags.read(arguments, context, sources));
        if (options.sources().isEmpty() && !Files.isDirectory(options.store())) {
            throw new UsageException("import has nothing to import from", "add --from SPEC");
        }
        Judgement judgement = Judgement.of(arguments);
        Optional<Status> only = SolveText.only(arguments, Flags.PRINT, SolveText.STATUSES);

        SolveAnswer answer = context.services().importer().restore(options, context.console());

        SolveText text = new SolveText(answer, context.console());
        context.answers()
                .write(
                        Answer.of("import")
                                .vertices(answer.vertices())
                                .sources(answer.sources())
                                .layers(answer.layers())
                                .summary(SolveText.figures(answer)),
                        () -> text.print(
                                only,
                                "restored " + Figures.count(answer.restored(), "file") + ", pulled "
                                        + Figures.size(answer.bytes()) + " in "
                                        + Figures.seconds(answer.milliseconds())));
        return judgement.judge(answer, context.console());
    }
}
