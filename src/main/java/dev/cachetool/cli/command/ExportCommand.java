package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.TargetSpec;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.solver.ExportMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code export}: makes a cache of a graph and its results, and publishes it. */
final class ExportCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "export",
                "pack the results of a build and publish them as a cache",
                "GRAPH --to SPEC…",
                new Usage.Range(1, 1),
                "cachetool export graph.json --from-workspace --mode=max --to oci:cache",
                List.of(
                        Flags.TO,
                        Flags.CONTENT,
                        Flags.WORKSPACE,
                        Flags.FROM_WORKSPACE,
                        Flags.MODE,
                        Flags.EXPORT_ROOTS,
                        Flags.IGNORE_BACKLINKS,
                        Flags.CONFIG_ONLY),
                List.of("Standard output has one line for each target: the SPEC of exactly this cache."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        boolean configOnly = arguments.isOn(Flags.CONFIG_ONLY);
        ExportOptions options = options(arguments);
        if (configOnly) {
            return config(options, context);
        }
        if (options.targets().isEmpty()) {
            throw new UsageException("export has nowhere to export to", "add --to SPEC, or --config-only");
        }
        boolean standardOutputIsTaken = false;
        for (ExportOptions.To to : options.targets()) {
            standardOutputIsTaken |= to.target().place() instanceof Place.Stream;
        }
        if (standardOutputIsTaken && context.answers().json()) {
            throw new UsageException(
                    "the tar and --format json cannot both go to standard output",
                    "write the JSON to a file: --metadata-file FILE");
        }
        context.console().keepItems();

        ExportAnswer answer = context.services().exporter().export(options, context.console());

        boolean linesOnError = standardOutputIsTaken;
        if (!linesOnError && !context.answers().json()) {
            context.console().endPhase();
        }
        notes(answer, options.fromWorkspace(), context.console());
        context.answers().write(answer(answer), () -> lines(answer, linesOnError, context.console()));
        return code(answer);
    }

    private static ExportOptions options(Arguments arguments) {
        Path graph = PlaceFlags.graph(arguments);
        Optional<ExportMode> mode = arguments.value(Flags.MODE).map(word -> PlaceParser.mode(word, "--mode"));
        List<ExportOptions.To> targets = new ArrayList<>();
        for (TargetSpec target : PlaceFlags.targets(arguments)) {
            targets.add(new ExportOptions.To(target, target.modeWith(mode)));
        }
        List<Place> content = PlaceFlags.sources(arguments, Flags.CONTENT);
        for (Place place : content) {
            if (place instanceof Place.ConfigFile || place instanceof Place.Stream) {
                throw new UsageException("--content " + place.spec() + " holds no layers to look for", "");
            }
        }
        return new ExportOptions(
                graph,
                PlaceFlags.workspace(arguments, graph),
                targets,
                mode.orElse(ExportMode.MIN),
                content,
                arguments.isOn(Flags.FROM_WORKSPACE),
                arguments.isOn(Flags.EXPORT_ROOTS),
                arguments.isOn(Flags.IGNORE_BACKLINKS));
    }

    private static ExitCode config(ExportOptions options, Context context) throws IOException, InterruptedException {
        if (!options.targets().isEmpty()) {
            throw new UsageException(
                    "--config-only prints the config and writes to no target", "leave out --to or --config-only");
        }
        if (context.answers().json()) {
            throw new UsageException(
                    "--config-only prints the config as it is, with no other answer", "leave out --format json");
        }
        byte[] config = context.services().exporter().config(options, context.console());
        context.console().endPhase();
        context.console().out().write(config);
        context.console().out().flush();
        return ExitCode.DONE;
    }

    /** What is good to know, on standard error: a line for each target where nothing changed, and one that sums up. */
    private static void notes(ExportAnswer answer, boolean fromWorkspace, Console console) {
        boolean published = false;
        for (TargetRow row : answer.targets()) {
            switch (row.status()) {
                case UNCHANGED ->
                    console.note("unchanged: " + row.place().name() + " is this cache already ("
                            + Figures.count(answer.layers().size(), "layer") + " checked)");
                case NOTHING ->
                    console.warn("nothing was published to " + row.place().name()
                            + ": no vertex has a result to publish"
                            + (fromWorkspace ? "" : "\nif a script has just made the outputs, add --from-workspace"));
                case FAILED -> {
                    Problem problem = row.problem().orElseThrow();
                    if (row.ignored()) {
                        console.warn(problem.what() + "\n" + String.join("\n", problem.next()));
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
                    + " (" + Figures.size(answer.bytesMoved()) + " " + moved(answer) + ") in "
                    + Figures.seconds(answer.milliseconds()));
        }
    }

    private static String moved(ExportAnswer answer) {
        for (TargetRow row : answer.targets()) {
            if (row.status() == TargetRow.Status.PUSHED) {
                return "pushed";
            }
        }
        return "written";
    }

    private static void lines(ExportAnswer answer, boolean onError, Console console) throws IOException {
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

    private static ExitCode code(ExportAnswer answer) {
        ExitCode first = ExitCode.DONE;
        boolean anySucceeded = false;
        for (TargetRow row : answer.targets()) {
            if (row.status() != TargetRow.Status.FAILED) {
                anySucceeded = true;
            } else if (!row.ignored() && first == ExitCode.DONE) {
                first = row.problem().orElseThrow().code();
            }
        }
        return first != ExitCode.DONE && anySucceeded ? ExitCode.PARTLY : first;
    }

    private static Answer answer(ExportAnswer answer) {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("records", answer.records());
        figures.put("links", answer.links());
        figures.put("results", answer.results());
        figures.put("layers", (long) answer.layers().size());
        figures.put("bytes", answer.bytes());
        figures.put("bytesMoved", answer.bytesMoved());
        figures.put("ms", answer.milliseconds());
        return new Answer(
                "export",
                Map.of(),
                answer.vertices(),
                answer.targets(),
                List.of(),
                answer.layers(),
                List.of(),
                figures);
    }
}
