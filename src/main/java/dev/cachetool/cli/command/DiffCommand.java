package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.DiffWriter;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.inspect.CacheDiff;
import dev.cachetool.inspect.CacheDiff.ResultChange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code diff}: how two caches differ. */
final class DiffCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "diff",
                "tell how two caches differ, and where their chains part",
                List.of(Positional.one("SPEC", Value.SOURCE), Positional.one("SPEC", Value.SOURCE)),
                "",
                "cachetool diff oci:main oci:branch --exit-code",
                AccessFlags.reading(Flags.EXIT_CODE),
                Note.texts(
                        "A difference is a record that only one has, one that other links lead to, and a"
                                + " result that only one has or that has other content.",
                        "The time of a result, its compression, the form and notes are told and are no difference."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        Place a = PlaceFlags.source(arguments.positionals().get(0), context);
        Place b = PlaceFlags.source(arguments.positionals().get(1), context);
        if (a instanceof Place.Stream && b instanceof Place.Stream) {
            throw new UsageException("standard input can be read only once", "name one of the two as a file");
        }
        DiffOptions options = new DiffOptions(a, b, AccessFlags.read(arguments, context, List.of(a, b)));

        DiffAnswer answer = context.services().differ().diff(options, context.console());

        CacheDiff diff = answer.diff();
        DiffWriter json = new DiffWriter(diff);
        context.answers()
                .write(
                        Answer.of("diff")
                                .sources(List.of(answer.a(), answer.b()))
                                .section("difference", json::difference)
                                .summary(figures(diff)),
                        () -> new DiffText(answer, context.console()).print());
        if (arguments.isOn(Flags.EXIT_CODE) && diff.isDifferent()) {
            context.console()
                    .error(new Problem(ExitCode.ANSWER_NO, "the caches differ, and --exit-code is given", List.of()));
            return ExitCode.ANSWER_NO;
        }
        return ExitCode.DONE;
    }

    private static Map<String, Long> figures(CacheDiff diff) {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("records", (long) diff.records());
        figures.put("recordsInBoth", (long) diff.both().size());
        figures.put("recordsOnlyA", (long) diff.onlyA().size());
        figures.put("recordsOnlyB", (long) diff.onlyB().size());
        figures.put("relinked", (long) diff.pairs(CacheDiff.Pair::relinked).size());
        figures.put("resultsInBoth", (long) diff.resultsInBoth());
        figures.put("resultsOnlyA", (long) diff.resultsOnlyA());
        figures.put("resultsOnlyB", (long) diff.resultsOnlyB());
        figures.put("resultsChanged", (long) diff.count(ResultChange.CONTENT));
        figures.put("resultsRepacked", (long) diff.count(ResultChange.PACKING));
        figures.put("resultsRetimed", (long) diff.count(ResultChange.TIME));
        figures.put("layersInBoth", (long) diff.layersInBoth().size());
        figures.put("layersOnlyA", (long) diff.layersOnlyA().size());
        figures.put("layersOnlyB", (long) diff.layersOnlyB().size());
        figures.put("bytesInBoth", CacheDiff.bytes(diff.a(), diff.layersInBoth()));
        figures.put("bytesOnlyA", CacheDiff.bytes(diff.a(), diff.layersOnlyA()));
        figures.put("bytesOnlyB", CacheDiff.bytes(diff.b(), diff.layersOnlyB()));
        return figures;
    }
}
