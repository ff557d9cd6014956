package dev.cachetool.registry;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** An upload that is going on: digests what comes, and keeps it as long as it is not too much. */
final class HostedUpload {
    private final String repository;
    private final long keptAtMost;
    private final MessageDigest sha256 = Algorithm.SHA256.newMessageDigest();
    private Optional<ByteArrayOutputStream> kept = Optional.of(new ByteArrayOutputStream());
    private long size;

    /** An upload to the repository; of more than so many bytes only size and digest are kept. */
    HostedUpload(String repository, long keptAtMost) {
        this.repository = repository;
        this.keptAtMost = keptAtMost;
    }

    String repository() {
        return repository;
    }

    /** How many bytes came. */
    synchronized long size() {
        return size;
    }

    /** Takes all of the stream; where that fails, what came before is taken. */
    void append(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        int n;
        while ((n = in.read(buffer)) > 0) {
            append(buffer, n);
        }
    }

    private synchronized void append(byte[] buffer, int length) {
        sha256.update(buffer, 0, length);
        size += length;
        if (size > keptAtMost) {
            kept = Optional.empty();
        }
        kept.ifPresent(bytes -> bytes.write(buffer, 0, length));
    }

    /** Whether the digest is that of what came; digests other than SHA-256 need the bytes to be kept. */
    synchronized boolean has(Digest digest) {
        MessageDigest finished;
        if (digest.algorithm() == Algorithm.SHA256) {
            finished = copy(sha256);
        } else {
            finished = digest.algorithm().newMessageDigest();
            finished.update(kept.orElseThrow().toByteArray());
        }
        return digest.encoded().equals(HexFormat.of().formatHex(finished.digest()));
    }

    /** What came; of a discarded upload only the length is known, and reading fails. */
    synchronized Payload bytes() {
        return kept.map(bytes -> Payload.of(bytes.toByteArray())).orElseGet(() -> new Discarded(size));
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the digests of the JDK can be cloned", e);
        }
    }

    private record Discarded(long length) implements Payload {
        @Override
        public InputStream open(long offset) {
            throw new UncheckedIOException(new IOException("the bytes of this blob were discarded"));
        }
    }
}
