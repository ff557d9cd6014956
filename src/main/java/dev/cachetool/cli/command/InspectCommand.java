package dev.cachetool.cli.command;

import dev.cachetool.cli.options.Place;
import dev.cachetool.cli.options.PlaceParser;
import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.RecordRow;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.StandardOutput;
import dev.cachetool.cli.output.Table;
import dev.cachetool.remotecache.ArtifactForm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code inspect}: what a cache holds. */
final class InspectCommand implements Command {
    private static final int LARGEST = 3;

    @Override
    public Usage usage() {
        return new Usage(
                "inspect",
                "tell what a cache holds: records, results, layers, sizes",
                "SPEC",
                new Usage.Range(1, 1),
                "cachetool inspect oci-archive:cache.tar",
                AccessFlags.reading(),
                List.of());
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        Place place = PlaceParser.source(arguments.positionals().get(0));
        InspectOptions options = new InspectOptions(place, AccessFlags.read(arguments, context, List.of(place)));

        InspectAnswer answer = context.services().inspector().inspect(options, context.console());

        context.answers()
                .write(
                        new Answer(
                                "inspect",
                                Map.of(),
                                List.of(),
                                List.of(),
                                List.of(answer.source()),
                                answer.layers(),
                                answer.records(),
                                figures(answer)),
                        () -> print(answer, context.console()));
        return ExitCode.DONE;
    }

    private static Map<String, Long> figures(InspectAnswer answer) {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("records", (long) answer.records().size());
        figures.put("links", answer.links());
        figures.put("results", answer.results());
        figures.put("roots", answer.roots());
        figures.put("leaves", answer.leaves());
        figures.put("depth", answer.depth());
        figures.put("layers", (long) answer.layers().size());
        figures.put("sharedLayers", answer.sharedLayers());
        figures.put("bytes", answer.bytes());
        figures.put("configBytes", answer.configBytes());
        if (answer.manifestBytes().isPresent()) {
            figures.put("manifestBytes", answer.manifestBytes().getAsLong());
        }
        return figures;
    }

    private static void print(InspectAnswer answer, Console console) throws IOException {
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
                .right(Figures.count(answer.records().size()))
                .left(Figures.count(answer.results()) + " with a result, " + Figures.count(answer.roots(), "root")
                        + ", " + Figures.count(answer.leaves(), "leaf") + ", " + Figures.count(answer.depth())
                        + " deep, "
                        + Figures.count(answer.links(), "link"));
        table.row()
                .left("  layers")
                .right(Figures.count(answer.layers().size()))
                .left(Figures.size(answer.bytes()) + ", " + Figures.count(answer.sharedLayers())
                        + " used by more than one result");
        table.row().left("  config").right(Figures.size(answer.configBytes())).left("of 1 MiB");
        if (answer.manifestBytes().isPresent()) {
            table.row()
                    .left("  manifest")
                    .right(Figures.size(answer.manifestBytes().getAsLong()))
                    .left("of 1 MiB");
        }
        String label = "  largest";
        for (RecordRow row : largest(answer)) {
            RecordRow.Result result = row.result().orElseThrow();
            table.row()
                    .left(label)
                    .right(Figures.size(result.bytes()))
                    .left(row.digest().shortText())
                    .left(Figures.count(result.layers(), "layer"))
                    .left(row.name().orElse(""));
            label = "";
        }
        for (String line : table.lines()) {
            out.line(line);
        }
    }

    private static List<String> kind(InspectAnswer answer, Console console) {
        List<String> parts = new ArrayList<>();
        parts.add("BuildKit cache");
        answer.source().form().map(InspectCommand::form).ifPresent(parts::add);
        answer.ociMediaTypes().map(oci -> oci ? "OCI types" : "Docker types").ifPresent(parts::add);
        if (!answer.compressions().isEmpty()) {
            parts.add(String.join(", ", answer.compressions()));
        }
        answer.newest()
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

    private static List<RecordRow> largest(InspectAnswer answer) {
        List<RecordRow> rows = new ArrayList<>();
        for (RecordRow row : answer.records()) {
            if (row.result().isPresent() && row.result().get().layers() > 0) {
                rows.add(row);
            }
        }
        rows.sort(Comparator.comparingLong(
                        (RecordRow row) -> -row.result().orElseThrow().bytes())
                .thenComparing(RecordRow::digest));
        return rows.subList(0, Math.min(LARGEST, rows.size()));
    }
}
