package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Follows manifests to all that they lead to: configs, layers, notes, the children of indexes. Strict, since what is not found
 * here may be removed: a manifest that is missing, damaged or of a kind that is not known is an error.
 */
public final class ReachableBlobs {
    private final Resolver place;
    private final Set<Digest> reached = new HashSet<>();

    /**
     * @param place has the children of indexes
     */
    public ReachableBlobs(Resolver place) {
        this.place = place;
    }

    /** Reads a manifest. */
    @FunctionalInterface
    public interface Reading {
        /** The manifest; empty where it was removed meanwhile, and so needs nothing. */
        Optional<Manifest> read() throws IOException;
    }

    /**
     * Follows one more manifest.
     *
     * @param name what people call it: its tag or digest
     * @throws UnclearManifestException if it, or a child of it, cannot be read or understood
     * @throws IOException if the place cannot be asked
     */
    public void add(String name, Reading manifest) throws IOException {
        try {
            Deque<Manifest> open = new ArrayDeque<>();
            manifest.read().ifPresent(open::push);
            while (!open.isEmpty()) {
                Manifest at = open.pop();
                if (reached.add(at.digest())) {
                    follow(name, at, open);
                }
            }
        } catch (JsonException | DigestMismatchException | BlobNotFoundException | BlobTooLargeException e) {
            throw new UnclearManifestException(name, String.valueOf(e.getMessage()));
        }
    }

    private void follow(String name, Manifest at, Deque<Manifest> open) throws IOException {
        if (MediaTypes.isIndex(at.mediaType())) {
            for (Descriptor child : ImageIndex.parse(at.bytes(), name).manifests()) {
                if (!MediaTypes.isManifest(child.mediaType()) && !MediaTypes.isIndex(child.mediaType())) {
                    reached.add(child.digest());
                    continue;
                }
                Optional<Manifest> found = place.resolve(child.digest());
                if (found.isEmpty()) {
                    throw new UnclearManifestException(name, "it lists " + child.digest() + ", which is not there");
                }
                open.push(found.get());
            }
        } else if (MediaTypes.isManifest(at.mediaType())) {
            ImageManifest image = ImageManifest.parse(at.bytes(), name);
            reached.add(image.config().digest());
            image.layers().forEach(layer -> reached.add(layer.digest()));
            if (image.subject().isPresent()) {
                place.resolve(image.subject().get().digest()).ifPresent(open::push);
            }
        } else {
            throw new UnclearManifestException(name, "it is a " + at.mediaType());
        }
    }

    /** All that was reached, the manifests included. */
    public Set<Digest> reached() {
        return Set.copyOf(reached);
    }
}
