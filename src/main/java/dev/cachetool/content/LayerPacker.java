package dev.cachetool.content;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.DiffId;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestingOutputStream;
import dev.cachetool.oci.Annotations;
import dev.cachetool.oci.Descriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Packs file trees as layers: tar, its digest, compression and the blob's digest in one pass, whatever the size.
 *
 * <p>The layer is reproducible: the same tree with the same contents gives the same bytes. Entries are sorted by the bytes
 * of their paths, folders that are implied are entries too, the owner is 0:0 without names, modes are the tree's, times
 * are what the options say. Files of the tree that are one file on disk become hard links of the first of them
 * (docs/formats.md).
 */
public final class LayerPacker {
    private static final int BUFFER = 256 * 1024;
    private static final String UNIX = "unix:nlink,ino,dev,lastModifiedTime";
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final Options options;

    public LayerPacker(Options options) {
        this.options = options;
    }

    /**
     * How layers are packed.
     *
     * @param level of the compression
     * @param digests whether the digest of every file is computed, and compared with the tree's where that has one
     * @param threads how many may compress at once; changes no byte
     */
    public record Options(Compression compression, int level, LayerTimes times, boolean digests, int threads) {
        /** The compression with its default level, times zero, no digests of files, a thread for each processor. */
        public static Options of(Compression compression) {
            return new Options(
                    compression,
                    compression.defaultLevel(),
                    LayerTimes.zero(),
                    false,
                    Runtime.getRuntime().availableProcessors());
        }

        /** These with other times. */
        public Options withTimes(LayerTimes others) {
            return new Options(compression, level, others, digests, threads);
        }

        /** These with the digests of files. */
        public Options withDigests() {
            return new Options(compression, level, times, true, threads);
        }

        /** These with another number of threads. */
        public Options withThreads(int other) {
            return new Options(compression, level, times, digests, other);
        }
    }

    /**
     * Packs the tree into a file.
     *
     * @param root the folder that the tree's paths are relative to; contents are read from there, links are not followed
     * @param file the file to write, which must not exist; after an exception it does not exist again
     * @throws FileChangedException if a file has not the size, or the digest, that the tree says
     * @throws ReservedNameException if a name begins with {@code .wh.}
     * @throws IOException if a file cannot be read or the layer not be written
     */
    public PackedLayer pack(Path root, FileTree tree, Path file) throws IOException {
        FileTree whole = tree.withParents();
        List<TreeEntry> packed = new ArrayList<>(options.digests() ? whole.size() : 0);
        DigestingOutputStream blob;
        DigestingOutputStream archive;
        OutputStream to = NamedOutputStream.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        // A compressor that fails while it is closed does not close the file.
        try (to) {
            OutputStream out = to;
            try {
                blob = new DigestingOutputStream(out, Algorithm.SHA256);
                OutputStream compressor = options.compression().compress(blob, options.level(), options.threads());
                out = compressor;
                // Without compression, both digests are that of the same bytes.
                archive = compressor == blob ? blob : new DigestingOutputStream(compressor, Algorithm.SHA256);
                try (WriteBehindOutputStream behind = new WriteBehindOutputStream(archive, "layer")) {
                    new Packing(root, new TarWriter(behind), packed).packAll(whole);
                    behind.finish();
                }
            } catch (IOException | RuntimeException | Error e) {
                try {
                    out.close();
                } catch (IOException suppressed) {
                    e.addSuppressed(suppressed);
                }
                throw e;
            }
            out.close();
        } catch (IOException | RuntimeException | Error e) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        DiffId diffId = new DiffId(archive.digest());
        Digest digest = archive == blob ? diffId.digest() : blob.digest();
        Descriptor descriptor = Descriptor.of(options.compression().layerMediaType(), digest, blob.size())
                .withAnnotation(Annotations.UNCOMPRESSED, diffId.toString());
        return new PackedLayer(descriptor, diffId, file, options.digests() ? FileTree.of(packed) : whole);
    }

    /** One run over a tree. */
    private final class Packing {
        private final Path root;
        private final TarWriter tar;
        private final List<TreeEntry> packed;
        private final byte[] buffer = new byte[BUFFER];
        private final ByteBuffer window = ByteBuffer.wrap(buffer);
        private final MessageDigest digest = Algorithm.SHA256.newMessageDigest();
        private final boolean unix;
        /** The first path of every file that has several names on disk. */
        private final Map<Object, TreeEntry> linked = new HashMap<>();

