package dev.cachetool.remotecache;

import dev.cachetool.content.Blob;
import dev.cachetool.content.Provider;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.solver.CacheExportResult;
import dev.cachetool.solver.Remote;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The records of a cache with what is noted of them: all that is a cache, however it is wrapped.
 *
 * @param chains the records
 * @param notes by the identities of these records
 */
public record NotedChains(NormalizedChains chains, Notes notes) {
    /**
     * What a cache has that was read.
     *
     * @param place where it was, for errors
     * @throws InvalidCacheConfigException if the config says something impossible
     */
    public static NotedChains of(CacheArtifact artifact, String place) throws InvalidCacheConfigException {
        return new NotedChains(artifact.chains(place).normalize(), artifact.notes());
    }

    /**
     * This cache with some of its results alone, every record on the way to one, and what is noted of these.
     *
     * @param results the indexes of the records whose results stay
     */
    public NotedChains withResultsOf(BitSet results) {
        NormalizedChains less = chains.withResultsOf(results);
        return new NotedChains(less, notes.of(less.records()));
    }

    /** Whether the other cache would be written with the same bytes, whatever wraps it. */
    boolean isSame(NotedChains other) {
        return chains.config().equals(other.chains.config())
                && chains.layers().equals(other.chains.layers())
                && notes.equals(other.notes);
    }

    /** Compresses layers in another way. */
    @FunctionalInterface
    public interface Conversion {
        /**
         * The layer as it is to be, with the annotation of its diffID; the layer itself where it is so already.
         *
         * @throws IOException if it cannot be read or written
         */
        Blob convert(Blob layer) throws IOException;
    }

    /**
     * The same records and times with their layers converted, and notes of the results that came of it.
     *
     * @throws IOException if a layer cannot be converted
     */
    public NotedChains converted(Conversion conversion) throws IOException {
        Map<Digest, Blob> blobs = new HashMap<>();
        for (Descriptor layer : chains.layers()) {
            if (!blobs.containsKey(layer.digest())) {
                blobs.put(layer.digest(), conversion.convert(chains.blob(layer)));
            }
        }
        Map<Digest, Blob> byDigest = new HashMap<>();
        blobs.values().forEach(blob -> byDigest.put(blob.descriptor().digest(), blob));
        Provider provider = new BlobsByDigest(byDigest, chains);
        Map<Digest, Digest> resultKeys = new HashMap<>();
        CacheChains changed = new CacheChains();
        changed.addAll(chains, result -> {
            List<Descriptor> layers = result.remote().descriptors();
            List<Descriptor> others = new ArrayList<>(layers.size());
            for (Descriptor layer : layers) {
                Blob blob = blobs.get(layer.digest());
                others.add(blob == null ? layer : blob.descriptor());
            }
            resultKeys.put(Notes.resultKey(layers), Notes.resultKey(others));
            return new CacheExportResult(result.createdAt(), new Remote(others, provider));
        });
        return new NotedChains(changed.normalize(), notes.withResults(resultKeys));
    }

    /** Opens the blobs that it is given, and others where they were. */
    private record BlobsByDigest(Map<Digest, Blob> blobs, Provider others) implements Provider {
        @Override
        public InputStream open(Descriptor blob) throws IOException {
            return blob(blob).open();
        }

        @Override
        public boolean contains(Descriptor blob) throws IOException {
            return blobs.containsKey(blob.digest()) || others.contains(blob);
        }

        @Override
        public Blob blob(Descriptor blob) {
            Blob known = blobs.get(blob.digest());
            return known == null ? others.blob(blob) : known;
        }
    }
}
