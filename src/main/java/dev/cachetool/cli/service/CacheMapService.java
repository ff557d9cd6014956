package dev.cachetool.cli.service;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.cli.command.CacheMapAnswer;
import dev.cachetool.cli.command.CacheMapOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.Access;
import dev.cachetool.cli.output.CacheMapRow;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.VertexRow;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.solver.OutputKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Computes the cache maps and keys of a graph's vertices. */
public final class CacheMapService implements Services.CacheMapper {
    private final Places places;
    private final Map<String, String> environment;

    public CacheMapService(Places places, Map<String, String> environment) {
        this.places = places;
        this.environment = environment;
    }

    @Override
    public CacheMapAnswer map(CacheMapOptions options, Reporter reporter) throws IOException {
        long begin = System.nanoTime();
        try (SourceOps elsewhere = places.sourceOps(options.workspace(), Access.USUAL, Optional.empty(), reporter)) {
            List<VertexRow> rows =
                    rows(GraphSession.open(options.graph(), options.workspace(), environment, elsewhere));
            return new CacheMapAnswer(rows, (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private static List<VertexRow> rows(GraphSession session) throws IOException {
        List<VertexRow> rows = new ArrayList<>(session.definition().size());
        for (Vertex vertex : session.definition().vertices()) {
            List<CacheMapRow> maps = new ArrayList<>();
            List<Digest> keys = new ArrayList<>();
            for (int i = 0; i < session.cacheMaps().count(vertex); i++) {
                CacheMap map = session.cacheMaps().of(vertex, i);
                List<CacheMapRow.Input> inputs = new ArrayList<>();
                for (int input = 0; input < map.deps().size(); input++) {
                    Vertex from = vertex.inputs().get(input).edge().vertex();
                    CacheMap.Dep dep = map.deps().get(input);
                    inputs.add(new CacheMapRow.Input(
                            from.name(), dep.selector(), content(session, from, dep.contentFunction())));
                }
                maps.add(new CacheMapRow(map.digest(), inputs));
                for (int output = 0; output < vertex.outputCount(); output++) {
                    keys.add(OutputKeys.of(map.digest(), output));
                }
            }
            rows.add(new VertexRow(
                    vertex.name(),
                    Optional.of(vertex.digest()),
                    vertex.op().kind(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    0,
                    Optional.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    maps,
                    keys));
        }
        return rows;
    }

    /** The content digest of an input, where its content is at hand. */
    private static Optional<Digest> content(GraphSession session, Vertex from, Optional<ContentFunction> function)
            throws IOException {
        if (function.isEmpty()) {
            return Optional.empty();
        }
        if (function.get().known().isPresent()) {
            return function.get().known();
        }
        return from.op() instanceof LocalOp
                ? Optional.of(function.get().digestOf(session.localFiles().treeOf(from)))
                : Optional.empty();
    }
}
