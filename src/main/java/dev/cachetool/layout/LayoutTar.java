package dev.cachetool.layout;

import dev.cachetool.content.AtomicFile;
import dev.cachetool.content.BadTarException;
import dev.cachetool.content.Blob;
import dev.cachetool.content.BlobNotFoundException;
import dev.cachetool.content.Compression;
import dev.cachetool.content.DamagedDataException;
import dev.cachetool.content.FileFailure;
import dev.cachetool.content.Manifest;
import dev.cachetool.content.NamedOutputStream;
import dev.cachetool.content.TarEntry;
import dev.cachetool.content.TarReader;
import dev.cachetool.content.TarType;
import dev.cachetool.content.Target;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.VerifyingInputStream;
import dev.cachetool.oci.Descriptor;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An OCI layout in a tarball, plain, or compressed with gzip or zstd when read. Blobs of a plain tar are read where they lie;
 * anything else is unpacked into a temporary file first. Written is a plain tar, with sorted entries and no times, so that
 * the same content gives the same bytes; it appears as a whole when the tag is written, with what the file holds under other
 * tags by then; who writes the same file has a lock beside it. Blobs that are ingested are read then, and not before. Closing it removes temporary files, that of a tarball
 * that is being written too.
 */
public final class LayoutTar implements Target {
    private static final int BUFFER = 1 << 17;
    /** A compressed tar may unpack to this many times its size, once it is larger than the free part. */
    private static final long MOST_RATIO = 2_000;

    private static final long FREE = 1L << 30;

    private static final String REMEDY = "\n  make it again, or fetch it again";

    private record Slice(long offset, long size) {}

    /**
     * A tarball as it was found.
     *
     * @param spool what it was unpacked into, where that was necessary
     * @param channel what it is read by; null where there is none yet
     * @param files where the files of the layout lie in it, by their paths
     * @param stamp what would be other if it were another file, or had other content
     */
    private record Found(
            @Nullable Path spool,
            @Nullable FileChannel channel,
            Map<String, Slice> files,
            LayoutIndex index,
            String stamp) {
        static final Found NOTHING = new Found(null, null, Map.of(), LayoutIndex.EMPTY, "");

        void close() throws IOException {
            try {
                if (channel != null) {
                    channel.close();
                }
            } finally {
                if (spool != null) {
                    Files.deleteIfExists(spool);
                }
            }
        }
    }

    private final String name;
    private final @Nullable Path destination;
    private final @Nullable OutputStream stream;
    private final Deque<Found> found = new ConcurrentLinkedDeque<>();
    private final Map<Digest, Blob> ingested = new ConcurrentHashMap<>();
    private final Set<Digest> discarded = ConcurrentHashMap.newKeySet();
    private volatile @Nullable AtomicFile writing;
    private @Nullable Manifest tagged;
    private String taggedAs = "";

    private LayoutTar(String name, @Nullable Path destination, @Nullable OutputStream stream, Found found) {
        this.name = name;
        this.destination = destination;
        this.stream = stream;
        this.found.push(found);
    }

    /** The tarball as it was found last; what was handed out of earlier ones is still read from those. */
    private Found found() {
        return found.element();
    }