        Packing(Path root, TarWriter tar, List<TreeEntry> packed) {
            this.root = root;
            this.tar = tar;
            this.packed = packed;
            this.unix = root.getFileSystem().supportedFileAttributeViews().contains("unix");
        }

        void packAll(FileTree tree) throws IOException {
            for (TreeEntry entry : tree.entries()) {
                if (entry.path().startsWith(Whiteout.PREFIX, entry.path().lastIndexOf('/') + 1)) {
                    throw new ReservedNameException(entry.path());
                }
                TreeEntry done = switch (entry.type()) {
                    case DIRECTORY -> packPlain(entry, TarType.DIRECTORY);
                    case SYMLINK -> packPlain(entry, TarType.SYMLINK);
                    case FILE -> packFile(entry);
                };
                if (options.digests()) {
                    packed.add(done);
                }
            }
            tar.finish();
        }

        private TreeEntry packPlain(TreeEntry entry, TarType type) throws IOException {
            Instant time = options.times().instant();
            if (options.times().kept()) {
                Path path = FileNames.resolve(root, entry.path());
                time = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                        .toInstant();
            }
            tar.entry(new TarEntry(entry.path(), type, entry.mode(), 0, time, entry.linkTarget(), Map.of()));
            return entry;
        }

        private TreeEntry packFile(TreeEntry entry) throws IOException {
            Path path = FileNames.resolve(root, entry.path());
            Instant time;
            Object key = null;
            if (unix) {
                Map<String, Object> attributes = Files.readAttributes(path, UNIX, LinkOption.NOFOLLOW_LINKS);
                time = options.times()
                        .of(((FileTime) attributes.getOrDefault("lastModifiedTime", FileTime.fromMillis(0)))
                                .toInstant());
                if (attributes.get("nlink") instanceof Integer links && links > 1) {
                    key = List.of(attributes.getOrDefault("dev", 0), attributes.getOrDefault("ino", 0));
                }
            } else {
                BasicFileAttributes attributes =
                        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                time = options.times().of(attributes.lastModifiedTime().toInstant());
                key = attributes.fileKey();
            }
            if (key != null) {
                TreeEntry first = linked.get(key);
                if (first != null && first.size() == entry.size() && first.mode() == entry.mode()) {
                    tar.entry(new TarEntry(
                            entry.path(), TarType.HARD_LINK, entry.mode(), 0, time, first.path(), Map.of()));
                    return first.digest().isPresent()
                            ? entry.withDigest(first.digest().get())
                            : entry;
                }
            }
            tar.entry(new TarEntry(entry.path(), TarType.FILE, entry.mode(), entry.size(), time, "", Map.of()));
            TreeEntry done = packContent(entry, path);
            if (key != null) {
                linked.putIfAbsent(key, done);
            }
            return done;
        }

        private TreeEntry packContent(TreeEntry entry, Path path) throws IOException {
            long left = entry.size();
            try (SeekableByteChannel channel = Files.newByteChannel(path, READ)) {
                while (true) {
                    window.clear();
                    // One byte more than is left shows a file that grew.
                    window.limit((int) Math.min(BUFFER, left + 1));
                    int n = channel.read(window);
                    if (n < 0) {
                        break;
                    }
                    if (n > left) {
                        throw changed(entry, channel.size());
                    }
                    tar.write(buffer, 0, n);
                    if (options.digests()) {
                        digest.update(buffer, 0, n);
                    }
                    left -= n;
                }
                if (left > 0) {
                    throw changed(entry, entry.size() - left);
                }
            }
            if (!options.digests()) {
                return entry;
            }
            Digest actual = Digest.ofSha256(digest.digest());
            @Nullable Digest expected = entry.digest().orElse(null);
            if (expected != null && !expected.equals(actual)) {
                throw new FileChangedException(entry.path(), "the digest " + expected, actual.toString());
            }
            return entry.withDigest(actual);
        }

        private FileChangedException changed(TreeEntry entry, long now) {
            return new FileChangedException(entry.path(), entry.size() + " bytes", Long.toString(now));
        }
    }
}
