package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.ResultsWriter;
import dev.cachetool.cli.output.Table;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.Labels;
import dev.cachetool.inspect.RecordView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ls}: the results of a cache, a line each. */
final class LsCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "ls",
                "list a cache's results: size, age, layers, what they stand on",
                List.of(Positional.one("SPEC", Value.SOURCE), Positional.any("NAME|DIGEST", Value.TEXT)),
                "",
                "cachetool ls oci-archive:cache.tar 'test-*' --sort age",
                AccessFlags.reading(Flags.SORT),
                Note.texts(
                        "Of a NAME with * or ?, all that match are listed; of a DIGEST the beginning will do.",
                        "Names are those of vertices, in caches that cachetool wrote."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        Place place = PlaceFlags.source(arguments.positionals().get(0), context);
        ResultFilter filter = new ResultFilter(
                arguments.positionals().subList(1, arguments.positionals().size()));
        ResultOrder order = arguments.word(Flags.SORT).map(ResultOrder::of).orElse(ResultOrder.SIZE);
        InspectOptions options =
                new InspectOptions(place, List.of(), AccessFlags.read(arguments, context, List.of(place)));

        InspectAnswer answer = context.services().inspector().inspect(options, context.console());

        CacheView cache = answer.cache();
        List<RecordView> found = new ArrayList<>();
        for (RecordView record : cache.records()) {
            if (record.result().isPresent() && filter.matches(record)) {
                found.add(record);
            }
        }
        found.sort(order.comparator());
        context.answers()
                .write(
                        Answer.of("ls")
                                .sources(List.of(answer.source()))
                                .section("results", new ResultsWriter(cache, found))
                                .summary(figures(cache, found)),
                        () -> print(cache, found, context.console()));
        return ExitCode.DONE;
    }

    private static Map<String, Long> figures(CacheView cache, List<RecordView> found) {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("results", (long) found.size());
        figures.put("layers", (long) cache.layersOf(found).size());
        figures.put("bytes", bytes(cache, found));
        return figures;
    }

    private static long bytes(CacheView cache, List<RecordView> found) {
        return cache.layersOf(found).stream()
                .mapToLong(layer -> cache.layers().get(layer).size())
                .sum();
    }

    private static void print(CacheView cache, List<RecordView> found, Console console) throws IOException {
        Labels labels = new Labels(cache);
        ResultTable table = new ResultTable(found, labels, console, "");
        for (RecordView record : found) {
            Table.Row row = table.add(record);
            List<String> sources =
                    cache.sources(record).stream().map(labels::label).distinct().toList();
            if (console.isVerbose() && !sources.isEmpty()) {
                row.left("from " + String.join(", ", sources));
            } else if (!sources.isEmpty()) {
                row.list("from ", sources);
            }
        }
        for (String line : table.table().lines(console.columns())) {
            console.out().line(line);
        }
        console.out()
                .line(Figures.count(found.size(), "result")
                        + (found.size() == cache.recordsWithResult()
                                ? ""
                                : " of " + Figures.count(cache.recordsWithResult()))
                        + ", " + Figures.count(cache.layersOf(found).size(), "layer") + ", "
                        + Figures.size(bytes(cache, found)));
    }
}
