package dev.cachetool.cli.service;

import dev.cachetool.cachemap.CacheMap;
import dev.cachetool.cachemap.ContentFunction;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.OpaqueOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.NormalizedChains;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.CacheExporter;
import dev.cachetool.solver.CacheExporterRecord;
import dev.cachetool.solver.OutputKeys;
import dev.cachetool.solver.Result;
import dev.cachetool.store.RefResult;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects what is noted beside an exported cache: names, parts of keys, digests of what was selected of results. */
final class ExportNotes {
    private final GraphSession session;
    private final Map<Digest, TreeSet<String>> names;
    private final Map<Digest, Map<String, ContentFunction>> selections = new HashMap<>();

    /** Gives the result that layers were made of; empty where that is not known. */
    @FunctionalInterface
    interface Origins {
        Optional<Result> of(List<Descriptor> layers);
    }

    ExportNotes(GraphSession session) throws IOException {
        this.session = session;
        this.names = session.namesByDigest();
        for (Vertex vertex : session.definition().vertices()) {
            if (vertex.inputs().isEmpty()) {
                continue;
            }
            CacheMap map = session.cacheMaps().of(vertex, 0);
            for (int i = 0; i < map.deps().size(); i++) {
                Optional<ContentFunction> function = map.deps().get(i).contentFunction();
                if (function.isPresent() && function.get().known().isEmpty()) {
                    selections
                            .computeIfAbsent(
                                    vertex.inputs().get(i).edge().vertex().digest(), unused -> new LinkedHashMap<>())
                            .putIfAbsent(function.get().selection(), function.get());
                }
            }
        }
    }

    /**
     * The notes of chains.
     *
     * @param records what each record was exported from
     * @param origins gives the results that layers were made of
     */
    Notes of(NormalizedChains chains, Map<CacheExporterRecord, CacheExporter> records, Origins origins)
            throws IOException {
        SortedMap<Digest, Notes.RecordNotes> out = new TreeMap<>();
        for (Map.Entry<CacheExporterRecord, CacheExporter> entry : records.entrySet()) {
            CacheExporter exporter = entry.getValue();
            Optional<ChainRecord> record = chains.find(entry.getKey());
            if (record.isEmpty() || exporter.key().outputIndex() == OutputKeys.CONTENT) {
                continue;
            }
            Vertex vertex = exporter.vertex();
            if (vertex.op() instanceof OpaqueOp) {
                continue;
            }
            SortedMap<Digest, Notes.ResultNotes> results = new TreeMap<>();
            for (CacheExportResult exported : record.get().results()) {
                List<Descriptor> layers = exported.remote().descriptors();
                Optional<Result> result = origins.of(layers);
                if (result.isPresent()) {
                    results.put(Notes.resultKey(layers), notes(vertex, result.get()));
                }
            }
            out.put(
                    record.get().identity(),
                    new Notes.RecordNotes(
                            names.getOrDefault(vertex.digest(), new TreeSet<>()),
                            session.cacheMaps().notedPartsOf(vertex).parts(),
                            results));
        }
        return new Notes(out);
    }

    private Notes.ResultNotes notes(Vertex vertex, Result result) throws IOException {
        SortedMap<String, Digest> content = new TreeMap<>();
        for (Map.Entry<String, ContentFunction> selection :
                selections.getOrDefault(vertex.digest(), Map.of()).entrySet()) {
            Optional<Digest> digest = result instanceof RefResult ref
                    ? ref.contentAtHand(selection.getValue())
                    : result.contentDigest(selection.getValue());
            digest.ifPresent(known -> content.put(selection.getKey(), known));
        }
        OptionalLong took =
                result instanceof RefResult ref ? ref.ref().metadata().milliseconds() : OptionalLong.empty();
        return new Notes.ResultNotes(content, took);
    }

    /** How many bytes the layers have together, each blob counted once. */
    static long bytes(NormalizedChains chains) {
        Map<Digest, Long> sizes = new HashMap<>();
        for (Descriptor layer : chains.layers()) {
            sizes.put(layer.digest(), layer.size());
        }
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }
}
