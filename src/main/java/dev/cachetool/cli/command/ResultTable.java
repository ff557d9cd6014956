package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Table;
import dev.cachetool.inspect.Labels;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.inspect.ResultView;
import java.util.List;

/** A line for each result: its name where some has one, size, digest, layers, age. */
final class ResultTable {
    private final Labels labels;
    private final Table table;
    private final boolean named;
    private final Console console;
    private final String indent;

    ResultTable(List<RecordView> records, Labels labels, Console console, String indent) {
        this.labels = labels;
        this.table = new Table(console.style());
        this.named = records.stream().anyMatch(record -> !record.names().isEmpty());
        this.console = console;
        this.indent = indent;
    }

    /** Adds the record's line, which may be gone on with. */
    Table.Row add(RecordView record) {
        ResultView result = record.result().orElseThrow();
        Table.Row row = table.row();
        String digest = labels.shortDigest(record);
        if (named) {
            row.left(indent + String.join(", ", record.names())).left(digest);
        } else {
            row.left(indent + digest);
        }
        return row.right(Figures.size(result.bytes()))
                .right(Figures.count(result.layers().size(), "layer"))
                .left(Figures.age(result.createdAt().instant(), console.now()));
    }

    Table table() {
        return table;
    }
}
