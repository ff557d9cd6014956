package dev.cachetool.cli.service;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.cachemap.KeyParts;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.GraphException;
import dev.cachetool.graph.Input;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.inspect.CacheView;
import dev.cachetool.inspect.RecordView;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.ChainRecord.ChainLink;
import dev.cachetool.solver.OutputKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is remembered of the last run in a workspace, as a cache without results: a record for each vertex, linked as the graph
 * is now. A vertex that had another name, which is in no key, is known by what the graph says of it. A record has the digest
 * of now where all parts of its key are what they were.
 */
final class LastRun {
    private final GraphSession session;
    private final PartsFile remembered;
    private final List<RecordView> records = new ArrayList<>();
    private final Map<Edge, Integer> indexes = new HashMap<>();
    private final Map<KeyParts, PartsFile.Named> renamed;

    private LastRun(GraphSession session, PartsFile remembered) {
        this.session = session;
        this.remembered = remembered;
        this.renamed =
                remembered.others(session.reachable().stream().map(Vertex::name).collect(Collectors.toSet()));
    }

    private Optional<PartsFile.Named> before(Vertex vertex) throws IOException {
        Optional<KeyParts> known = remembered.find(vertex.name());
        if (known.isPresent()) {
            return Optional.of(new PartsFile.Named(vertex.name(), known.get()));
        }
        return renamed.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(
                        renamed.get(session.cacheMaps().partsOf(vertex).ofGraph()));
    }

    /**
     * That of the session's workspace; without records where nothing is remembered.
     *
     * @throws IOException if a key of now cannot be computed
     */
    static CacheView of(GraphSession session, PartsFile remembered) throws IOException {
        LastRun run = new LastRun(session, remembered);
        if (!remembered.isEmpty()) {
            for (Vertex vertex : session.reachable()) {
                run.add(vertex);
            }
        }
        return new CacheView(
                Digest.sha256("last run"),
                ArtifactForm.CONFIG,
                Optional.empty(),
                0,
                OptionalLong.empty(),
                true,
                run.records,
                List.of());
    }

    private void add(Vertex vertex) throws IOException {
        Optional<PartsFile.Named> known = before(vertex);
        if (known.isEmpty()) {
            return;
        }
        KeyParts before = known.get().parts();
        KeyParts now = now(vertex, before);
        CacheMap map = session.cacheMaps().of(vertex, 0);
        boolean same = before.operation().equals(now.operation());
        boolean sameInputs = before.inputs().equals(now.inputs());
        for (int output = 0; output < vertex.outputCount(); output++) {
            String digest = same && !map.digest().isRandom()
                    ? OutputKeys.of(map.digest(), output).toString()
                    : Digest.sha256("before " + vertex.name() + "@" + output).toString();
            List<List<ChainLink>> inputs = new ArrayList<>();
            for (int i = 0; i < vertex.inputCount() && sameInputs; i++) {
                inputs.add(links(vertex, i, map.deps().get(i)));
            }
            indexes.put(new Edge(vertex, output), records.size());
            records.add(record(
                    vertex.name() + "@" + output,
                    digest,
                    Optional.of(known.get().name()),
                    before,
                    inputs));
        }
    }

    private KeyParts now(Vertex vertex, KeyParts before) throws IOException {
        return vertex.op() instanceof LocalOp && before.folderDepth().isPresent()
                ? session.cacheMaps().partsByFolder(vertex, before.folderDepth().getAsInt())
                : session.cacheMaps().partsOf(vertex);
    }

    /** By the input's record; and by its content, where nothing of a source differs that the vertex takes. */
    private List<ChainLink> links(Vertex vertex, int index, CacheMap.Dep dep) throws IOException {
        Input input = vertex.inputs().get(index);
        Vertex from = input.edge().vertex();
        List<ChainLink> links = new ArrayList<>(2);
        Integer source = indexes.get(input.edge());
        if (source == null) {
            source = records.size();
            records.add(record(
                    from.name() + " of " + vertex.name(),
                    Digest.sha256("unknown " + from.name()).toString(),
                    Optional.empty(),
                    new KeyParts(new TreeMap<>()),
                    List.of()));
        }
        links.add(new ChainLink(dep.selector().map(Digest::toString).orElse(""), source));
        Optional<KeyParts> before = before(from).map(PartsFile.Named::parts);
        Optional<ContentFunction> function = dep.contentFunction();
        if (from.op() instanceof LocalOp
                && before.isPresent()
                && function.isPresent()
                && !input.paths().isEmpty()) {
            List<KeyParts.Change> changes = now(from, before.get()).changesSince(before.get());
            if (KeyParts.selected(changes, input.paths()).isEmpty()) {
                content(from, function.get()).ifPresent(digest -> {
                    links.add(new ChainLink("", records.size()));
                    records.add(record(
                            "content of " + from.name() + " for " + vertex.name() + " " + index,
                            digest,
                            Optional.empty(),
                            new KeyParts(new TreeMap<>()),
                            List.of()));
                });
            }
        }
        return links;
    }

    private Optional<String> content(Vertex from, ContentFunction function) throws IOException {
        try {
            Digest content = function.digestOf(session.localFiles().treeOf(from));
            return Optional.of(OutputKeys.of(content, OutputKeys.CONTENT).toString());
        } catch (GraphException e) {
            // A pattern matches nothing: who needs it says so.
            return Optional.empty();
        }
    }

    private static RecordView record(
            String id, String digest, Optional<String> name, KeyParts parts, List<List<ChainLink>> inputs) {
        return new RecordView(
                Digest.sha256("last run: " + id),
                digest,
                name.stream().toList(),
                parts.parts(),
                inputs,
                1,
                0,
                List.of());
    }
}
