package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.options.UsageException;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.RecordsWriter;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.StandardOutput;
import dev.cachetool.cli.output.Table;
import dev.cachetool.digest.Digest;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import dev.cachetool.page.CachePage;
import dev.cachetool.remotecache.ArtifactForm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code inspect}: what a cache holds. */
final class InspectCommand implements Command {
    private static final String HTML = "html";
    private static final int LARGEST = 3;

    @Override
    public Usage usage() {
        return new Usage(
                "inspect",
                "tell what a cache holds: records, results, layers, sizes",
                "SPEC",
                new Usage.Range(1, 1),
                "cachetool inspect oci-archive:cache.tar",
                AccessFlags.reading(Flags.INSPECT_FORMAT, Flags.OUTPUT),
                List.of());
    }

    @Override
    public List<String> formats() {
        return List.of("text", "json", HTML);
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        requireNoTerminal(context);
        Place place = PlaceParser.source(arguments.positionals().get(0));
        InspectOptions options = new InspectOptions(place, AccessFlags.read(arguments, context, List.of(place)));

        InspectAnswer answer = context.services().inspector().inspect(options, context.console());

        context.answers()
                .write(
                        Answer.of("inspect")
                                .sources(List.of(answer.source()))
                                .layers(layers(answer.cache()))
                                .section("records", new RecordsWriter(answer.cache()))
                                .summary(figures(answer.cache())),
                        () -> {
                            if (context.answers().format().equals(HTML)) {
                                CachePage.write(
                                        place.name(),
                                        answer.cache(),
                                        context.console().out());
                            } else {
                                print(answer, context.console());
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

    private static List<LayerRow> layers(CacheView cache) {
        return cache.layers().stream().map(layer -> LayerRow.of(layer.blob())).toList();
    }

    private static Map<String, Long> figures(CacheView cache) {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("records", (long) cache.records().size());
        figures.put("links", cache.links());
        figures.put("results", (long) cache.recordsWithResult());
        figures.put("roots", (long) cache.roots());
        figures.put("leaves", (long) cache.leaves());
        figures.put("depth", (long) cache.depth());
        figures.put("layers", (long) cache.layers().size());
        figures.put("sharedLayers", (long) cache.sharedLayers());
        figures.put("bytes", cache.bytes());
        figures.put("configBytes", cache.configBytes());
        if (cache.manifestBytes().isPresent()) {
            figures.put("manifestBytes", cache.manifestBytes().getAsLong());
        }
        return figures;
    }

    private static void print(InspectAnswer answer, Console console) throws IOException {
        CacheView cache = answer.cache();
        StandardOutput out = console.out();
        Place place = answer.source().place();
        String digest = answer.source()
                .digest()
                .map(d -> "@" + d.toString().substring(0, d.toString().indexOf(':') + 1) + d.shortText())
                .orElse("");
        String name = place.name();
        out.line(SafeText.of(name.contains("@") ? name : name + digest));
        out.line(SafeText.of(String.join(" · ", kind(answer, console))));
        Table table = new Table(console.style());
        table.row()
                .left("  records")
                .right(Figures.count(cache.records().size()))
                .left(Figures.count(cache.recordsWithResult()) + " with a result, "
                        + Figures.count(cache.roots(), "root")
                        + ", " + Figures.count(cache.leaves(), "leaf") + ", " + Figures.count(cache.depth())
                        + " deep, "
                        + Figures.count(cache.links(), "link"));
        table.row()
                .left("  layers")
                .right(Figures.count(cache.layers().size()))
                .left(Figures.size(cache.bytes()) + ", " + Figures.count(cache.sharedLayers())
                        + " used by more than one result");
        table.row().left("  config").right(Figures.size(cache.configBytes())).left("of 1 MiB");
        if (cache.manifestBytes().isPresent()) {
            table.row()
                    .left("  manifest")
                    .right(Figures.size(cache.manifestBytes().getAsLong()))
                    .left("of 1 MiB");
        }
        String label = "  largest";
        for (RecordView row : largest(cache)) {
            ResultView result = row.result().orElseThrow();
            table.row()
                    .left(label)
                    .right(Figures.size(result.bytes()))
                    .left(shortDigest(row))
                    .left(Figures.count(result.layers().size(), "layer"))
                    .left(String.join(", ", row.names()));
            label = "";
        }
        for (String line : table.lines()) {
            out.line(line);
        }
    }

    private static List<String> kind(InspectAnswer answer, Console console) {
        CacheView cache = answer.cache();
        List<String> parts = new ArrayList<>();
        parts.add("BuildKit cache");
        answer.source().form().map(InspectCommand::form).ifPresent(parts::add);
        cache.ociMediaTypes().map(oci -> oci ? "OCI types" : "Docker types").ifPresent(parts::add);
        if (!cache.compressions().isEmpty()) {
            parts.add(String.join(", ", cache.compressions()));
        }
        cache.newest()
                .map(newest -> "newest result " + Figures.age(newest.instant(), console.now()))
                .ifPresent(parts::add);
        return parts;
    }

    private static String form(ArtifactForm form) {
        return switch (form) {
            case IMAGE_MANIFEST, INDEX -> form.text() + " form";
            case INLINE -> "inside an image";
            case CONFIG -> "a bare config";
        };
    }

    private static List<RecordView> largest(CacheView cache) {
        List<RecordView> rows = new ArrayList<>();
        for (RecordView row : cache.records()) {
            if (row.result().isPresent() && !row.result().get().layers().isEmpty()) {
                rows.add(row);
            }
        }
        rows.sort(Comparator.comparingLong(
                        (RecordView row) -> -row.result().orElseThrow().bytes())
                .thenComparing(RecordView::identity));
        return rows.subList(0, Math.min(LARGEST, rows.size()));
    }

    private static String shortDigest(RecordView row) {
        return Digest.tryParse(row.digest()).orElse(row.identity()).shortText();
    }
}
