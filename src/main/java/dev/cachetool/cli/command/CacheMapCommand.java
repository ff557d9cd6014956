package dev.cachetool.cli.command;

import dev.cachetool.cli.output.Answer;
import dev.cachetool.cli.output.CacheMapRow;
import dev.cachetool.cli.output.Console;
import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Figures;
import dev.cachetool.cli.output.Table;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.digest.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code cachemap}: the cache map and keys of every vertex. */
final class CacheMapCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "cachemap",
                "print the cache map and keys of every vertex",
                List.of(Positional.one("GRAPH", Value.GRAPH)),
                "",
                "cachetool cachemap graph.json --format json",
                List.of(Flags.WORKSPACE),
                Note.texts("With -v, a line for each input: its selector, and the digest of its content."));
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        Path graph = PlaceFlags.graph(arguments);
        CacheMapOptions options = new CacheMapOptions(graph, PlaceFlags.workspace(arguments, graph));

        CacheMapAnswer answer = context.services().cacheMapper().map(options, context.console());

        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("vertices", (long) answer.vertices().size());
        figures.put("cacheMaps", cacheMaps(answer));
        figures.put("ms", answer.milliseconds());
        context.answers()
                .write(
                        Answer.of("cachemap").vertices(answer.vertices()).summary(figures),
                        () -> print(answer, context.console()));
        return ExitCode.DONE;
    }

    private static void print(CacheMapAnswer answer, Console console) throws IOException {
        Table table = new Table(console.style());
        for (VertexRow vertex : answer.vertices()) {
            for (int i = 0; i < vertex.cacheMaps().size(); i++) {
                CacheMapRow map = vertex.cacheMaps().get(i);
                Table.Row row = table.row().left(i == 0 ? vertex.name() : "").left(i == 0 ? vertex.op() : "");
                row.left("map " + shortText(map.digest()));
                row.left(
                        i < vertex.keys().size()
                                ? "key " + shortText(vertex.keys().get(i))
                                : "");
                if (console.isVerbose()) {
                    inputs(table, map);
                }
            }
        }
        for (String line : table.lines()) {
            console.out().line(line);
        }
        long maps = cacheMaps(answer);
        console.out().line(Figures.count(answer.vertices().size(), "vertex") + ", " + Figures.count(maps, "cache map"));
    }

    private static void inputs(Table table, CacheMapRow map) {
        for (CacheMapRow.Input input : map.inputs()) {
            table.row()
                    .left("  from " + input.vertex())
                    .left("")
                    .left(input.selector().map(d -> "selector " + shortText(d)).orElse("whole"))
                    .left(input.content().map(d -> "content " + shortText(d)).orElse(""));
        }
    }

    private static String shortText(Digest digest) {
        return digest.shortText();
    }

    private static long cacheMaps(CacheMapAnswer answer) {
        long maps = 0;
        for (VertexRow row : answer.vertices()) {
            maps += row.cacheMaps().size();
        }
        return maps;
    }
}
