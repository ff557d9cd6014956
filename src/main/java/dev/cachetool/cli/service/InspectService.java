package dev.cachetool.cli.service;

import dev.cachetool.cli.command.InspectAnswer;
import dev.cachetool.cli.command.InspectOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.output.LayerRow;
import dev.cachetool.cli.output.RecordRow;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.content.Compression;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.Notes;
import dev.cachetool.solver.CacheExportResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Looks into a cache. */
public final class InspectService implements Services.Inspector {
    private final Places places;

    public InspectService(Places places) {
        this.places = places;
    }

    @Override
    public InspectAnswer inspect(InspectOptions options, Reporter reporter) throws IOException {
        try (Registries registries = places.registries(options.access());
                OpenSource source = Sources.read(places, registries, options.place(), reporter)) {
            return answer(source);
        }
    }

    private static InspectAnswer answer(OpenSource source) {
        CacheArtifact artifact = source.artifact();
        List<ChainRecord> records = source.chains().records();
        Notes notes = artifact.notes();
        List<RecordRow> rows = new ArrayList<>(records.size());
        Map<Digest, LayerRow> layers = new LinkedHashMap<>();
        Map<Digest, Integer> users = new HashMap<>();
        TreeSet<String> compressions = new TreeSet<>();
        Optional<Timestamp> newest = Optional.empty();
        boolean[] used = new boolean[records.size()];
        long links = 0;
        long roots = 0;
        for (ChainRecord record : records) {
            int own = 0;
            for (List<ChainRecord.ChainLink> input : record.inputs()) {
                own += input.size();
                input.forEach(link -> used[link.index()] = true);
            }
            links += own;
            roots += record.inputs().isEmpty() ? 1 : 0;
            Optional<RecordRow.Result> result = Optional.empty();
            if (!record.results().isEmpty()) {
                CacheExportResult best = record.results().get(0);
                long bytes = 0;
                for (Descriptor layer : best.remote().descriptors()) {
                    bytes += layer.size();
                    layers.putIfAbsent(layer.digest(), LayerRow.of(layer));
                    users.merge(layer.digest(), 1, Integer::sum);
                    Compression.ofMediaType(layer.mediaType()).ifPresent(kind -> compressions.add(kind.word()));
                }
                result = Optional.of(
                        new RecordRow.Result(best.remote().descriptors().size(), bytes, best.createdAt()));
                if (!best.createdAt().equals(Timestamp.ZERO)
                        && (newest.isEmpty() || newest.get().compareTo(best.createdAt()) < 0)) {
                    newest = Optional.of(best.createdAt());
                }
            }
            Optional<String> name = notes.record(record.identity())
                    .map(noted -> String.join(", ", noted.names()))
                    .filter(names -> !names.isEmpty());
            Optional<Digest> digest = Digest.tryParse(record.digest());
            rows.add(new RecordRow(
                    digest.orElse(record.identity()), name, record.inputs().size(), own, result));
        }
        long leaves = 0;
        for (boolean isUsed : used) {
            leaves += isUsed ? 0 : 1;
        }
        return new InspectAnswer(
                SourceRow.read(source.place(), artifact),
                artifact.ociMediaTypes(),
                List.copyOf(compressions),
                newest,
                rows,
                List.copyOf(layers.values()),
                roots,
                leaves,
                depth(records),
                links,
                users.values().stream().filter(count -> count > 1).count(),
                artifact.configBytes(),
                artifact.manifestBytes() == 0 ? OptionalLong.empty() : OptionalLong.of(artifact.manifestBytes()));
    }

    /** How many records the longest chain has; with a stack of its own, since chains are long. */
    private static long depth(List<ChainRecord> records) {
        int[] depth = new int[records.size()];
        long longest = 0;
        List<int[]> stack = new ArrayList<>();
        for (int start = 0; start < depth.length; start++) {
            if (depth[start] != 0) {
                continue;
            }
            stack.add(new int[] {start, 0});
            while (!stack.isEmpty()) {
                int[] frame = stack.get(stack.size() - 1);
                List<ChainRecord.ChainLink> links = frame[1] == 0
                        ? records.get(frame[0]).inputs().stream()
                                .flatMap(List::stream)
                                .toList()
                        : List.of();
                if (frame[1] == 0) {
                    frame[1] = 1;
                    for (ChainRecord.ChainLink link : links) {
                        if (depth[link.index()] == 0) {
                            stack.add(new int[] {link.index(), 0});
                        }
                    }
                    continue;
                }
                stack.remove(stack.size() - 1);
                int deepest = 0;
                for (List<ChainRecord.ChainLink> input : records.get(frame[0]).inputs()) {
                    for (ChainRecord.ChainLink link : input) {
                        deepest = Math.max(deepest, depth[link.index()]);
                    }
                }
                depth[frame[0]] = deepest + 1;
                longest = Math.max(longest, depth[frame[0]]);
            }
        }
        return longest;
    }
}
