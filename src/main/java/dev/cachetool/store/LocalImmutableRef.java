package dev.cachetool.store;

import dev.cachetool.content.FileTree;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.solver.Remote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A ref whose files are in the store. */
public final class LocalImmutableRef implements ImmutableRef {
    private final Refs refs;
    private final Snapshot snapshot;
    private final AtomicBoolean released = new AtomicBoolean();

    /** Takes over a hold of the snapshot. */
    LocalImmutableRef(Refs refs, Snapshot snapshot) {
        this.refs = refs;
        this.snapshot = snapshot;
    }

    @Override
    public String id() {
        return snapshot.id();
    }

    @Override
    public long size() throws IOException {
        return snapshot.notes().bytes();
    }

    @Override
    public RefMetadata metadata() {
        try {
            RefNotes notes = snapshot.notes();
            return new RefMetadata(notes.description(), notes.createdAt(), snapshot.lastUsed(), notes.milliseconds());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path mount() {
        requireHeld();
        return snapshot.files();
    }

    @Override
    public FileTree tree() throws IOException {
        return snapshot.tree();
    }

    @Override
    public Optional<ImmutableRef> parent() throws IOException {
        for (Remote remote : remotes()) {
            List<Descriptor> layers = remote.descriptors();
            if (layers.size() > 1) {
                return Optional.of(refs.remote(layers.subList(0, layers.size() - 1), remote.provider(), metadata()));
            }
        }
        return Optional.empty();
    }

    @Override
    public List<Remote> remotes() throws IOException {
        List<Remote> remotes = new ArrayList<>();
        for (List<Descriptor> stack : snapshot.notes().layers()) {
            if (refs.blobs().containsAll(stack)) {
                remotes.add(new Remote(stack, refs.blobs()));
            }
        }
        return remotes;
    }

    @Override
    public FileTree extract(Path toPath, List<String> srcPaths) throws IOException {
        requireHeld();
        return TreeCopy.copy(snapshot.files(), snapshot.tree(), toPath, srcPaths);
    }

    @Override
    public void finalizeRef() throws IOException {
        requireHeld();
        snapshot.sync();
    }

    @Override
    public ImmutableRef clone() {
        requireHeld();
        refs.holdAgain(id());
        return new LocalImmutableRef(refs, snapshot);
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
