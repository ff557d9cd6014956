package dev.cachetool.registry;

import dev.cachetool.digest.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Everything that a registry has: repositories, which begin with the first push, and uploads that are going on. */
final class HostedContent {
    private final long keptAtMost;
    private final Map<String, HostedRepository> repositories = new ConcurrentHashMap<>();
    private final Map<String, HostedUpload> uploads = new ConcurrentHashMap<>();
    private final Map<Digest, Payload> generated = new ConcurrentHashMap<>();
    private final AtomicInteger lastUpload = new AtomicInteger();

    /** Of an upload with more than so many bytes only size and digest are kept. */
    HostedContent(long keptAtMost) {
        this.keptAtMost = keptAtMost;
    }

    Optional<HostedRepository> repository(String name) {
        return Optional.ofNullable(repositories.get(name));
    }

    HostedRepository repositoryToPush(String name) {
        return repositories.computeIfAbsent(name, n -> new HostedRepository());
    }

    /** Makes the blob stand in for the bytes of every upload with its digest. */
    void recognize(GeneratedBlob blob) {
        generated.put(blob.digest(), blob);
    }

    /** Begins an upload, and gives its identity. */
    String begin(String repository) {
        String id = "upload-" + lastUpload.incrementAndGet();
        uploads.put(id, new HostedUpload(repository, keptAtMost));
        return id;
    }

    Optional<HostedUpload> upload(String id) {
        return Optional.ofNullable(uploads.get(id));
    }

    int openUploads() {
        return uploads.size();
    }

    void abandon(String id) {
        uploads.remove(id);
    }

    /** Makes the upload a blob, where the digest is right; in either case the upload is over. */
    boolean finish(String id, HostedUpload upload, Digest digest) {
        uploads.remove(id);
        if (!upload.has(digest)) {
            return false;
        }
        Payload bytes = generated.getOrDefault(digest, upload.bytes());
        repositoryToPush(upload.repository()).addBlob(digest, bytes);
        return true;
    }
}
