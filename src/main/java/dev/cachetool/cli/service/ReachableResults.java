package dev.cachetool.cli.service;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.Vertex;
import dev.cachetool.remotecache.CacheTrail;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.solver.OutputKeys;
import dev.cachetool.solver.SolveListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The records of a cache that a graph reaches: those that are a key of one of its edges today, and those that could be one
 * once what is not in the cache was executed. The content of what has to be executed is not known, so that any content that
 * the cache knows is taken to be possible.
 */
final class ReachableResults {
    private final List<ChainRecord> records;
    private final CacheTrail trail;
    private final BitSet reached = new BitSet();

    private ReachableResults(List<ChainRecord> records, CacheTrail trail) {
        this.records = records;
        this.trail = trail;
    }

    /**
     * Solves the targets of the graph, and all that they stand on, against the one cache that the forecast has.
     *
     * @return the indexes of the records
     * @throws IOException if a cache map cannot be computed
     */
    static BitSet of(GraphSession session, Forecast forecast) throws IOException, InterruptedException {
        List<ChainRecord> records = forecast.firstCache().chains().records();
        ReachableResults results =
                new ReachableResults(records, forecast.firstCache().follow());
        List<Vertex> vertices = session.reachable();
        Set<Vertex> wanted = new HashSet<>(vertices);
        List<Edge> edges = session.allEdges().stream()
                .filter(edge -> wanted.contains(edge.vertex()))
                .toList();
        forecast.solve(edges);
        results.add(session, vertices, forecast);
        return results.reached;
    }

    private void add(GraphSession session, List<Vertex> vertices, Forecast forecast) throws IOException {
        Map<String, List<Integer>> byDigest = new HashMap<>();
        for (int i = 0; i < records.size(); i++) {
            if (trail.isFound(i)) {
                reached.set(i);
            }
            byDigest.computeIfAbsent(records.get(i).digest(), unused -> new ArrayList<>(1))
                    .add(i);
        }
        for (Vertex vertex : vertices) {
            Optional<SolveListener.Miss> miss = forecast.miss(vertex);
            if (miss.isEmpty() || vertex.inputs().isEmpty() || vertex.options().ignoreCache()) {
                continue;
            }
            CacheMap map = session.cacheMaps().of(vertex, 0);
            for (int output = 0; output < vertex.outputCount(); output++) {
                String digest = OutputKeys.of(map.digest(), output).toString();
                for (int record : byDigest.getOrDefault(digest, List.of())) {
                    if (couldBe(record, map, miss.get())) {
                        reached.set(record);
                    }
                }
            }
        }
    }

    /** Whether every input leads to the record, or could. */
    private boolean couldBe(int record, CacheMap map, SolveListener.Miss miss) {
        List<List<ChainRecord.ChainLink>> inputs = records.get(record).inputs();
        if (inputs.size() != map.deps().size()) {
            return false;
        }
        for (int i = 0; i < inputs.size(); i++) {
            String selector = map.deps().get(i).selector().map(Digest::toString).orElse("");
            boolean open = miss.open().contains(i);
            boolean leads = trail.isLedTo(record, i)
                    || inputs.get(i).stream()
                            .anyMatch(link -> (reached.get(link.index())
                                            && link.selector().equals(selector))
                                    || (open
                                            && link.selector().isEmpty()
                                            && records.get(link.index())
                                                    .inputs()
                                                    .isEmpty()));
            if (!leads) {
                return false;
            }
        }
        return true;
    }
}
