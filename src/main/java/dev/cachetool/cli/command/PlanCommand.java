package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code plan}: what would hit, without moving a layer. */
final class PlanCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "plan",
                "tell what would hit and what would miss, and why; moves no layer",
                List.of(Positional.one("GRAPH", Value.GRAPH), Positional.any("TARGET", Value.VERTEX)),
                "[--from SPEC…]",
                "cachetool plan graph.json --from oci-archive:cache.tar",
                AccessFlags.reading(
                        Flags.FROM,
                        Flags.STORE,
                        Flags.WORKSPACE,
                        Flags.NO_CACHE,
                        Flags.NO_CACHE_FILTER,
                        Flags.ISOLATION,
                        Flags.MATERIALIZE_TARGETS,
                        Flags.STRICT,
                        Flags.FAIL_ON_MISS,
                        Flags.MIN_HIT_RATE,
                        Flags.PRINT,
                        Flags.DOTENV),
                Note.texts(
                        "TARGET is the name of a vertex; without any, the graph's targets are meant.",
                        "What is said of a vertex is what run would do with it; with --materialize=all what import"
                                + " would. A source that cannot be read is a warning and a miss."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        Judgement judgement = Judgement.of(arguments);
        return plan(
                "plan",
                options(arguments, context, Flags.MATERIALIZE_TARGETS),
                judgement,
                SolveText.only(arguments, Flags.PRINT, SolveText.STATUSES),
                context);
    }

    /** Answers {@code run --dry-run}, with what {@code plan} would say. */
    static ExitCode ofRun(Arguments arguments, Context context) throws IOException, InterruptedException {
        return plan(
                "run",
                options(arguments, context, Flags.MATERIALIZE_RUN),
                Judgement.NONE,
                SolveText.only(arguments, Flags.PRINT_RUN, SolveText.STATUSES),
                context);
    }

    private static PlanOptions options(Arguments arguments, Context context, Flag materialize) throws IOException {
        Path graph = PlaceFlags.graph(arguments);
        List<Place> sources = PlaceFlags.sources(arguments, Flags.FROM, context);
        return new PlanOptions(
                graph,
                PlaceFlags.workspace(arguments, graph),
                PlaceFlags.targetNames(arguments),
                StoreFlags.folder(arguments, context.environment()),
                sources,
                PlaceFlags.materialize(arguments, materialize, Materialize.TARGETS),
                RunCommand.reuse(arguments),
                PlaceFlags.isolation(arguments),
                arguments.isOn(Flags.STRICT),
                AccessFlags.read(arguments, context, sources));
    }

    private static ExitCode plan(
            String verb, PlanOptions options, Judgement judgement, Optional<Status> only, Context context)
            throws IOException, InterruptedException {
        SolveAnswer answer = context.services().planner().plan(options, context.console());

        SolveText text = new SolveText(answer, context.console());
        context.answers()
                .write(
                        Answer.of(verb)
                                .vertices(answer.vertices())
                                .sources(answer.sources())
                                .layers(answer.layers())
                                .summary(SolveText.figures(answer)),
                        () -> text.print(only, Figures.size(answer.bytes()) + " to pull"));
        return judgement.judge(answer, context.console());
    }
}
