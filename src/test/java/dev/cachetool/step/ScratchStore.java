package dev.cachetool.step;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.Provider;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.solver.CacheKeyStorage;
import dev.cachetool.solver.CacheResultStorage;
import dev.cachetool.solver.Remote;
import dev.cachetool.store.ImmutableRef;
import dev.cachetool.store.LocalImmutableRef;
import dev.cachetool.store.MutableRef;
import dev.cachetool.store.RefMetadata;
import dev.cachetool.store.Refs;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** A store that keeps results as folders, and nothing else. */
final class ScratchStore implements Store, Refs {
    private final Path folder;
    private final AtomicInteger ids = new AtomicInteger();
    private final ReentrantLock caches = new ReentrantLock();

    ScratchStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public CacheKeyStorage keys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String newId() {
        return "id" + ids.incrementAndGet();
    }

    @Override
    public CacheResultStorage results() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Refs refs() {
        return this;
    }

    @Override
    public FileDigests fileDigests(Path workspace) {
        return FileDigests.NONE;
    }

    @Override
    public Path stepFolders(Path workspace) throws IOException {
        return Files.createDirectories(folder.resolve("steps"));
    }

    @Override
    public CacheFolder cacheFolder(String name) throws IOException, InterruptedException {
        caches.lockInterruptibly();
        Path path = Files.createDirectories(folder.resolve("caches").resolve(name));
        return new CacheFolder() {
            @Override
            public Path folder() {
                return path;
            }

            @Override
            public void close() {
                caches.unlock();
            }
        };
    }

    @Override
    public byte[] printed(String refId) {
        return new byte[0];
    }

    @Override
    public void keepPrinted(String refId, byte[] printed) {}

    @Override
    public void close() {}

    @Override
    public MutableRef create(String description) throws IOException {
        String id = newId();
        return new Scratch(id, Files.createDirectories(folder.resolve("refs").resolve(id)));
    }

    @Override
    public ImmutableRef remote(List<Descriptor> layers, Provider provider, RefMetadata metadata) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ImmutableRef> find(String id) {
        return Optional.empty();
    }

    private record Scratch(String id, Path folder) implements MutableRef {
        @Override
        public ImmutableRef commit(FileTree tree, RefMetadata metadata) {
            return new Kept(id, folder, tree, metadata);
        }

        @Override
        public void freeze() {}

        @Override
        public long size() {
            return 0;
        }

        @Override
        public RefMetadata metadata() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release() {
            try {
                TemporaryDirectory.deleteTree(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record Kept(String id, Path mount, FileTree tree, RefMetadata metadata) implements LocalImmutableRef {
        @Override
        public Optional<ImmutableRef> parent() {
            return Optional.empty();
        }

        @Override
        public List<Remote> remotes() {
            return List.of();
        }

        @Override
        public void finalizeRef() {}

        @Override
        public ImmutableRef clone() {
            return this;
        }

        @Override
        public long size() {
            return tree.totalBytes();
        }

        @Override
        public void release() {}

        @Override
        public FileTree extract(Path toPath, List<String> srcPaths) {
            throw new UnsupportedOperationException();
        }
    }
}
