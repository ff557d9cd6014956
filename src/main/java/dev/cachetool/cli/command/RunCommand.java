package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Status;
import dev.cachetool.solver.ExportMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** {@code run}: loads what hits, executes what misses. */
final class RunCommand implements Command {
    private static final int MOST_JOBS = 1_000;

    @Override
    public Usage usage() {
        return new Usage(
                "run",
                "load what hits, execute what misses, save what was made",
                List.of(Positional.one("GRAPH", Value.GRAPH), Positional.any("TARGET", Value.VERTEX)),
                "",
                "cachetool run graph.json --from registry.example.com/app:cache",
                AccessFlags.copying(
                        Flags.FROM,
                        Flags.TO,
                        Flags.STORE,
                        Flags.WORKSPACE,
                        Flags.JOBS,
                        Flags.KEEP_GOING,
                        Flags.NO_CACHE,
                        Flags.NO_CACHE_FILTER,
                        Flags.ISOLATION,
                        Flags.CHECK_INPUTS,
                        Flags.REPLAY,
                        Flags.PLAN,
                        Flags.MODE,
                        Flags.EXPORT_ROOTS,
                        Flags.IGNORE_BACKLINKS,
                        Flags.FIT,
                        Flags.MATERIALIZE_RUN,
                        Flags.PRESERVE_SPECIAL,
                        Flags.STRICT,
                        Flags.PRINT_RUN,
                        Flags.DOTENV),
                Note.texts(
                        "TARGET is the name of a vertex; without any, the graph's targets are made.",
                        "What a step prints goes to standard error. A failed step: 9; nothing is published then.",
                        "--from without --to only reads caches, --to without --from only writes one."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        if (arguments.isOn(Flags.PLAN)) {
            return PlanCommand.ofRun(arguments, context);
        }
        Optional<Status> only = SolveText.only(arguments, Flags.PRINT_RUN, RunText.STATUSES);
        RunOptions options = options(arguments, context);
        boolean standardOutputIsTaken = PublishText.standardOutputIsTaken(
                options.publishing().targets().stream()
                        .map(Publishing.To::target)
                        .toList(),
                context);

        RunAnswer answer = context.services()
                .runner()
                .run(options, context.console(), context.console().steps());

        return new RunText(answer, options.publishing(), only, context).tell(standardOutputIsTaken);
    }

    private static RunOptions options(Arguments arguments, Context context) throws IOException {
        Path graph = PlaceFlags.graph(arguments);
        List<Place> sources = PlaceFlags.sources(arguments, Flags.FROM, context);
        requireLayers(sources);
        return new RunOptions(
                graph,
                PlaceFlags.workspace(arguments, graph),
                PlaceFlags.targetNames(arguments),
                StoreFlags.folder(arguments, context.environment()),
                sources,
                publishing(arguments, context),
                new RunOptions.Execution(
                        jobs(arguments),
                        arguments.isOn(Flags.KEEP_GOING),
                        reuse(arguments),
                        PlaceFlags.isolation(arguments),
                        arguments.isOn(Flags.CHECK_INPUTS),
                        arguments.isOn(Flags.REPLAY)),
                PlaceFlags.materialize(arguments, Flags.MATERIALIZE_RUN, Materialize.TARGETS),
                arguments.isOn(Flags.STRICT),
                arguments.isOn(Flags.PRESERVE_SPECIAL),
                AccessFlags.read(arguments, context, sources));
    }

    private static void requireLayers(List<Place> sources) {
        for (Place place : sources) {
            if (place instanceof Place.ConfigFile) {
                throw new UsageException(
                        place.spec() + " is a bare cache config: it has no layers to load",
                        "plan and inspect can read it; run wants the cache itself");
            }
        }
    }

    /** Which results of before count. */
    static RunOptions.Reuse reuse(Arguments arguments) {
        return new RunOptions.Reuse(
                arguments.isOn(Flags.NO_CACHE), new HashSet<>(arguments.values(Flags.NO_CACHE_FILTER)));
    }

    /** Where the cache of a graph goes, and what of it. */
    static Publishing publishing(Arguments arguments, Context context) {
        Optional<ExportMode> mode = mode(arguments);
        List<Publishing.To> targets = new ArrayList<>();
        for (TargetSpec target : PlaceFlags.targets(arguments.values(Flags.TO), arguments, context)) {
            targets.add(new Publishing.To(target, target.modeWith(mode)));
        }
        return new Publishing(
                targets,
                arguments.isOn(Flags.EXPORT_ROOTS),
                arguments.isOn(Flags.IGNORE_BACKLINKS),
                Amounts.size(arguments, Flags.FIT),
                AccessFlags.onConflict(arguments));
    }

    /** What {@code --mode} says. */
    static Optional<ExportMode> mode(Arguments arguments) {
        return arguments.value(Flags.MODE).map(word -> PlaceParser.mode(word, Flags.MODE.name()));
    }

    private static int jobs(Arguments arguments) {
        Optional<String> text = arguments.value(Flags.JOBS);
        if (text.isEmpty()) {
            return Runtime.getRuntime().availableProcessors();
        }
        try {
            int jobs = Integer.parseInt(text.get());
            if (jobs > 0 && jobs <= MOST_JOBS) {
                return jobs;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is too large.
        }
        throw new UsageException(
                "--jobs is no number of steps: \"" + text.get() + "\"", "write a whole number from 1 to " + MOST_JOBS);
    }
}
