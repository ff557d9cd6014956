package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code import}: brings the outputs back that a cache has. */
final class ImportCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "import",
                "bring back every output whose cache key matches",
                "GRAPH --from SPEC…",
                new Usage.Range(0, 1),
                "cachetool import graph.json --from oci-archive:cache.tar",
                AccessFlags.reading(
                        Flags.FROM,
                        Flags.WORKSPACE,
                        Flags.MATERIALIZE_ALL,
                        Flags.PRESERVE_SPECIAL,
                        Flags.STRICT,
                        Flags.FAIL_ON_MISS,
                        Flags.MIN_HIT_RATE),
                List.of("A source that cannot be read is a warning and a miss: a cache never breaks a build."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        if (arguments.positionals().isEmpty()) {
            throw new UsageException(
                    "import without a graph needs the local store, which cachetool does not have yet",
                    "write cachetool import GRAPH --from SPEC");
        }
        Path graph = PlaceFlags.graph(arguments);
        List<Place> sources = PlaceFlags.sources(arguments, Flags.FROM);
        ImportOptions options = new ImportOptions(
                graph,
                PlaceFlags.workspace(arguments, graph),
                sources,
                PlaceFlags.materialize(arguments, Flags.MATERIALIZE_ALL, Materialize.ALL),
                arguments.isOn(Flags.STRICT),
                arguments.isOn(Flags.PRESERVE_SPECIAL),
                AccessFlags.read(arguments, context, sources));
        if (options.sources().isEmpty()) {
            throw new UsageException("import has nothing to import from", "add --from SPEC");
        }
        for (Place place : options.sources()) {
            if (place instanceof Place.ConfigFile) {
                throw new UsageException(
                        place.spec() + " is a bare cache config: it has no layers to import",
                        "plan and inspect can read it; import wants the cache itself");
            }
        }
        Judgement judgement = Judgement.of(arguments);

        SolveAnswer answer = context.services().importer().restore(options, context.console());

        SolveText text = new SolveText(answer, context.console());
        context.answers()
                .write(
                        new Answer(
                                "import",
                                Map.of(),
                                answer.vertices(),
                                List.of(),
                                answer.sources(),
                                answer.layers(),
                                List.of(),
                                SolveText.figures(answer)),
                        () -> text.print("restored " + Figures.count(answer.restored(), "file") + ", pulled "
                                + Figures.size(answer.bytes()) + " in " + Figures.seconds(answer.milliseconds())));
        return judgement.judge(answer, context.console());
    }
}