    /**
     * Opens a tarball to read from. What is no plain file, as a pipe, is read to its end first.
     *
     * @param temporary the folder for what has to be unpacked
     * @throws NotALayoutException if it is no tarball, or holds no layout
     * @throws IOException if it cannot be read
     */
    public static LayoutTar open(Path file, Path temporary) throws IOException {
        requireNoDirectory(file);
        if (!Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                return read(in, file.toString(), temporary);
            }
        }
        return new LayoutTar(file.toString(), null, null, find(file, file.toString(), temporary, null));
    }

    private static void requireNoDirectory(Path file) throws NotALayoutException {
        if (Files.isDirectory(file)) {
            throw new NotALayoutException(
                    file.toString(), "it is a directory, no tar\n  for a directory write oci:" + file);
        }
    }

    /**
     * Reads a tarball from a stream, to its end; the stream stays open.
     *
     * @param temporary the folder for it
     * @throws NotALayoutException if it is no tarball, or holds no layout
     * @throws IOException if it cannot be read
     */
    public static LayoutTar read(InputStream in, String name, Path temporary) throws IOException {
        Path spool = Files.createTempFile(temporary, "cachetool-", ".tar");
        try {
            try (OutputStream out = NamedOutputStream.open(spool)) {
                in.transferTo(out);
            }
            return new LayoutTar(name, null, null, find(spool, name, temporary, spool));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(spool);
            throw e;
        }
    }

    /**
     * Opens a tarball to write to, which may be there already.
     *
     * @throws NotALayoutException if the file is there and holds no layout
     * @throws IOException if it cannot be read
     */
    public static LayoutTar create(Path file) throws IOException {
        requireNoDirectory(file);
        if (AtomicFile.isSpecial(file)) {
            throw new NotALayoutException(
                    file.toString(), "it is no plain file\n  write to standard output, and from there: dest=-");
        }
        return new LayoutTar(file.toString(), file, null, findToReplace(file));
    }

    private static Found findToReplace(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) > 0
                ? find(file, file.toString(), folderOf(file), null)
                : Found.NOTHING;
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
    }

    /** A tarball that is written to a stream, which stays open. */
    public static LayoutTar write(OutputStream out, String name) {
        return new LayoutTar(name, null, out, Found.NOTHING);
    }

    private static Found find(Path file, String name, Path temporary, @Nullable Path ownSpool) throws IOException {
        String stamp = stamp(file);
        Path plain = file;
        Path spool = ownSpool;
        if (isCompressed(file)) {
            plain = Files.createTempFile(temporary, "cachetool-", ".tar");
            try {
                decompress(file, plain, name);
            } catch (DamagedDataException e) {
                Files.deleteIfExists(plain);
                throw new NotALayoutException(name, e.getMessage() + REMEDY);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(plain);
                throw e;
            }
            if (ownSpool != null) {
                Files.deleteIfExists(ownSpool);
            }
            spool = plain;
        }
        FileChannel channel = FileChannel.open(plain, StandardOpenOption.READ);
        try {
            Map<String, Slice> files = list(channel, name);
            Slice slice = files.get(LayoutIndex.FILE);
            if (slice == null) {
                throw new NotALayoutException(name, "it has no " + LayoutIndex.FILE);
            }
            if (slice.size() > LayoutIndex.LIMIT) {
                throw new NotALayoutException(
                        name, LayoutIndex.FILE + " has more than " + LayoutIndex.LIMIT + " bytes");
            }
            byte[] bytes;
            try (InputStream in = new SliceStream(channel, slice)) {
                bytes = in.readAllBytes();
            }
            return new Found(spool, channel, files, LayoutIndex.parse(bytes, name), stamp);
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (spool != null) {
                Files.deleteIfExists(spool);
            }
            throw e;
        }
    }

    /** The file's inode, size and time: one that was replaced as a whole has others. */
    private static String stamp(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.fileKey() + " " + attributes.size() + " " + attributes.lastModifiedTime();
    }

    private static boolean isCompressed(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Compression.ofHead(in) != Compression.NONE;
        }
    }

    private static void decompress(Path file, Path plain, String name) throws IOException {
        long limit = Math.max(FREE, Files.size(file) * MOST_RATIO);
        try (InputStream in = Compression.decompressAny(Files.newInputStream(file));
                OutputStream out = NamedOutputStream.open(plain)) {
            byte[] buffer = new byte[BUFFER];
            long size = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (size > limit) {
                    throw new NotALayoutException(name, "it unpacks to more than " + limit + " bytes");
                }
                out.write(buffer, 0, n);
            }
        }
    }

    /** Where the files of the layout lie, by their paths in it; a layout may stand in a folder of the tarball. */
    private static Map<String, Slice> list(FileChannel channel, String name) throws IOException {
        Map<String, Slice> all = new HashMap<>();
        String root = null;
        long end = channel.size();
        try {
            TarReader reader =
                    new TarReader(new BufferedInputStream(new SliceStream(channel, new Slice(0, end)), BUFFER));
            for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                String path = relative(entry.get().name());
                // Where two files of a folder are one, tar packs the second as a link to the first.
                boolean link = entry.get().type() == TarType.HARD_LINK;
                Slice slice = link
                        ? all.get(relative(entry.get().linkName()))
                        : new Slice(reader.contentOffset(), entry.get().size());
                if (slice == null || (!link && entry.get().type() != TarType.FILE)) {
                    continue;
                }
                if (slice.offset() + slice.size() > end) {
                    throw new NotALayoutException(name, "it is cut off within " + path + REMEDY);
                }
                all.put(path, slice);
                if (path.equals(LayoutIndex.FILE) || path.endsWith("/" + LayoutIndex.FILE)) {
                    String folder = path.substring(0, path.length() - LayoutIndex.FILE.length());
                    if (root == null || folder.length() < root.length()) {
                        root = folder;
                    }
                }
            }
            if (root == null && !all.isEmpty() && !reader.hasEndMarker()) {
                throw new NotALayoutException(
                        name, "it is cut off: neither an " + LayoutIndex.FILE + " nor its end is there" + REMEDY);
            }
        } catch (BadTarException e) {
            throw new NotALayoutException(name, String.valueOf(e.getMessage()));
        }
        if (root == null || root.isEmpty()) {
            return all;
        }
        Map<String, Slice> files = new HashMap<>();
        for (Map.Entry<String, Slice> entry : all.entrySet()) {
            if (entry.getKey().startsWith(root)) {
                files.put(entry.getKey().substring(root.length()), entry.getValue());
            }
        }
        return files;
    }

    private static String relative(String path) {
        String relative = path;
        while (relative.startsWith("./") || relative.startsWith("/")) {
            relative = relative.substring(relative.indexOf('/') + 1);
        }
        return relative;
    }

    /** Reads a part of a file, for itself: several may read at once. */
    private static final class SliceStream extends InputStream {
        private final FileChannel channel;
        private long at;
        private final long end;

        SliceStream(FileChannel channel, Slice slice) {
            this.channel = channel;
            this.at = slice.offset();
            this.end = slice.offset() + slice.size();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (at >= end) {
                return -1;
            }
            int n = channel.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, end - at)), at);
            if (n > 0) {
                at += n;
            }
            return n;
        }

        @Override
        public long skip(long n) {
            long skipped = Math.max(0, Math.min(n, end - at));
            at += skipped;
            return skipped;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - at);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        Blob own = ingested.get(blob.digest());
        if (own != null) {
            return own.descriptor().size() == blob.size()
                    ? own.open()
                    : new VerifyingInputStream(own.open(), blob.digest(), blob.size());
        }
        Found now = found();
        Slice slice = now.files().get(LayoutIndex.pathOf(blob.digest()));
        FileChannel from = now.channel();
        if (slice == null || from == null) {
            throw new BlobNotFoundException(blob.digest(), name);
        }
        return new VerifyingInputStream(new SliceStream(from, slice), blob.digest(), blob.size());
    }

    @Override
    public Blob blob(Descriptor blob) {
        Found now = found();
        Slice slice = now.files().get(LayoutIndex.pathOf(blob.digest()));
        FileChannel from = now.channel();
        if (slice == null || from == null || ingested.containsKey(blob.digest())) {
            return Blob.in(this, blob);
        }
        return new Blob() {
            @Override
            public Descriptor descriptor() {
                return blob;
            }

            @Override
            public InputStream open() {
                return new VerifyingInputStream(new SliceStream(from, slice), blob.digest(), blob.size());
            }

            @Override
            public InputStream openAt(long offset) {
                return new SliceStream(from, new Slice(slice.offset() + offset, Math.max(0, slice.size() - offset)));
            }
        };
    }

    @Override
    public boolean contains(Descriptor blob) {
        OptionalLong size = sizeOf(blob);
        return size.isPresent() && size.getAsLong() == blob.size();
    }

    @Override
    public OptionalLong sizeOf(Descriptor blob) {
        Blob own = ingested.get(blob.digest());
        if (own != null) {
            return OptionalLong.of(own.descriptor().size());
        }
        Slice slice = found().files().get(LayoutIndex.pathOf(blob.digest()));
        return slice == null || discarded.contains(blob.digest())
                ? OptionalLong.empty()
                : OptionalLong.of(slice.size());
    }

    @Override
    public Ingested foresee(Blob blob) throws IOException {
        return LayoutIndex.holds(this, blob.descriptor()) ? Ingested.EXISTS : Ingested.WRITTEN;
    }

    /** Remembers the blob, which is read and checked when the tag is written. */
    @Override
    public Ingested ingest(Blob blob) throws IOException {
        boolean there = LayoutIndex.holds(this, blob.descriptor());
        ingested.putIfAbsent(blob.descriptor().digest(), blob);
        return there ? Ingested.EXISTS : Ingested.WRITTEN;
    }

    @Override
    public void discard(Descriptor blob) {
        discarded.add(blob.digest());
    }

    @Override
    public Optional<Manifest> resolve(String tag) throws IOException {
        if (tagged != null && taggedAs.equals(tag)) {
            return Optional.of(tagged);
        }
        Optional<Descriptor> entry = found().index().find(tag);
        return entry.isEmpty() ? Optional.empty() : Optional.of(LayoutIndex.manifest(this, entry.get()));
    }

    @Override
    public Optional<Manifest> resolve(Digest digest) throws IOException {
        if (tagged != null && tagged.digest().equals(digest)) {
            return Optional.of(tagged);
        }
        Slice slice = found().files().get(LayoutIndex.pathOf(digest));
        if (slice == null) {
            return Optional.empty();
        }
        Optional<Descriptor> entry = found().index().find(digest);
        return Optional.of(
                LayoutIndex.manifest(this, entry.isPresent() ? entry.get() : Descriptor.of("", digest, slice.size())));
    }

    @Override
    public List<String> tags() {
        LayoutIndex index = found().index();
        return tagged == null ? index.tags() : index.withTag(taggedAs, tagged).tags();
    }

    @Override
    public List<Digest> untagged() {
        return found().index().untagged();
    }

    @Override
    public Set<Digest> needed(Optional<String> unlessAt) throws IOException {
        LayoutIndex index = found().index();
        LayoutIndex now = tagged == null ? index : index.withTag(taggedAs, tagged);
        return (unlessAt.isEmpty() ? now : now.withoutTag(unlessAt.get())).needed(this);
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
        OutputStream out = stream;
        if (destination != null) {
            Path folder = folderOf(destination);
            try (WriteLock lock = lock(destination)) {
                lock.requireHeld();
                findAgain(destination);
                if (!condition.holds()) {
                    return false;
                }
                AtomicFile.removeAbandoned(folder, String.valueOf(destination.getFileName()));
                try (AtomicFile atomic = AtomicFile.create(destination)) {
                    writing = atomic;
                    write(tag, manifest, atomic.stream());
                    atomic.commit();
                }
                AtomicFile.syncDirectory(folder);
            }
        } else if (out == null) {
            throw new IllegalStateException(name + " was opened to be read");
        } else if (condition.holds()) {
            write(tag, manifest, out);
            out.flush();
        } else {
            return false;
        }
        tagged = manifest;
        taggedAs = tag;
        return true;
    }

    private static WriteLock lock(Path destination) throws IOException {
        try {
            return WriteLock.take(folderOf(destination).resolve(destination.getFileName() + WriteLock.SUFFIX));
        } catch (FileSystemException e) {
            throw FileFailure.creating(destination, e);
        }
    }

    /** Looks at what another writer, or this one, made of the file since it was found. */
    private void findAgain(Path file) throws IOException {
        if (!found().stamp().equals(Files.exists(file) ? stamp(file) : "")) {
            found.push(findToReplace(file));
            tagged = null;
        }
    }

    private void write(String tag, Manifest manifest, OutputStream out) throws IOException {
        LayoutIndex index = found().index();
        Map<Digest, Blob> blobs = new TreeMap<>();
        for (Descriptor kept : index.withoutTag(tag).reachable(this).values()) {
            if (contains(kept)) {
                blobs.put(kept.digest(), Blob.in(this, kept));
            }
        }
        blobs.putAll(ingested);
        blobs.put(manifest.digest(), Blob.of(manifest.mediaType(), manifest.bytes()));
        write(blobs, index.withTag(tag, manifest).toBytes(), out);
    }

    private static void write(Map<Digest, Blob> blobs, byte[] index, OutputStream to) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(to, BUFFER);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(buffered, StandardCharsets.UTF_8.name());
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        folder(tar, "blobs/");
        folder(tar, "blobs/sha256/");
        for (Blob blob : blobs.values()) {
            tar.putArchiveEntry(header(
                    LayoutIndex.pathOf(blob.descriptor().digest()),
                    blob.descriptor().size()));
            try (InputStream in = blob.open()) {
                byte[] buffer = new byte[BUFFER];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    tar.write(buffer, 0, n);
                }
            }
            tar.closeArchiveEntry();
        }
        file(tar, LayoutIndex.FILE, index);
        file(tar, LayoutIndex.VERSION_FILE, LayoutIndex.VERSION.getBytes(StandardCharsets.UTF_8));
        tar.finish();
        buffered.flush();
    }

    private static void folder(TarArchiveOutputStream tar, String path) throws IOException {
        TarArchiveEntry entry = header(path, 0);
        entry.setMode(0755);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static void file(TarArchiveOutputStream tar, String path, byte[] bytes) throws IOException {
        tar.putArchiveEntry(header(path, bytes.length));
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry header(String path, long size) {
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(size);
        entry.setMode(0644);
        entry.setModTime(0L);
        entry.setIds(0, 0);
        entry.setNames("", "");
        return entry;
    }

    @Override
    public void close() throws IOException {
        AtomicFile unfinished = writing;
        try {
            if (unfinished != null) {
                unfinished.close();
            }
        } finally {
            for (Found each : found) {
                each.close();
            }
        }
    }
}
