package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Blobs and tags in memory: for what is small and never lies anywhere, and for tests. Closing it does nothing. */
public final class InMemoryContentStore implements Target {
    private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<Digest, Manifest> manifests = new ConcurrentHashMap<>();
    private final Map<String, Digest> tags = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "memory";
    }

    /** Takes these very bytes. */
    public Descriptor put(String mediaType, byte[] bytes) {
        Descriptor descriptor = Descriptor.of(mediaType, bytes);
        blobs.putIfAbsent(descriptor.digest(), bytes.clone());
        return descriptor;
    }

    @Override
    public Ingested ingest(Blob blob) throws IOException {
        Descriptor descriptor = blob.descriptor();
        if (blobs.containsKey(descriptor.digest())) {
            return Ingested.EXISTS;
        }
        byte[] bytes;
        try (InputStream in = new VerifyingInputStream(blob.open(), descriptor.digest(), descriptor.size())) {
            bytes = in.readAllBytes();
        }
        return blobs.putIfAbsent(descriptor.digest(), bytes) == null ? Ingested.WRITTEN : Ingested.EXISTS;
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        byte[] bytes = blobs.get(blob.digest());
        if (bytes == null) {
            throw new BlobNotFoundException(blob.digest(), name());
        }
        return new VerifyingInputStream(new ByteArrayInputStream(bytes), blob.digest(), blob.size());
    }

    @Override
    public boolean contains(Descriptor blob) {
        return blobs.containsKey(blob.digest());
    }

    @Override
    public Optional<Manifest> resolve(String tag) {
        return Optional.ofNullable(tags.get(tag)).map(manifests::get);
    }

    @Override
    public Optional<Manifest> resolve(Digest digest) {
        return Optional.ofNullable(manifests.get(digest));
    }

    @Override
    public List<String> tags() {
        List<String> sorted = new ArrayList<>(tags.keySet());
        sorted.sort(null);
        return sorted;
    }

    @Override
    public void tag(String tag, Manifest manifest) {
        blobs.putIfAbsent(manifest.digest(), manifest.bytes());
        manifests.put(manifest.digest(), manifest);
        tags.put(tag, manifest.digest());
    }

    @Override
    public boolean tagIf(String tag, Manifest manifest, Optional<Digest> seen) {
        blobs.putIfAbsent(manifest.digest(), manifest.bytes());
        manifests.put(manifest.digest(), manifest);
        return seen.isEmpty()
                ? tags.putIfAbsent(tag, manifest.digest()) == null
                : tags.replace(tag, seen.get(), manifest.digest());
    }

    @Override
    public void close() {}
}
