package dev.cachetool.cli.output;

import dev.cachetool.digest.Digest;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.Labels;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Writes the graph of a cache's records in Graphviz's language: from what stands on nothing at the left to what nothing
 * stands on at the right. Records with a result are filled; where an input has several ways in, all but the first are dashed.
 */
public final class DotWriter {
    private final CacheView cache;
    private final Labels labels;

    public DotWriter(CacheView cache) {
        this.cache = cache;
        this.labels = new Labels(cache);
    }

    /** Writes all of it, in UTF-8; leaves the stream open. */
    public void write(OutputStream out) throws IOException {
        line(out, "digraph cache {");
        line(out, "  rankdir=LR; charset=\"UTF-8\";");
        line(out, "  node [shape=box, style=\"rounded\", fontname=\"sans-serif\", fontsize=10];");
        line(out, "  edge [fontname=\"sans-serif\", fontsize=8];");
        List<RecordView> records = cache.records();
        for (int i = 0; i < records.size(); i++) {
            node(out, i, records.get(i));
        }
        for (int i = 0; i < records.size(); i++) {
            edges(out, i, records.get(i));
        }
        line(out, "}");
    }

    private void node(OutputStream out, int index, RecordView record) throws IOException {
        Optional<ResultView> result = record.result();
        StringBuilder label = new StringBuilder(quoted(labels.label(record)));
        if (!record.names().isEmpty()) {
            label.append("\\n").append(quoted(labels.shortDigest(record)));
        }
        result.ifPresent(found -> label.append("\\n")
                .append(Figures.size(found.bytes()))
                .append(", ")
                .append(Figures.count(found.layers().size(), "layer")));
        line(
                out,
                "  r" + index + " [label=\"" + label + "\", tooltip=\"" + quoted(record.digest()) + "\""
                        + (result.isPresent() ? ", style=\"rounded,filled\", fillcolor=\"#dbeafe\"" : "")
                        + (record.isLeaf() ? ", penwidth=2" : "") + "];");
    }

    private static void edges(OutputStream out, int index, RecordView record) throws IOException {
        for (int input = 0; input < record.inputs().size(); input++) {
            boolean first = true;
            for (ChainLink link : record.inputs().get(input)) {
                String label = (record.inputs().size() > 1 ? Integer.toString(input) : "")
                        + (link.selector().isEmpty() ? "" : " " + shortened(link.selector()));
                line(
                        out,
                        "  r" + link.index() + " -> r" + index + " [label=\"" + quoted(label.strip()) + "\""
                                + (first ? "" : ", style=dashed") + "];");
                first = false;
            }
        }
    }

    private static String shortened(String selector) {
        return Digest.tryParse(selector).map(Digest::shortText).orElse(selector);
    }

    /** The text as a label has it: Graphviz reads backslashes and, as in HTML, names between an ampersand and a semicolon. */
    private static String quoted(String text) {
        return SafeText.of(text).replace("\\", "\\\\").replace("\"", "\\\"").replace("&", "&amp;");
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
