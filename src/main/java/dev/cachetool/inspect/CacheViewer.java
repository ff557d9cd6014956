package dev.cachetool.inspect;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.ChainRecord;
import dev.cachetool.remotecache.NormalizedChains;
import dev.cachetool.remotecache.Notes.RecordNotes;
import dev.cachetool.remotecache.Notes.ResultNotes;
import dev.cachetool.solver.CacheExportResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Counts what a view has. */
final class CacheViewer {
    private final CacheArtifact artifact;
    private final List<ChainRecord> records;
    private final Map<Digest, Integer> layerNumbers = new HashMap<>();
    private final List<Descriptor> layers = new ArrayList<>();
    private int[] layerUsers = new int[16];
    private int[] layerParents = new int[16];
    /** The stacks that results are made of, each by the stack below it and the layer on top. */
    private final Map<Long, Integer> stacks = new HashMap<>();

    CacheViewer(CacheArtifact artifact, NormalizedChains chains) {
        this.artifact = artifact;
        this.records = chains.records();
    }

    CacheView view() {
        List<List<int[]>> found = new ArrayList<>(records.size());
        for (ChainRecord each : records) {
            List<int[]> results = new ArrayList<>(each.results().size());
            for (CacheExportResult result : each.results()) {
                results.add(layersOf(result));
            }
            found.add(results);
        }
        List<int[]> sources = new ArrayList<>(records.size());
        for (ChainRecord each : records) {
            sources.add(sources(each));
        }
        int[] users = users(sources);
        int[] depths = depths(sources);
        List<RecordView> views = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            views.add(record(records.get(i), found.get(i), depths[i], users[i]));
        }
        return new CacheView(
                artifact.digest(),
                artifact.form(),
                artifact.ociMediaTypes(),
                artifact.configBytes(),
                artifact.manifestBytes() == 0 ? OptionalLong.empty() : OptionalLong.of(artifact.manifestBytes()),
                !artifact.notes().records().isEmpty(),
                views,
                layerViews());
    }

    /** The layers of a result by number, each once; counts it among their users. */
    private int[] layersOf(CacheExportResult result) {
        List<Descriptor> blobs = result.remote().descriptors();
        int[] numbers = new int[blobs.size()];
        int count = 0;
        int below = 0;
        for (Descriptor blob : blobs) {
            int next = layers.size();
            Integer known = layerNumbers.putIfAbsent(blob.digest(), next);
            if (known == null) {
                layers.add(blob);
                if (next == layerUsers.length) {
                    layerUsers = Arrays.copyOf(layerUsers, 2 * next);
                    layerParents = Arrays.copyOf(layerParents, 2 * next);
                }
            }
            int number = known == null ? next : known;
            numbers[count++] = number;
            int stack = stacks.size() + 1;
            Integer same = stacks.putIfAbsent((long) below << 32 | number, stack);
            layerParents[number] += same == null ? 1 : 0;
            below = same == null ? stack : same;
        }
        for (int number : distinct(numbers)) {
            layerUsers[number]++;
        }
        return numbers;
    }

    private RecordView record(ChainRecord each, List<int[]> results, int depth, int users) {
        Optional<RecordNotes> notes = artifact.notes().record(each.identity());
        List<ResultView> views = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            views.add(result(each.results().get(i), results.get(i), notes));
        }
        return new RecordView(
                each.identity(),
                each.digest(),
                notes.map(noted -> List.copyOf(noted.names())).orElse(List.of()),
                notes.map(RecordNotes::parts).orElseGet(TreeMap::new),
                each.inputs(),
                depth,
                users,
                views);
    }

    private ResultView result(CacheExportResult result, int[] numbers, Optional<RecordNotes> notes) {
        long bytes = 0;
        long own = 0;
        for (int number : distinct(numbers)) {
            long size = layers.get(number).size();
            bytes += size;
            own += layerUsers[number] == 1 ? size : 0;
        }
        OptionalLong took = OptionalLong.empty();
        if (notes.isPresent()) {
            took = notes.get()
                    .result(result.remote().descriptors())
                    .map(ResultNotes::milliseconds)
                    .orElse(took);
        }
        List<Integer> stack = new ArrayList<>(numbers.length);
        for (int number : numbers) {
            stack.add(number);
        }
        return new ResultView(stack, bytes, own, result.createdAt(), took);
    }

    private List<LayerView> layerViews() {
        List<LayerView> views = new ArrayList<>(artifact.layers().size());
        for (int i = 0; i < layers.size(); i++) {
            views.add(new LayerView(layers.get(i), layerUsers[i], layerParents[i]));
        }
        artifact.layers().values().stream()
                .filter(layer -> !layerNumbers.containsKey(layer.digest()))
                .sorted(Comparator.comparing(Descriptor::digest))
                .forEach(layer -> views.add(new LayerView(layer, 0, 0)));
        return views;
    }

    /** The records that lead to one, each once. */
    private static int[] sources(ChainRecord record) {
        int count = 0;
        for (List<ChainRecord.ChainLink> links : record.inputs()) {
            count += links.size();
        }
        int[] sources = new int[count];
        count = 0;
        for (List<ChainRecord.ChainLink> links : record.inputs()) {
            for (ChainRecord.ChainLink link : links) {
                sources[count++] = link.index();
            }
        }
        return distinct(sources);
    }

    /** The numbers, each once. */
    private static int[] distinct(int[] numbers) {
        if (numbers.length < 2) {
            return numbers;
        }
        int[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int count = 1;
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] != sorted[i - 1]) {
                sorted[count++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    private static int[] users(List<int[]> sources) {
        int[] users = new int[sources.size()];
        for (int[] each : sources) {
            for (int source : each) {
                users[source]++;
            }
        }
        return users;
    }

    /** How many records the longest way down from each has; with a stack of its own, since chains are long. */
    private static int[] depths(List<int[]> sources) {
        int[] depths = new int[sources.size()];
        Deque<Integer> stack = new ArrayDeque<>();
        for (int start = 0; start < depths.length; start++) {
            stack.push(start);
            while (!stack.isEmpty()) {
                int index = stack.element();
                if (depths[index] != 0) {
                    stack.pop();
                    continue;
                }
                int deepest = 0;
                boolean waits = false;
                for (int source : sources.get(index)) {
                    if (depths[source] == 0) {
                        stack.push(source);
                        waits = true;
                    }
                    deepest = Math.max(deepest, depths[source]);
                }
                if (!waits) {
                    depths[index] = deepest + 1;
                    stack.pop();
                }
            }
        }
        return depths;
    }
}
