package dev.cachetool.inspect;

import dev.cachetool.content.Compression;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.NormalizedChains;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * A cache, as people look at it.
 *
 * @param digest of its manifest; of the config where there is none
 * @param form how it is wrapped
 * @param ociMediaTypes whether its media types are OCI's, else Docker's; empty where it has none
 * @param configBytes the size of its config
 * @param manifestBytes the size of its manifest, where there is one
 * @param noted whether there are notes beside it, which names and parts come from
 * @param records its records, in the order of a normalised config, where a record may stand before one that it stands on
 * @param layers the blobs of its layers, each once: those of results in the order of the records, then what the manifest
 *     lists besides, by digest
 */
public record CacheView(
        Digest digest,
        ArtifactForm form,
        Optional<Boolean> ociMediaTypes,
        long configBytes,
        OptionalLong manifestBytes,
        boolean noted,
        List<RecordView> records,
        List<LayerView> layers) {
    public CacheView {
        records = List.copyOf(records);
        layers = List.copyOf(layers);
    }

    /** The view of a cache that was read; linear in its records, links and layers. */
    public static CacheView of(CacheArtifact artifact, NormalizedChains chains) {
        return new CacheViewer(artifact, chains).view();
    }

    /** Its digest as text. */
    public String digestText() {
        return digest.toString();
    }

    /** The word for how it is wrapped. */
    public String formText() {
        return form.text();
    }

    /** The size of its layers, each counted once. */
    public long bytes() {
        long bytes = 0;
        for (LayerView layer : layers) {
            bytes += layer.blob().size();
        }
        return bytes;
    }

    /** How many records have a result. */
    public int recordsWithResult() {
        int count = 0;
        for (RecordView each : records) {
            count += each.results().isEmpty() ? 0 : 1;
        }
        return count;
    }

    /** How many records stand on nothing. */
    public int roots() {
        int count = 0;
        for (RecordView each : records) {
            count += each.isRoot() ? 1 : 0;
        }
        return count;
    }

    /** How many records nothing stands on. */
    public int leaves() {
        int count = 0;
        for (RecordView each : records) {
            count += each.isLeaf() ? 1 : 0;
        }
        return count;
    }

    /** How many records the longest way down has. */
    public int depth() {
        int deepest = 0;
        for (RecordView each : records) {
            deepest = Math.max(deepest, each.depth());
        }
        return deepest;
    }

    /** How many links it has. */
    public long links() {
        long links = 0;
        for (RecordView each : records) {
            links += each.links();
        }
        return links;
    }

    /** How many layers more than one result has. */
    public int sharedLayers() {
        int count = 0;
        for (LayerView layer : layers) {
            count += layer.users() > 1 ? 1 : 0;
        }
        return count;
    }

    /** The layers of the preferred results of these records, each once, by index. */
    public Set<Integer> layersOf(List<RecordView> some) {
        Set<Integer> found = new LinkedHashSet<>();
        for (RecordView each : some) {
            each.result().ifPresent(result -> found.addAll(result.layers()));
        }
        return found;
    }

    /**
     * What a record stands on: of each input the record that tells people most, which is one with a name, else the one on
     * which the longest chain stands.
     */
    public List<RecordView> sources(RecordView record) {
        Set<RecordView> sources = new LinkedHashSet<>();
        for (List<Integer> input : inputs(record)) {
            sources.add(records.get(input.get(0)));
        }
        return List.copyOf(sources);
    }

    /** The records that lead to each input, each once, by index, in the order of {@link #sources}. */
    public List<List<Integer>> inputs(RecordView record) {
        List<List<Integer>> inputs = new ArrayList<>(record.inputs().size());
        for (int input = 0; input < record.inputs().size(); input++) {
            inputs.add(record.sources(input).stream()
                    .distinct()
                    .sorted(Comparator.<Integer, Boolean>comparing(
                                    index -> records.get(index).names().isEmpty())
                            .thenComparing(index -> -records.get(index).depth())
                            .thenComparing(Comparator.naturalOrder()))
                    .toList());
        }
        return inputs;
    }

    /** The layers that several results have or that lie on several stacks, those with the most bytes first. */
    public List<LayerView> repeatedLayers() {
        return layers.stream()
                .filter(LayerView::isRepeated)
                .sorted(Comparator.comparingLong(
                                (LayerView layer) -> -layer.blob().size())
                        .thenComparing(layer -> layer.blob().digest()))
                .toList();
    }

    /** The layers that the manifest lists and no result leads to. */
    public List<LayerView> unusedLayers() {
        return layers.stream().filter(layer -> layer.users() == 0).toList();
    }

    /** The links to a record that stands on others: how many the median record and the one with the most have. */
    public FanIn fanIn() {
        int[] links = records.stream()
                .filter(each -> !each.isRoot())
                .mapToInt(RecordView::links)
                .sorted()
                .toArray();
        return links.length == 0 ? new FanIn(0, 0) : new FanIn(links[(links.length - 1) / 2], links[links.length - 1]);
    }

    /**
     * How many links lead to records.
     *
     * @param median to the one in the middle
     * @param most to the one that has the most
     */
    public record FanIn(int median, int most) {}

    /** The compressions of its layers, sorted. */
    public List<String> compressions() {
        TreeSet<String> words = new TreeSet<>();
        for (LayerView layer : layers) {
            Compression.ofMediaType(layer.blob().mediaType()).ifPresent(kind -> words.add(kind.word()));
        }
        return List.copyOf(words);
    }

    /** When the newest result was made; empty where none says. */
    public Optional<Timestamp> newest() {
        Timestamp newest = Timestamp.ZERO;
        for (RecordView each : records) {
            for (ResultView result : each.results()) {
                newest = result.createdAt().compareTo(newest) > 0 ? result.createdAt() : newest;
            }
        }
        return newest.equals(Timestamp.ZERO) ? Optional.empty() : Optional.of(newest);
    }

    /** The records that stand on each record, by index, in their order; computed anew each time. */
    public List<List<Integer>> users() {
        List<List<Integer>> users = new ArrayList<>(records.size());
        for (RecordView each : records) {
            users.add(new ArrayList<>(each.users()));
        }
        for (int index = 0; index < records.size(); index++) {
            int user = index;
            records.get(index).inputs().stream()
                    .flatMap(List::stream)
                    .mapToInt(link -> link.index())
                    .distinct()
                    .forEach(source -> users.get(source).add(user));
        }
        return users;
    }
}
