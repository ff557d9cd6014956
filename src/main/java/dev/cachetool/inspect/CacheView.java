package dev.cachetool.inspect;

import dev.cachetool.content.Compression;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.remotecache.ArtifactForm;
import dev.cachetool.remotecache.CacheArtifact;
import dev.cachetool.remotecache.NormalizedChains;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
