package dev.cachetool.inspect;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.CacheMaps;
import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.cachemap.KeyParts;
import dev.cachetool.cachemap.LocalFiles;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Edge;
import dev.cachetool.graph.GraphException;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.solver.OutputKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What the keys of a graph's vertices are now: computed when it is asked for, and remembered. Not for several threads. */
public final class GraphKeys {
    private final CacheMaps cacheMaps;
    private final LocalFiles localFiles;
    private final Predicate<Vertex> ignoring;
    private final Map<Vertex, List<CacheMap>> maps = new HashMap<>();
    private final Map<Vertex, KeyParts> parts = new HashMap<>();
    private final Map<InputOf, Optional<Digest>> contents = new HashMap<>();
    private final List<CacheReasons> caches = new ArrayList<>();

    private record InputOf(Vertex vertex, int index) {}

    /**
     * @param ignoring vertices for which no cache is asked, beside those that say so themselves
     */
    public GraphKeys(CacheMaps cacheMaps, LocalFiles localFiles, Predicate<Vertex> ignoring) {
        this.cacheMaps = cacheMaps;
        this.localFiles = localFiles;
        this.ignoring = ignoring;
    }

    /** Whether no cache is asked for the vertex. */
    boolean isIgnored(Vertex vertex) {
        return vertex.options().ignoreCache() || ignoring.test(vertex);
    }

    private List<CacheMap> maps(Vertex vertex) throws IOException {
        List<CacheMap> known = maps.get(vertex);
        if (known == null) {
            known = new ArrayList<>();
            for (int i = 0; i < cacheMaps.count(vertex); i++) {
                known.add(cacheMaps.of(vertex, i));
            }
            maps.put(vertex, known);
        }
        return known;
    }

    /** The digests that records of an output may have, one for each cache map. */
    Set<String> digests(Edge edge) throws IOException {
        Set<String> digests = new LinkedHashSet<>();
        for (CacheMap map : maps(edge.vertex())) {
            if (!map.digest().isRandom()) {
                digests.add(OutputKeys.of(map.digest(), edge.outputIndex()).toString());
            }
        }
        return digests;
    }

    /** The selector of an input as it stands in a link. */
    String selector(Vertex vertex, int input) throws IOException {
        return maps(vertex)
                .get(0)
                .deps()
                .get(input)
                .selector()
                .map(Digest::toString)
                .orElse("");
    }

    /** What went into the cache map of a vertex. */
    KeyParts parts(Vertex vertex) throws IOException {
        KeyParts known = parts.get(vertex);
        if (known == null) {
            known = cacheMaps.partsOf(vertex);
            parts.put(vertex, known);
        }
        return known;
    }

    /** The parts of a vertex in the form of those that they are compared with: file by file, or folder by folder. */
    KeyParts partsAs(Vertex vertex, KeyParts others) throws IOException {
        return vertex.op() instanceof LocalOp && others.folderDepth().isPresent()
                ? cacheMaps.partsByFolder(vertex, others.folderDepth().getAsInt())
                : parts(vertex);
    }

    /** The digest of the record of an input's content; empty where its content is not known. */
    Optional<String> contentKey(Vertex vertex, int input) throws IOException {
        InputOf of = new InputOf(vertex, input);
        Optional<Digest> known = contents.get(of);
        if (known == null) {
            Optional<ContentFunction> function =
                    maps(vertex).get(0).deps().get(input).contentFunction();
            known = function.isEmpty() ? Optional.empty() : content(vertex, input, function.get());
            contents.put(of, known);
        }
        return known.map(content -> OutputKeys.of(content, OutputKeys.CONTENT).toString());
    }

    private Optional<Digest> content(Vertex vertex, int input, ContentFunction function) throws IOException {
        Optional<Digest> computed = function.known();
        Edge from = vertex.inputs().get(input).edge();
        if (computed.isEmpty() && from.vertex().op() instanceof LocalOp) {
            try {
                computed = Optional.of(function.digestOf(localFiles.treeOf(from.vertex())));
            } catch (GraphException e) {
                // A pattern matches nothing. Who needs it to go on has said so already.
                return Optional.empty();
            }
        }
        for (CacheReasons cache : caches) {
            if (computed.isEmpty()) {
                computed = cache.notedContent(from, function.selection());
            }
        }
        return computed;
    }

    /** Also asks this cache for what it notes of contents. */
    void add(CacheReasons cache) {
        caches.add(cache);
    }
}
