package dev.cachetool.cli.ci;

import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Status;
import dev.cachetool.cli.output.TargetRow;
import dev.cachetool.cli.output.VertexRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The summary of a step on GitHub's page, in Markdown: a line that answers, what did not hit and why, what did and what that
 * saved, where the cache went, and what was warned of.
 */
final class Summary {
    /** GitHub takes no more of a step, and shows nothing where there is more. */
    static final int LIMIT = 1 << 20;

    /** So many hits stand in the table; more are folded away. */
    private static final int FEW = 20;

    /** Room for the lines that say what was left out, and that end what is open. */
    private static final int RESERVE = 256;

    private static final String HEAD = "| vertex | status | why | time saved |\n|:--|:--|:--|--:|\n";

    private final StringBuilder text = new StringBuilder();
    private final long room;
    private long bytes;
    private boolean full;
    private int leftOut;

    private Summary(long room) {
        this.room = room;
    }

    /**
     * That of the answer; empty for a verb that has none, and where there is no room.
     *
     * @param warnings what was warned of
     * @param taken how many bytes of the step's summary stand already
     */
    static String of(Answer answer, List<String> warnings, long taken) {
        Summary summary = new Summary(LIMIT - taken - RESERVE);
        summary.add("### cachetool " + answer.command() + title(answer) + "\n\n");
        summary.vertices(answer.vertices());
        for (TargetRow row : answer.targets()) {
            summary.item(target(row));
        }
        for (String warning : warnings) {
            summary.item("warning: " + Markdown.text(warning));
        }
        return summary.end();
    }

    private static String title(Answer answer) {
        Outputs outputs = Outputs.of(answer);
        if (outputs.missing().isEmpty()) {
            return ": " + Figures.count(answer.summary().getOrDefault("results", 0L), "result") + ", "
                    + Figures.size(answer.summary().getOrDefault("bytes", 0L));
        }
        long hits = Long.parseLong(outputs.values().getOrDefault("hits", "0"));
        long all = hits + outputs.missing().get().size();
        Long saved = answer.summary().get("saved");
        return ": " + Figures.count(hits) + " of " + Figures.count(all, "vertex") + " hit ("
                + outputs.values().get("hit-rate") + " %)"
                + (saved == null ? "" : ", " + Figures.seconds(saved) + " saved");
    }

    private void vertices(List<VertexRow> rows) {
        List<String> missing = new ArrayList<>();
        List<String> hits = new ArrayList<>();
        for (VertexRow row : rows) {
            if (Outputs.isMissing(row)) {
                missing.add(line(row));
            } else if (row.status().equals(Optional.of(Status.HIT))) {
                hits.add(line(row));
            }
        }
        boolean folded = hits.size() > FEW;
        List<String> shown = new ArrayList<>(missing);
        shown.addAll(folded ? List.of() : hits);
        table(shown);
        if (folded) {
            add("<details><summary>" + Figures.count(hits.size()) + " hits</summary>\n\n");
            table(hits);
            add("</details>\n\n");
        }
    }

    private void table(List<String> lines) {
        if (!lines.isEmpty()) {
            add(HEAD);
            for (String line : lines) {
                leftOut += add(line) ? 0 : 1;
            }
            add("\n");
        }
    }

    private static String line(VertexRow row) {
        Status status = row.status().orElseThrow();
        String why = row.reason().orElse("");
        if (status == Status.HIT) {
            why = row.source().map(place -> place.name()).orElse(why);
        } else if (row.milliseconds().isPresent()) {
            why += (why.isEmpty() ? "" : "; ") + "took "
                    + Figures.seconds(row.milliseconds().getAsLong());
        }
        String saved = row.saved().isPresent() ? Figures.seconds(row.saved().getAsLong()) : "";
        return "| " + Markdown.code(row.name()) + " | " + status.word() + " | " + Markdown.text(why) + " | " + saved
                + " |\n";
    }

    private static String target(TargetRow row) {
        String name = row.digest().map(row.place()::pinned).orElse(row.place().name());
        // Whatever is no failure stands among the warnings as well.
        boolean failed = row.status() == TargetRow.Status.FAILED && !row.ignored();
        return row.status().word() + " " + Markdown.code(name)
                + (failed ? ": " + Markdown.text(row.problem().orElseThrow().what()) : "");
    }

    private void item(String item) {
        leftOut += add("- " + item + "\n") ? 0 : 1;
    }

    /** Adds the text if it fits, and nothing does any more once something did not. */
    private boolean add(String more) {
        int size = more.getBytes(StandardCharsets.UTF_8).length;
        full |= bytes + size > room;
        if (!full) {
            bytes += size;
            text.append(more);
        }
        return !full;
    }

    private String end() {
        if (text.length() == 0) {
            return "";
        }
        if (full) {
            boolean folded = text.indexOf("<details>") >= 0 && text.indexOf("</details>") < 0;
            text.append(folded ? "\n</details>\n" : "").append('\n').append(Figures.count(leftOut, "line"));
            text.append(" left out: a step's summary has at most 1 MiB\n");
        }
        return text.append(text.toString().endsWith("\n\n") ? "" : "\n").toString();
    }
}
