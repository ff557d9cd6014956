package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.SafeText;
import dev.cachetool.cli.output.StandardOutput;
import dev.cachetool.cli.output.Table;
import dev.cachetool.inspect.AgeLimit;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.Labels;
import dev.cachetool.inspect.LayerView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What {@code inspect} says: figures, the largest results, what is there several times, what a prune would free. */
final class InspectText {
    /** How many lines each list has, unless all are wanted. */
    private static final int MOST = 3;

    private final InspectAnswer answer;
    private final CacheView cache;
    private final Labels labels;
    private final Console console;
    private final StandardOutput out;

    InspectText(InspectAnswer answer, Console console) {
        this.answer = answer;
        this.cache = answer.cache();
        this.labels = new Labels(cache);
        this.console = console;
        this.out = console.out();
    }

    void print() throws IOException {
        out.line(SafeText.of(answer.source().label()));
        kind();
        figures();
        largest();
        repeated();
        ages();
        shared();
        out.line(CacheFigures.sentence(cache));
    }

    private void kind() throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add("BuildKit cache");
        answer.source().form().map(InspectText::form).ifPresent(parts::add);
        cache.ociMediaTypes().map(oci -> oci ? "OCI types" : "Docker types").ifPresent(parts::add);
        if (!cache.compressions().isEmpty()) {
            parts.add(String.join(", ", cache.compressions()));
        }
        cache.newest()
                .map(newest -> "newest result " + Figures.age(newest.instant(), console.now()))
                .ifPresent(parts::add);
        StringBuilder line = new StringBuilder();
        for (String part : parts) {
            if (line.length() + 3 + part.length() > console.columns() && line.length() > 0) {
                out.line(line.toString());
                line.setLength(0);
                line.append("  ");
            }
            line.append(line.toString().isBlank() ? "" : " · ").append(part);
        }
        out.line(line.toString());
    }

    private static String form(ArtifactForm form) {
        return switch (form) {
            case IMAGE_MANIFEST, INDEX -> form.text() + " form";
            case INLINE -> "inside an image";
            case CONFIG -> "a bare config";
        };
    }

    private void figures() throws IOException {
        Table table = new Table(console.style());
        table.row()
                .left("  records")
                .right(Figures.count(cache.records().size()))
                .left(Figures.count(cache.recordsWithResult()) + " with a result, " + Figures.count(cache.depth())
                        + " deep");
        CacheView.FanIn fanIn = cache.fanIn();
        table.row()
                .left("  links")
                .right(Figures.count(cache.links()))
                .left("median " + Figures.count(fanIn.median()) + ", at most " + Figures.count(fanIn.most())
                        + " to one record");
        list(table, "  roots", cache.roots(), RecordView::isRoot);
        list(table, "  leaves", cache.leaves(), RecordView::isLeaf);
        names(table);
        table.row()
                .left("  layers")
                .right(Figures.count(cache.layers().size()))
                .left(Figures.size(cache.bytes()) + ", "
                        + (cache.sharedLayers() == 0 ? "none" : Figures.count(cache.sharedLayers()))
                        + " used by more than one result");
        List<LayerView> unused = cache.unusedLayers();
        if (!unused.isEmpty()) {
            table.row()
                    .left("  unused")
                    .right(Figures.count(unused.size()))
                    .left(Figures.size(
                                    unused.stream().mapToLong(LayerView::size).sum())
                            + " in layers that no result leads to");
        }
        document(table, "  config", cache.configBytes());
        if (cache.manifestBytes().isPresent()) {
            document(table, "  manifest", cache.manifestBytes().getAsLong());
        }
        print(table);
    }

    private void names(Table table) {
        int named = 0;
        for (RecordView each : cache.records()) {
            named += each.names().isEmpty() ? 0 : 1;
        }
        table.row()
                .left("  names")
                .right(named == 0 ? "none" : Figures.count(named))
                .left(
                        named > 0
                                ? "of " + Figures.count(cache.records().size(), "record") + ", noted beside the config"
                                : cache.noted()
                                        ? "the notes beside the config have none"
                                        : "BuildKit's caches hold none; those of cachetool do");
    }

    private void list(Table table, String label, int count, Predicate<RecordView> which) {
        List<String> listed = new ArrayList<>();
        List<String> unnamed = new ArrayList<>();
        for (RecordView each : cache.records()) {
            if (which.test(each)) {
                (each.names().isEmpty() ? unnamed : listed).add(labels.label(each));
            }
        }
        listed.addAll(unnamed);
        Table.Row row = table.row().left(label).right(Figures.count(count));
        if (!listed.isEmpty()) {
            row.list(listed);
        }
    }

    private static void document(Table table, String label, long bytes) {
        table.row()
                .left(label)
                .right(Figures.size(bytes))
                .left(
                        bytes <= CacheConfig.BUILDKIT_LIMIT
                                ? "of 1 MiB"
                                : "more than the 1 MiB that BuildKit reads: it refuses this cache");
    }

    private void largest() throws IOException {
        List<RecordView> records = new ArrayList<>();
        for (RecordView record : cache.records()) {
            if (record.result().isPresent()) {
                records.add(record);
            }
        }
        if (records.isEmpty()) {
            return;
        }
        records.sort(ResultOrder.SIZE.comparator());
        out.line("largest results");
        ResultTable table = new ResultTable(records, labels, console, "  ");
        int shown = shown(records.size());
        records.subList(0, shown).forEach(table::add);
        print(table.table());
        more(records.size() - shown);
    }

    private void repeated() throws IOException {
        List<LayerView> layers = cache.repeatedLayers();
        if (layers.isEmpty()) {
            return;
        }
        out.line("layers of several results");
        Table table = new Table(console.style());
        int shown = shown(layers.size());
        for (LayerView layer : layers.subList(0, shown)) {
            table.row()
                    .left("  " + layer.blob().digest().shortText())
                    .right(Figures.size(layer.size()))
                    .left(Figures.count(layer.users(), "result"))
                    .left(layer.parents() > 1 ? "listed " + layer.parents() + " times, on other layers each" : "");
        }
        print(table);
        more(layers.size() - shown);
    }

    private void ages() throws IOException {
        if (cache.recordsWithResult() == 0) {
            return;
        }
        out.line("results by age, and what a prune of them would free");
        Table table = new Table(console.style());
        for (AgeLimit limit : AgeLimit.of(cache, console.now(), AgeLimit.USUAL)) {
            Table.Row row =
                    table.row().left("  older than " + Figures.count(limit.age().toDays(), "day"));
            if (limit.results() == 0) {
                row.right("none");
                break;
            }
            row.right(Figures.count(limit.results(), "result"))
                    .right(Figures.size(limit.bytes()))
                    .left(
                            limit.freedLayers() == 0
                                    ? "frees nothing: younger results have these layers"
                                    : "frees " + Figures.size(limit.freedBytes()) + " in "
                                            + Figures.count(limit.freedLayers(), "layer"));
        }
        print(table);
    }

    private void shared() throws IOException {
        if (answer.others().isEmpty()) {
            return;
        }
        out.line("layers that other caches have too");
        Table table = new Table(console.style());
        for (InspectAnswer.Other other : answer.others()) {
            table.row()
                    .left("  " + Figures.count(other.shared().layers(), "layer"))
                    .right(Figures.size(other.shared().bytes()) + " of " + Figures.size(cache.bytes()))
                    .left(other.source().label());
        }
        print(table);
    }

    private int shown(int count) {
        return console.isVerbose() ? count : Math.min(count, MOST);
    }

    private void more(int left) throws IOException {
        if (left > 0) {
            out.line("  …and " + Figures.count(left) + " more (-v shows all)");
        }
    }

    private void print(Table table) throws IOException {
        for (String line : table.lines(console.columns())) {
            out.line(line);
        }
    }
}
