package dev.cachetool.layout;

import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.Provider;
import dev.cachetool.content.ReachableBlobs;
import dev.cachetool.content.Source;
import dev.cachetool.content.UnclearManifestException;
import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonException;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.oci.ImageIndex;
import dev.cachetool.oci.ImageManifest;
import dev.cachetool.oci.MediaTypes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What {@code index.json} of a layout says. Immutable. */
record LayoutIndex(List<Descriptor> entries) {
    static final String FILE = "index.json";
    static final String VERSION_FILE = "oci-layout";
    static final String VERSION = "{\"imageLayoutVersion\":\"1.0.0\"}";
    static final LayoutIndex EMPTY = new LayoutIndex(List.of());

    /** The most bytes of it that are read. */
    static final long LIMIT = 16L << 20;

    LayoutIndex {
        entries = List.copyOf(entries);
    }

    static LayoutIndex parse(byte[] bytes, String place) throws NotALayoutException {
        try {
            return new LayoutIndex(ImageIndex.parse(bytes, place + "/" + FILE).manifests());
        } catch (JsonException e) {
            throw new NotALayoutException(place, String.valueOf(e.getMessage()));
        }
    }

    byte[] toBytes() {
        return new ImageIndex(MediaTypes.OCI_INDEX, entries, Map.of()).toBytes();
    }

    /** The first entry with the tag; of several, BuildKit takes the first too. */
    Optional<Descriptor> find(String tag) {
        return entries.stream().filter(entry -> tag.equals(tagOf(entry))).findFirst();
    }

    Optional<Descriptor> find(Digest digest) {
        return entries.stream().filter(entry -> entry.digest().equals(digest)).findFirst();
    }

    List<String> tags() {
        TreeSet<String> tags = new TreeSet<>();
        for (Descriptor entry : entries) {
            if (!tagOf(entry).isEmpty()) {
                tags.add(tagOf(entry));
            }
        }
        return List.copyOf(tags);
    }

    /** The entries that have no tag. */
    List<Digest> untagged() {
        return entries.stream()
                .filter(entry -> tagOf(entry).isEmpty())
                .map(Descriptor::digest)
                .toList();
    }

    private static String tagOf(Descriptor entry) {
        return entry.annotations().getOrDefault(Annotations.REF_NAME, "");
    }

    /** This one with the tag at the manifest, where it stood before or at the end; every other entry stays. */
    LayoutIndex withTag(String tag, Manifest manifest) {
        Descriptor tagged = manifest.descriptor().withAnnotations(Map.of(Annotations.REF_NAME, tag));
        List<Descriptor> changed = new ArrayList<>(entries.size() + 1);
        boolean placed = false;
        for (Descriptor entry : entries) {
            if (!tag.equals(tagOf(entry))) {
                changed.add(entry);
            } else if (!placed) {
                changed.add(tagged);
                placed = true;
            }
        }
        if (!placed) {
            changed.add(tagged);
        }
        return new LayoutIndex(changed);
    }

    /** This one without the tag. */
    LayoutIndex withoutTag(String tag) {
        return new LayoutIndex(
                entries.stream().filter(entry -> !tag.equals(tagOf(entry))).toList());
    }

    /**
     * The manifest of an entry, with the media type that it says itself where the entry says none.
     *
     * @throws IOException if it cannot be read, is damaged or too large
     */
    static Manifest manifest(Provider provider, Descriptor entry) throws IOException {
        byte[] bytes = provider.readAll(entry, Manifest.LIMIT);
        String mediaType = entry.mediaType();
        if (!MediaTypes.isIndex(mediaType) && !MediaTypes.isManifest(mediaType)) {
            // The content decides, as it does for BuildKit.
            boolean index = !ImageIndex.parse(bytes, entry.digest().toString())
                    .manifests()
                    .isEmpty();
            mediaType = index ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
        }
        return new Manifest(Descriptor.of(mediaType, entry.digest(), bytes.length), bytes);
    }

    /**
     * All blobs that the entries lead to, themselves included; what is listed and not there is passed over.
     *
     * @throws IOException if a manifest cannot be read
     */
    Map<Digest, Descriptor> reachable(Provider provider) throws IOException {
        Map<Digest, Descriptor> reached = new LinkedHashMap<>();
        Deque<Descriptor> open = new ArrayDeque<>(entries);
        while (!open.isEmpty()) {
            Descriptor at = open.pop();
            if (reached.putIfAbsent(at.digest(), at) != null) {
                continue;
            }
            String type = at.mediaType();
            if (!MediaTypes.isIndex(type) && !MediaTypes.isManifest(type) && !entries.contains(at)) {
                continue;
            }
            Manifest manifest;
            try {
                manifest = manifest(provider, at);
            } catch (BlobNotFoundException e) {
                reached.remove(at.digest());
                continue;
            }
            if (MediaTypes.isIndex(manifest.mediaType())) {
                ImageIndex.parse(manifest.bytes(), at.digest().toString())
                        .manifests()
                        .forEach(open::push);
            } else {
                ImageManifest image =
                        ImageManifest.parse(manifest.bytes(), at.digest().toString());
                open.push(image.config());
                image.layers().forEach(open::push);
            }
        }
        return reached;
    }

    /**
     * The digests of all that the entries lead to, themselves included; strict, as {@link Source#needed}.
     *
     * @throws UnclearManifestException if an entry is missing or cannot be understood
     * @throws IOException if it cannot be read
     */
    Set<Digest> needed(Source place) throws IOException {
        ReachableBlobs reachable = new ReachableBlobs(place);
        for (Descriptor entry : entries) {
            String name = tagOf(entry).isEmpty() ? entry.digest().toString() : tagOf(entry);
            reachable.add(name, () -> Optional.of(manifest(place, entry)));
        }
        return reachable.reached();
    }

    /** Whether a blob need not be brought to the layout: documents are read for that, of layers the size has to do. */
    static boolean holds(Provider layout, Descriptor blob) throws IOException {
        return MediaTypes.isLayer(blob.mediaType()) ? layout.contains(blob) : layout.isWhole(blob);
    }

    /** Where a blob lies in a layout, with {@code /} between the segments. */
    static String pathOf(Digest digest) {
        String text = digest.toString();
        return "blobs/" + text.substring(0, text.indexOf(':')) + "/" + digest.encoded();
    }
}
