package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.CacheWriter;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.DotWriter;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.RecordsWriter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.page.CachePage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code inspect}: what a cache holds. */
final class InspectCommand implements Command {
    static final String HTML = "html";
    private static final int USUAL_LIMIT = 1_000;

    @Override
    public Usage usage() {
        return new Usage(
                "inspect",
                "tell what a cache holds: records, results, layers, sizes",
                List.of(Positional.one("SPEC", Value.SOURCE)),
                "",
                "cachetool inspect oci-archive:cache.tar",
                AccessFlags.reading(Flags.SHARED_WITH, Flags.INSPECT_FORMAT, Flags.OUTPUT, Flags.LIMIT),
                List.of(
                        new Note(
                                "text",
                                "figures, the largest results, what is there several times, what a prune would free"),
                        new Note("json", "every record with its links, results and, where they are noted, names"),
                        new Note("dot", "the graph of records, to be drawn: … --format dot | dot -Tsvg"),
                        new Note("tree", "the chains from the records that nothing stands on down to the first ones"),
                        new Note("html", "a page that needs nothing else: … --format html -o cache.html")));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        requireNoTerminal(context);
        String format = context.answers().format();
        if (arguments.has(Flags.LIMIT) && !format.equals("tree")) {
            throw new UsageException("--limit says nothing to --format " + format, "it belongs to --format tree");
        }
        int limit = arguments.count(Flags.LIMIT).orElse(USUAL_LIMIT);
        List<String> specs = new ArrayList<>(arguments.positionals());
        specs.addAll(arguments.values(Flags.SHARED_WITH));
        List<Place> places = PlaceFlags.sources(specs, "of SPEC and --shared-with", context);
        InspectOptions options = new InspectOptions(
                places.get(0), places.subList(1, places.size()), AccessFlags.read(arguments, context, places));

        InspectAnswer answer = context.services().inspector().inspect(options, context.console());

        CacheView cache = answer.cache();
        context.answers().write(answerOf(answer, context.console()), () -> {
            switch (format) {
                case "dot" -> new DotWriter(cache).write(context.console().out());
                case HTML ->
                    CachePage.write(
                            options.place().name(), cache, context.console().out());
                case "tree" -> new TreeText(cache, limit, context.console()).print();
                default -> new InspectText(answer, context.console()).print();
            }
        });
        return ExitCode.DONE;
    }

    /** Nobody reads a page's markup. */
    private static void requireNoTerminal(Context context) {
        Answers answers = context.answers();
        if (answers.format().equals(HTML)
                && answers.output().isEmpty()
                && context.console().outIsTerminal()) {
            throw new UsageException(
                    "a page is for a browser, not for a terminal", "write it to a file: --format html -o cache.html");
        }
    }

    private static Answer answerOf(InspectAnswer answer, Console console) {
        CacheView cache = answer.cache();
        List<SourceRow> sources = Stream.concat(
                        Stream.of(answer.source()), answer.others().stream().map(InspectAnswer.Other::source))
                .toList();
        CacheWriter facts = new CacheWriter(cache, console.now());
        for (InspectAnswer.Other other : answer.others()) {
            facts.sharedWith(other.source().place().spec(), other.shared());
        }
        return Answer.of("inspect")
                .sources(sources)
                .layers(cache.layers().stream()
                        .map(layer -> LayerRow.of(layer.blob()))
                        .toList())
                .section("cache", facts)
                .section("records", new RecordsWriter(cache))
                .summary(CacheFigures.summary(cache));
    }
}
