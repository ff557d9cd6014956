package dev.cachetool.layout;

import dev.cachetool.content.AtomicFile;
import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.FileFailure;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.PartialFile;
import dev.cachetool.content.Remover;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestMismatchException;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An OCI layout in a directory. Blobs appear whole or not at all; {@code index.json} is replaced as a whole, while
 * {@code index.json.lock} is held for the milliseconds that it takes. (BuildKit locks that file with {@code flock}, Java can
 * only lock it in the way of POSIX, which does not see the other: against BuildKit it is the replacing as a whole that
 * counts.) Closing it while blobs are written gives those up; what a kill left is removed when the next tag is written.
 */
public final class LayoutDirectory implements Target, Remover {
    /** The folder of parts that were pulled and are not whole yet. */
    private static final String PARTS = "ingest";

    /** What may stand in a directory in which a first export was interrupted. */
    private static final Set<String> OWN =
            Set.of("blobs", PARTS, LayoutIndex.VERSION_FILE, LayoutIndex.FILE, LayoutIndex.FILE + WriteLock.SUFFIX);

    private static final int BUFFER = 1 << 17;

    private final Path directory;
    private final Set<AtomicFile> writing = ConcurrentHashMap.newKeySet();
    private final Map<Digest, Descriptor> ingested = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private LayoutDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens a layout that is there.
     *
     * @throws NoLayoutException if the directory does not exist or is empty
     * @throws NotALayoutException if it holds something else, or is no directory
     * @throws IOException if it cannot be read
     */
    public static LayoutDirectory open(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            throw new NoLayoutException(directory.toString(), "there is no such directory");
        }
        requireDirectory(directory);
        LayoutDirectory layout = new LayoutDirectory(directory);
        if (!Files.exists(directory.resolve(LayoutIndex.FILE))) {
            if (layout.holdsOthers() == null) {
                throw new NoLayoutException(directory.toString(), "it has no " + LayoutIndex.FILE);
            }
            throw new NotALayoutException(directory.toString(), "it has no " + LayoutIndex.FILE);
        }
        return layout;
    }

    /**
     * Opens a layout to write to, which may be there already. The directory is made with the first blob.
     *
     * @throws NotALayoutException if it holds something else, or is no directory
     * @throws IOException if it cannot be read
     */
    public static LayoutDirectory create(Path directory) throws IOException {
        LayoutDirectory layout = new LayoutDirectory(directory);
        if (Files.exists(directory)) {
            requireDirectory(directory);
        }
        if (Files.exists(directory) && !Files.exists(directory.resolve(LayoutIndex.FILE))) {
            String other = layout.holdsOthers();
            if (other != null) {
                throw new NotALayoutException(
                        directory.toString(),
                        "it has no " + LayoutIndex.FILE + " but holds " + other
                                + "\n  name another directory, or an empty one");
            }
        }
        return layout;
    }

    private static void requireDirectory(Path directory) throws NotALayoutException {
        if (!Files.isDirectory(directory)) {
            throw new NotALayoutException(
                    directory.toString(), "it is no directory\n  for a tar write oci-archive:" + directory);
        }
    }

    /** Something in the directory that no layout has; null where there is nothing such. */
    private @Nullable String holdsOthers() throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                String name = Objects.requireNonNull(child.getFileName()).toString();
                if (!OWN.contains(name) && !name.endsWith(AtomicFile.SUFFIX)) {
                    return name;
                }
            }
        }
        return null;
    }

    @Override
    public String name() {
        return directory.toString();
    }

    private Path file(Digest digest) {
        return directory.resolve(LayoutIndex.pathOf(digest));
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        try {
            return new VerifyingInputStream(Files.newInputStream(file(blob.digest())), blob.digest(), blob.size());
        } catch (NoSuchFileException e) {
            throw new BlobNotFoundException(blob.digest(), name());
        }
    }

    @Override
    public boolean contains(Descriptor blob) throws IOException {
        OptionalLong size = sizeOf(blob);
        return size.isPresent() && size.getAsLong() == blob.size();
    }

    @Override
    public OptionalLong sizeOf(Descriptor blob) throws IOException {
        try {
            return OptionalLong.of(Files.size(file(blob.digest())));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
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
                return LayoutDirectory.this.open(blob);
            }

            @Override
            public InputStream openAt(long offset) throws IOException {
                try {
                    return Channels.newInputStream(
                            FileChannel.open(LayoutDirectory.this.file(blob.digest()), StandardOpenOption.READ)
                                    .position(offset));
                } catch (NoSuchFileException e) {
                    throw new BlobNotFoundException(blob.digest(), name());
                }
            }
        };
    }

    @Override
    public Ingested foresee(Blob blob) throws IOException {
        return LayoutIndex.holds(this, blob.descriptor()) ? Ingested.EXISTS : Ingested.WRITTEN;
    }

    @Override
    public Ingested ingest(Blob blob) throws IOException {
        Descriptor descriptor = blob.descriptor();
        boolean there = LayoutIndex.holds(this, descriptor);
        if (!there) {
            Path file = file(descriptor.digest());
            try {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
            } catch (FileSystemException e) {
                throw FileFailure.creating(directory, e);
            }
            if (blob.isRemote() && pulled(blob, file)) {
                ingested.put(descriptor.digest(), descriptor);
                return Ingested.WRITTEN;
            }
            try (AtomicFile atomic = AtomicFile.create(file)) {
                writing.add(atomic);
                if (closed) {
                    throw new IOException("the layout was closed while a blob was written");
                }
                copy(blob, atomic);
                atomic.commit();
                writing.remove(atomic);
            }
        }
        ingested.put(descriptor.digest(), descriptor);
        return there ? Ingested.EXISTS : Ingested.WRITTEN;
    }

    /** Brings a blob there that costs a transfer, from where an earlier run was cut off; not where another process does. */
    private boolean pulled(Blob blob, Path file) throws IOException {
        Optional<PartialFile> part = PartialFile.open(directory.resolve(PARTS), blob.descriptor());
        if (part.isEmpty()) {
            return false;
        }
        try (PartialFile partial = part.get()) {
            partial.fill(blob);
            partial.commit(file);
        }
        return true;
    }

    private static void copy(Blob blob, AtomicFile to) throws IOException {
        Optional<Path> plain = blob.file();
        if (plain.isPresent()) {
            try (FileChannel from = FileChannel.open(plain.get(), StandardOpenOption.READ)) {
                long size = blob.descriptor().size();
                if (from.size() != size) {
                    throw DigestMismatchException.size(blob.descriptor().digest(), size, from.size(), false);
                }
                to.transferFrom(from, size);
            }
            return;
        }
        try (InputStream in = blob.open()) {
            byte[] buffer = new byte[BUFFER];
            OutputStream out = to.stream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        }
    }

    private LayoutIndex index() throws IOException {
        Path file = directory.resolve(LayoutIndex.FILE);
        try {
            if (Files.isDirectory(file)) {
                throw new NotALayoutException(name(), LayoutIndex.FILE + " is no file");
            }
            if (Files.size(file) > LayoutIndex.LIMIT) {
                throw new NotALayoutException(
                        name(), LayoutIndex.FILE + " has more than " + LayoutIndex.LIMIT + " bytes");
            }
            return LayoutIndex.parse(Files.readAllBytes(file), name());
        } catch (NoSuchFileException e) {
            return LayoutIndex.EMPTY;
        }
    }

    @Override
    public Optional<Manifest> resolve(String tag) throws IOException {
        Optional<Descriptor> entry = index().find(tag);
        return entry.isEmpty() ? Optional.empty() : Optional.of(LayoutIndex.manifest(this, entry.get()));
    }

    @Override
    public Optional<Manifest> resolve(Digest digest) throws IOException {
        Optional<Descriptor> entry = index().find(digest);
        if (entry.isPresent()) {
            return Optional.of(LayoutIndex.manifest(this, entry.get()));
        }
        Path file = file(digest);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return Optional.of(LayoutIndex.manifest(this, Descriptor.of("", digest, Files.size(file))));
    }

    @Override
    public List<String> tags() throws IOException {
        return index().tags();
    }

    @Override
    public List<Digest> untagged() throws IOException {
        return index().untagged();
    }

    @Override
    public void tag(String tag, Manifest manifest) throws IOException {
        write(tag, manifest, () -> true);
    }

    /** Compares and writes at once, as all writers do that take turns by the lock. */
    @Override
    public boolean tagIf(String tag, Manifest manifest, Optional<Digest> seen) throws IOException {
        return write(tag, manifest, () -> standing(tag).equals(seen));
    }

    /** Whether the tag is to be written, asked while nobody else can write it. */
    private interface Condition {
        boolean holds() throws IOException;
    }

    private boolean write(String tag, Manifest manifest, Condition condition) throws IOException {
        ingest(Blob.of(manifest.mediaType(), manifest.bytes()));
        try (WriteLock lock = WriteLock.take(lockFile())) {
            lock.requireHeld();
            if (!condition.holds()) {
                return false;
            }
            requireIngested();
            Path version = directory.resolve(LayoutIndex.VERSION_FILE);
            if (!Files.exists(version)) {
                AtomicFile.write(version, LayoutIndex.VERSION.getBytes(StandardCharsets.UTF_8));
            }
            AtomicFile.write(
                    directory.resolve(LayoutIndex.FILE),
                    index().withTag(tag, manifest).toBytes());
            AtomicFile.syncDirectory(directory);
            AtomicFile.removeAbandoned(directory, "");
            AtomicFile.removeAbandoned(blobs(), "");
        }
        return true;
    }

    private Path lockFile() {
        return directory.resolve(LayoutIndex.FILE + WriteLock.SUFFIX);
    }

    private Path blobs() {
        return directory.resolve("blobs").resolve("sha256");
    }

    /** A tag must not lead to what another process has removed since, as nothing led there yet. */
    private void requireIngested() throws IOException {
        for (Descriptor blob : ingested.values()) {
            if (!contains(blob)) {
                throw new FileSystemException(
                        file(blob.digest()).toString(), null, "another process removed it while this one was writing");
            }
        }
        AtomicFile.syncDirectory(blobs());
        try {
            Files.deleteIfExists(directory.resolve(PARTS));
        } catch (DirectoryNotEmptyException e) {
            // Another process, or a later run, goes on with what lies there.
        }
    }

    @Override
    public Set<Digest> needed(Optional<String> unlessAt) throws IOException {
        LayoutIndex index = index();
        return (unlessAt.isEmpty() ? index : index.withoutTag(unlessAt.get())).needed(this);
    }

    @Override
    public Removal remove(List<Descriptor> candidates) throws IOException {
        try (WriteLock lock = WriteLock.take(lockFile())) {
            lock.requireHeld();
            Set<Digest> needed = needed(Optional.empty());
            List<Descriptor> removed = new ArrayList<>();
            for (Descriptor each : candidates) {
                if (!needed.contains(each.digest()) && delete(each.digest())) {
                    removed.add(each);
                }
            }
            return new Removal(removed, List.of(), Optional.empty(), true);
        }
    }

    /**
     * Removes blobs that no entry leads to.
     *
     * @throws IOException if a manifest cannot be read or a blob not be removed
     */
    public void removeUnreferenced() throws IOException {
        try (WriteLock lock = WriteLock.take(lockFile())) {
            lock.requireHeld();
            Map<Digest, Descriptor> reached = index().reachable(this);
            Path blobs = blobs();
            if (!Files.isDirectory(blobs)) {
                return;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(blobs)) {
                for (Path file : files) {
                    String name = Objects.requireNonNull(file.getFileName()).toString();
                    Optional<Digest> digest = Digest.tryParse("sha256:" + name);
                    if (digest.isPresent() && !reached.containsKey(digest.get())) {
                        delete(digest.get());
                    }
                }
            }
        }
    }

    @Override
    public void discard(Descriptor blob) throws IOException {
        try (WriteLock lock = WriteLock.take(lockFile())) {
            lock.requireHeld();
            delete(blob.digest());
        }
    }

    /** Removes a blob while the lock is held; says whether it was there. */
    private boolean delete(Digest blob) throws IOException {
        ingested.remove(blob);
        return Files.deleteIfExists(file(blob));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        for (AtomicFile each : writing) {
            each.close();
        }
    }
}
