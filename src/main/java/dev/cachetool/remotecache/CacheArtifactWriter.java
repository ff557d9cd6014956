package dev.cachetool.remotecache;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.BlobTooLargeException;
import dev.cachetool.content.Ingester.Ingested;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a cache as an artifact: layers first, then notes and config, then the manifest at its tag, so that a reader never
 * sees half a cache (docs/formats.md, "The artifact").
 */
public final class CacheArtifactWriter {
    private final ArtifactForm form;
    private final boolean ociMediaTypes;

    /**
     * @param form image manifest or index
     * @param ociMediaTypes whether media types are OCI's, else Docker's; the image manifest has OCI's only
     */
    public CacheArtifactWriter(ArtifactForm form, boolean ociMediaTypes) {
        if (form != ArtifactForm.IMAGE_MANIFEST && form != ArtifactForm.INDEX) {
            throw new IllegalArgumentException("a cache is not written in the form " + form.text());
        }
        if (form == ArtifactForm.IMAGE_MANIFEST && !ociMediaTypes) {
            throw new IllegalArgumentException("the image-manifest form needs OCI media types");
        }
        this.form = form;
        this.ociMediaTypes = ociMediaTypes;
    }

    /** What became of the tag. */
    public enum Outcome {
        /** The tag names the cache now. */
        WRITTEN,
        /** The tag named this very cache already. */
        UNCHANGED,
        /** The cache has no layer, so that nothing was published and the tag is what it was. */
        NOTHING
    }

    /**
     * What was written.
     *
     * @param manifest the manifest; empty where nothing was published
     * @param bytesWritten how many bytes of blobs were written or sent
     */
    public record Written(Outcome outcome, Optional<Manifest> manifest, long bytesWritten) {}

    /** Is told of every layer as it is done. */
    @FunctionalInterface
    public interface Listener {
        void layer(Descriptor layer, Ingested ingested);
    }

    /**
     * Writes the cache.
     *
     * @throws IOException if a layer cannot be read or the target cannot be written; the tag is then what it was
     */
    public Written write(NormalizedChains chains, Notes notes, Target target, String tag, Listener listener)
            throws IOException {
        List<Descriptor> layers = new ArrayList<>(chains.layers().size());
        for (Descriptor layer : chains.layers()) {
            layers.add(ociMediaTypes ? layer : layer.withMediaType(MediaTypes.toDocker(layer.mediaType())));
        }
        if (layers.isEmpty()) {
            return new Written(Outcome.NOTHING, Optional.empty(), 0);
        }
        Blob config = Blob.of(MediaTypes.CACHE_CONFIG, chains.config().toBytes());
        Optional<Blob> noted =
                notes.records().isEmpty() ? Optional.empty() : Optional.of(Blob.of(MediaTypes.NOTES, notes.toBytes()));
        Manifest manifest = manifest(layers, config.descriptor(), noted.map(Blob::descriptor));
        Optional<Manifest> before = standing(target, tag);
        boolean same = before.isPresent() && before.get().digest().equals(manifest.digest());

        long bytes = 0;
        boolean anyWritten = false;
        Set<Digest> done = new HashSet<>();
        List<Blob> blobs = new ArrayList<>(layers.size() + 2);
        for (Descriptor layer : layers) {
            if (done.add(layer.digest())) {
                blobs.add(chains.blob(layer));
            }
        }
        noted.ifPresent(blobs::add);
        blobs.add(config);
        for (Blob blob : blobs) {
            Ingested ingested = target.ingest(blob);
            if (ingested == Ingested.WRITTEN) {
                bytes += blob.descriptor().size();
                anyWritten = true;
            }
            if (done.contains(blob.descriptor().digest())) {
                listener.layer(blob.descriptor(), ingested);
            }
        }
        if (same && !anyWritten) {
            return new Written(Outcome.UNCHANGED, Optional.of(manifest), 0);
        }
        target.tag(tag, manifest);
        return new Written(Outcome.WRITTEN, Optional.of(manifest), bytes);
    }

    /** What the tag names; empty as well where that is damaged, since it is to be replaced. */
    private static Optional<Manifest> standing(Target target, String tag) throws IOException {
        try {
            return target.resolve(tag);
        } catch (BlobNotFoundException | BlobTooLargeException | DigestMismatchException | JsonException e) {
            return Optional.empty();
        }
    }

    /** The manifest or index that the cache has in this form, whatever the target. */
    private Manifest manifest(List<Descriptor> layers, Descriptor config, Optional<Descriptor> notes) {
        List<Descriptor> entries = new ArrayList<>(layers);
        notes.ifPresent(entries::add);
        if (form == ArtifactForm.IMAGE_MANIFEST) {
            return Manifest.of(
                    MediaTypes.OCI_MANIFEST,
                    new ImageManifest(MediaTypes.OCI_MANIFEST, config, entries, Map.of()).toBytes());
        }
        entries.add(config);
        String mediaType = ociMediaTypes ? MediaTypes.OCI_INDEX : MediaTypes.DOCKER_INDEX;
        return Manifest.of(mediaType, new ImageIndex(mediaType, entries, Map.of()).toBytes());
    }
}
