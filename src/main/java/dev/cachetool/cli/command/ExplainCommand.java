package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code explain}: why vertices hit or miss. */
final class ExplainCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "explain",
                "tell why a vertex misses, down to the file or argument",
                List.of(Positional.one("GRAPH", Value.GRAPH), Positional.some("VERTEX", Value.VERTEX)),
                "[--from SPEC…]",
                "cachetool explain graph.json site --from oci-archive:cache.tar",
                AccessFlags.reading(Flags.FROM, Flags.STORE, Flags.WORKSPACE, Flags.ISOLATION, Flags.STRICT),
                Note.texts(
                        "Each cache is compared by itself, the nearest to a hit first; what was remembered of the"
                                + " last run here comes last. Moves no layer.",
                        "What differs is known from the notes that cachetool writes beside a cache. Without them,"
                                + " as in BuildKit's own, keys alone are compared."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        Path graph = PlaceFlags.graph(arguments);
        List<Place> sources = PlaceFlags.sources(arguments, Flags.FROM, context);
        ExplainOptions options = new ExplainOptions(
                graph,
                PlaceFlags.workspace(arguments, graph),
                PlaceFlags.targetNames(arguments),
                StoreFlags.folder(arguments, context.environment()),
                sources,
                PlaceFlags.isolation(arguments),
                arguments.isOn(Flags.STRICT),
                AccessFlags.read(arguments, context, sources));

        ExplainAnswer answer = context.services().explainer().explain(options, context.console());

        context.answers()
                .write(
                        Answer.of("explain")
                                .vertices(answer.vertices().stream()
                                        .map(ExplainAnswer.Explained::row)
                                        .toList())
                                .sources(answer.sources())
                                .section("explanations", new ExplainWriter(answer.vertices()))
                                .summary(figures(answer)),
                        () -> new ExplainText(answer, context.console()).print());
        return ExitCode.DONE;
    }

    private static Map<String, Long> figures(ExplainAnswer answer) {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("vertices", (long) answer.vertices().size());
        figures.put("hits", count(answer, Status.HIT));
        figures.put("misses", count(answer, Status.MISS));
        figures.put("maybes", count(answer, Status.MAYBE));
        figures.put("ms", answer.milliseconds());
        return figures;
    }

    static long count(ExplainAnswer answer, Status status) {
        return answer.vertices().stream()
                .filter(each -> each.row().status().equals(Optional.of(status)))
                .count();
    }
}
