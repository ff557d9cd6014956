package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.solver.ExportMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code export}: makes a cache of a graph and its results, and publishes it. */
final class ExportCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "export",
                "pack the results of a build and publish them as a cache",
                List.of(Positional.one("GRAPH", Value.GRAPH)),
                "--to SPEC…",
                "cachetool export graph.json --from-workspace --mode=max --to oci:cache",
                AccessFlags.copying(
                        Flags.TO,
                        Flags.CONTENT,
                        Flags.STORE,
                        Flags.WORKSPACE,
                        Flags.FROM_WORKSPACE,
                        Flags.MODE,
                        Flags.EXPORT_ROOTS,
                        Flags.IGNORE_BACKLINKS,
                        Flags.FIT,
                        Flags.CONFIG_ONLY,
                        Flags.DOTENV),
                Note.texts("Standard output has one line for each target: the SPEC of exactly this cache."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        boolean configOnly = arguments.isOn(Flags.CONFIG_ONLY);
        ExportOptions options = options(arguments, context);
        if (configOnly) {
            return config(options, context);
        }
        if (options.publishing().targets().isEmpty()) {
            throw new UsageException("export has nowhere to export to", "add --to SPEC, or --config-only");
        }
        boolean standardOutputIsTaken = PublishText.standardOutputIsTaken(
                options.publishing().targets().stream()
                        .map(Publishing.To::target)
                        .toList(),
                context);
        context.console().keepItems();

        PublishAnswer answer = context.services().exporter().export(options, context.console());

        String nothing = "no vertex has a result to publish"
                + (options.fromWorkspace() ? "" : "\nif a script has just made the outputs, add --from-workspace");
        return new PublishText("export", answer, nothing, context).tell(standardOutputIsTaken);
    }

    private static ExportOptions options(Arguments arguments, Context context) throws IOException {
        Path graph = PlaceFlags.graph(arguments);
        List<Place> content = PlaceFlags.sources(arguments, Flags.CONTENT, context);
        for (Place place : content) {
            if (place instanceof Place.ConfigFile || place instanceof Place.Stream) {
                throw new UsageException("--content " + place.spec() + " holds no layers to look for", "");
            }
        }
        return new ExportOptions(
                graph,
                PlaceFlags.workspace(arguments, graph),
                StoreFlags.folder(arguments, context.environment()),
                RunCommand.publishing(arguments, context),
                RunCommand.mode(arguments).orElse(ExportMode.MIN),
                content,
                arguments.isOn(Flags.FROM_WORKSPACE),
                AccessFlags.read(arguments, context, content));
    }

    private static ExitCode config(ExportOptions options, Context context) throws IOException, InterruptedException {
        if (!options.publishing().targets().isEmpty()) {
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
}
