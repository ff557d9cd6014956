package dev.cachetool.store;

import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerExtractor;
import dev.cachetool.content.LayerTimes;
import dev.cachetool.content.Provider;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.pattern.PatternMatcher;
import dev.cachetool.solver.Remote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A ref whose layers lie elsewhere. They are pulled at the moment somebody reads them, once, by whoever comes first; from
 * then on the store has its files, and other processes find them.
 */
public final class RemoteImmutableRef implements ImmutableRef {
    private final Refs refs;
    private final Pull pull;
    private final Provider provider;
    private final RefMetadata metadata;
    private final AtomicBoolean released = new AtomicBoolean();

    /** Takes over a hold of the ref. */
    RemoteImmutableRef(Refs refs, Pull pull, Provider provider, RefMetadata metadata) {
        this.refs = refs;
        this.pull = pull;
        this.provider = provider;
        this.metadata = metadata;
    }

    @Override
    public String id() {
        return pull.id();
    }

    /**
     * Whether nothing of it was pulled yet.
     *
     * @throws IOException if that cannot be found out
     */
    public boolean isLazy() throws IOException {
        return refs.snapshot(id()).isEmpty();
    }

    @Override
    public long size() throws IOException {
        Optional<Snapshot> there = refs.snapshot(id());
        return there.isPresent() ? there.get().notes().bytes() : 0;
    }

    /** As it was said when this was asked for, whatever the store knows of the same layers. */
    @Override
    public RefMetadata metadata() {
        return metadata;
    }

    private Snapshot snapshot() throws IOException {
        requireHeld();
        return pull.snapshot(provider, metadata);
    }

    @Override
    public Path mount() throws IOException {
        return snapshot().files();
    }

    @Override
    public FileTree tree() throws IOException {
        return snapshot().tree();
    }

    @Override
    public Optional<ImmutableRef> parent() throws IOException {
        List<Descriptor> layers = pull.layers();
        return layers.size() < 2
                ? Optional.empty()
                : Optional.of(refs.remote(layers.subList(0, layers.size() - 1), provider, metadata));
    }

    @Override
    public List<Remote> remotes() {
        return List.of(new Remote(pull.layers(), refs.blobs().over(provider)));
    }

    @Override
    public FileTree extract(Path toPath, List<String> srcPaths) throws IOException {
        requireHeld();
        Optional<Snapshot> there = srcPaths.isEmpty() ? Optional.of(snapshot()) : refs.snapshot(id());
        if (there.isPresent()) {
            return TreeCopy.copy(there.get().files(), there.get().tree(), toPath, srcPaths);
        }
        return new LayerExtractor(
                        refs.blobs().over(provider),
                        LayerExtractor.Options.of(LayerTimes.keep()).withDigests(),
                        refs.warnings())
                .extract(pull.layers(), toPath, PatternMatcher.of(srcPaths));
    }

    @Override
    public void finalizeRef() throws IOException {
        snapshot().sync();
    }

    @Override
    public ImmutableRef clone() {
        requireHeld();
        refs.holdAgain(id());
        return new RemoteImmutableRef(refs, pull, provider, metadata);
    }

    private void requireHeld() {
        if (released.get()) {
            throw new IllegalStateException("ref " + id() + " was released");
        }
    }

    @Override
    public void release() {
        if (released.compareAndSet(false, true)) {
            refs.release(id());
        }
    }
}
