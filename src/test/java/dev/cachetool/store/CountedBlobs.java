package dev.cachetool.store;

import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Provider;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Blobs that cost a transfer. Counts what is asked for, and can be told to fail. */
final class CountedBlobs implements Provider {
    private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger openings = new AtomicInteger();
    private volatile boolean failing;

    Descriptor put(Descriptor descriptor, byte[] content) {
        blobs.put(descriptor.digest(), content);
        return descriptor;
    }

    /** Serves other bytes than those of its digest. */
    void damage(Descriptor descriptor, byte[] content) {
        blobs.put(descriptor.digest(), content);
    }

    void fail(boolean on) {
        failing = on;
    }

    /** How many bytes were read. */
    long bytes() {
        return bytes.get();
    }

    /** How often a blob was opened. */
    int openings() {
        return openings.get();
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return blob(blob).open();
    }

    @Override
    public boolean contains(Descriptor blob) {
        return blobs.containsKey(blob.digest());
    }

    @Override
    public Blob blob(Descriptor blob) {
        return new Blob() {
            @Override
            public Descriptor descriptor() {
                return blob;
            }

            @Override
            public InputStream open() throws IOException {
                return new VerifyingInputStream(openAt(0), blob.digest(), blob.size());
            }

            @Override
            public InputStream openAt(long offset) throws IOException {
                openings.incrementAndGet();
                byte[] content = blobs.get(blob.digest());
                if (content == null || failing) {
                    throw new BlobNotFoundException(blob.digest(), "elsewhere");
                }
                return new FilterInputStream(
                        new ByteArrayInputStream(content, (int) offset, content.length - (int) offset)) {
                    @Override
                    public int read() throws IOException {
                        bytes.incrementAndGet();
                        return in.read();
                    }

                    @Override
                    public int read(byte[] buffer, int from, int length) throws IOException {
                        int n = in.read(buffer, from, length);
                        bytes.addAndGet(Math.max(0, n));
                        return n;
                    }
                };
            }

            @Override
            public boolean isRemote() {
                return true;
            }
        };
    }
}
