package dev.cachetool.registry;

import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The blobs, manifests and tags of one repository. */
final class HostedRepository {
    private final Map<Digest, Payload> blobs = new HashMap<>();
    private final Map<Digest, HostedManifest> manifests = new HashMap<>();
    private final TreeMap<String, Digest> tags = new TreeMap<>();

    synchronized void addBlob(Digest digest, Payload bytes) {
        blobs.put(digest, bytes);
    }

    synchronized Optional<Payload> blob(Digest digest) {
        return Optional.ofNullable(blobs.get(digest));
    }

    synchronized List<Digest> blobs() {
        return blobs.keySet().stream().sorted().toList();
    }

    synchronized boolean removeBlob(Digest digest) {
        return blobs.remove(digest) != null;
    }

    /** Keeps the manifest, at the tag where the reference is one. */
    synchronized void addManifest(String reference, HostedManifest manifest) {
        manifests.put(manifest.digest(), manifest);
        if (Digest.tryParse(reference).isEmpty()) {
            tags.put(reference, manifest.digest());
        }
    }

    /** The same where the conditions of RFC 9110, 13.1, hold; says whether they do. */
    synchronized boolean addManifestIf(
            String reference, HostedManifest manifest, Optional<String> ifMatch, Optional<String> ifNoneMatch) {
        Optional<String> standing = manifest(reference).map(HostedManifest::entityTag);
        boolean holds =
                (ifMatch.isEmpty() || standing.equals(ifMatch)) && (ifNoneMatch.isEmpty() || standing.isEmpty());
        if (holds) {
            addManifest(reference, manifest);
        }
        return holds;
    }

    /** By tag or digest. */
    synchronized Optional<HostedManifest> manifest(String reference) {
        Digest digest = Digest.tryParse(reference).orElseGet(() -> tags.get(reference));
        return Optional.ofNullable(digest == null ? null : manifests.get(digest));
    }

    /** Removes a tag, or a manifest with all tags at it. */
    synchronized boolean removeManifest(String reference) {
        Optional<Digest> digest = Digest.tryParse(reference);
        if (digest.isEmpty()) {
            return tags.remove(reference) != null;
        }
        tags.values().removeIf(digest.get()::equals);
        return manifests.remove(digest.get()) != null;
    }

    synchronized List<String> tags() {
        return List.copyOf(tags.keySet());
    }

    /** What the manifest refers to and is not here, neither as blob nor as manifest, or not with that size. */
    synchronized List<Digest> missing(HostedManifest manifest) throws JsonException {
        List<Digest> missing = new ArrayList<>();
        for (HostedManifest.Reference reference : manifest.references()) {
            Payload blob = blobs.get(reference.digest());
            HostedManifest other = manifests.get(reference.digest());
            boolean there = (blob != null && blob.length() == reference.size())
                    || (other != null && other.bytes().length == reference.size());
            if (!there) {
                missing.add(reference.digest());
            }
        }
        return missing;
    }

    /** What is missing of the manifests at tags. */
    synchronized List<Digest> missing() throws JsonException {
        List<Digest> missing = new ArrayList<>();
        for (Digest digest : tags.values()) {
            HostedManifest manifest = manifests.get(digest);
            if (manifest == null) {
                missing.add(digest);
            } else {
                missing.addAll(missing(manifest));
            }
        }
        return missing;
    }
}
