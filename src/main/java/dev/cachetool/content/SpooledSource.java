package dev.cachetool.content;

import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A source, some of whose blobs are kept in a spool once they were read. */
final class SpooledSource implements Source {
    private final BlobSpool spool;
    private final Source source;
    private final Predicate<Descriptor> kept;

    SpooledSource(BlobSpool spool, Source source, Predicate<Descriptor> kept) {
        this.spool = spool;
        this.source = source;
        this.kept = kept;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return blob(blob).open();
    }

    @Override
    public boolean contains(Descriptor blob) throws IOException {
        return source.contains(blob);
    }

    @Override
    public Blob blob(Descriptor blob) {
        Blob there = source.blob(blob);
        return kept.test(blob) ? spool.of(there) : there;
    }

    @Override
    public Optional<Manifest> resolve(String tag) throws IOException {
        return source.resolve(tag);
    }

    @Override
    public Optional<Manifest> resolve(Digest digest) throws IOException {
        return source.resolve(digest);
    }

    @Override
    public Optional<Digest> digestOf(String tag) throws IOException {
        return source.digestOf(tag);
    }

    @Override
    public List<String> tags() throws IOException {
        return source.tags();
    }

    @Override
    public List<Digest> untagged() throws IOException {
        return source.untagged();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
