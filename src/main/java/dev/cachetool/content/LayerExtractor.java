package dev.cachetool.content;

import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.oci.Descriptor;
import dev.cachetool.pattern.PatternMatcher;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks the tree that a stack of layers gives into an empty folder.
 *
 * <p>Nothing is written outside of that folder: an entry whose name, or whose hard link, leads out, or whose path goes
 * through a symbolic link that does, is an {@link UnsafeEntryException}. Symbolic links themselves are restored as they
 * are, wherever they point. Owners are not restored; devices and named pipes are left out, set-uid and set-gid bits are
 * dropped, each with a warning. After an exception the folder holds anything; the caller removes it.
 */
public final class LayerExtractor {
    private static final Set<OpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    /** From the bit 0400 down to 0001. */
    private static final List<PosixFilePermission> PERMISSIONS = List.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private final Provider provider;
    private final Options options;
    private final Consumer<LayerWarning> warnings;

    /**
     * @param provider to read the layers from
     * @param warnings takes what of the layers is not restored; called by the thread that extracts
     */
    public LayerExtractor(Provider provider, Options options, Consumer<LayerWarning> warnings) {
        this.provider = provider;
        this.options = options;
        this.warnings = warnings;
    }

    /**
     * How layers are unpacked.
     *
     * @param times which times files and folders get; symbolic links have the time at which they were made
     * @param digests whether the tree that is given back has the digests of files
     * @param preserveSpecial whether set-uid and set-gid bits are restored
     * @param symlinks makes symbolic links
     * @param threads how many may write files at once
     */
    public record Options(
            LayerTimes times, boolean digests, boolean preserveSpecial, SymlinkMaker symlinks, int threads) {
        /** No digests, no special bits, links by the JDK, two threads. */
        public static Options of(LayerTimes times) {
            return new Options(times, false, false, SymlinkMaker.JDK, 2);
        }

        /** These with the digests of files. */
        public Options withDigests() {
            return new Options(times, true, preserveSpecial, symlinks, threads);
        }

        /** These with set-uid and set-gid bits restored. */
        public Options withSpecial() {
            return new Options(times, digests, true, symlinks, threads);
        }
    }

    /**
     * Unpacks the layers, lowest first.
     *
     * @param target an empty folder
     * @return what is in the folder then
     * @throws UnsafeEntryException if an entry leads out, or cannot stand where it says
     * @throws BadLayerException if a layer's bytes are no layer
     * @throws dev.cachetool.digest.DigestMismatchException if a layer's bytes are not those of its descriptor or diffID
     * @throws BlobNotFoundException if a layer is not there
     * @throws DirectoryNotEmptyException if the folder is not empty
     * @throws IOException if a layer cannot be read, or a file not be written: the message names it
     */
    public FileTree extract(List<Descriptor> layers, Path target) throws IOException {
        return extract(layers, target, Optional.empty());
    }

    /**
     * Unpacks what the patterns match of the tree that the layers give, lowest first, with the folders on the way to it. Of a
     * seekable layer only what is wanted is read. One pass over the layers is enough, but for a hard link to something that
     * is not wanted itself.
     *
     * @param target an empty folder
     * @return what is in the folder then
     * @throws IOException as {@link #extract(List, Path)}; what was not read was not checked
     */
    public FileTree extract(List<Descriptor> layers, Path target, PatternMatcher wanted) throws IOException {
        return extract(layers, target, Optional.of(wanted));
    }

    private FileTree extract(List<Descriptor> layers, Path target, Optional<PatternMatcher> wanted) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(target)) {
            if (children.iterator().hasNext()) {
                throw new DirectoryNotEmptyException(target.toString());
            }
        }
        try (Folder folder = new Folder(target, wanted.orElse(null))) {
            LayerApplier applier = new LayerApplier(folder, options.preserveSpecial(), warnings);
            applier.apply(provider, layers, wanted.isPresent());
            folder.settle();
            if (folder.lacksContent(applier.tree())) {
                new LayerApplier(folder.secondPass(), options.preserveSpecial(), warning -> {})
                        .apply(provider, layers, true);
            }
            FileTree all = applier.tree().toFileTree();
            FileTree tree = wanted.isPresent() ? all.select(wanted.get()) : all;
            folder.finish(applier.tree(), tree);
            return tree;
        }
    }

    /** The target on disk. Folders and links are made at once, small files by other threads. */
    private final class Folder implements LayerApplier.Disk, AutoCloseable {
        /** Files up to this size are read into memory and written by other threads. */
        private static final int SMALL = 512 * 1024;
        /** How much of them may wait. */
        private static final int UNIT = 1024;

        private static final int ALL = (16 << 20) / UNIT;

        private final Path target;
        private final boolean unix;
        private final boolean posix;
        /** The modes that files and folders have when they are made; -1 where that is not known. */
        private final int newFileMode;

        private final int newFolderMode;

        private final ExecutorService writers;
        private final Semaphore room = new Semaphore(ALL);
        private final AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();
        private final List<Link> links = new ArrayList<>();
        private final MessageDigest digest = Algorithm.SHA256.newMessageDigest();
        private final byte[] buffer = new byte[256 * 1024];
        private final ThreadLocal<MessageDigest> digests = ThreadLocal.withInitial(Algorithm.SHA256::newMessageDigest);

        private record Link(LayerTree.Node node, LayerTree.Node original) {}

        /** What is wanted; null for everything. */
        private final @Nullable PatternMatcher wanted;
        /** Where not everything is wanted: how many files there were before each. */
        private final Map<LayerTree.Node, Integer> order = new HashMap<>();
        /** Where not everything is wanted: what was made on disk. */
        private final Set<LayerTree.Node> made = new HashSet<>();
        /** Folders that were made for what stands in them. */
        private final NavigableSet<String> onTheWay = new TreeSet<>();
        /** Hard links whose original is not on disk, by how many files there were before the first name of it. */
        private final Map<Integer, List<Link>> lacking = new HashMap<>();

        Folder(Path target, @Nullable PatternMatcher wanted) throws IOException {
            this.target = target;
            this.wanted = wanted;
            Set<String> views = target.getFileSystem().supportedFileAttributeViews();
            unix = target.getFileSystem() == FileSystems.getDefault() && views.contains("unix");
            posix = views.contains("posix");
            int mask = unix ? findMask() : 0;
            newFileMode = unix ? 0666 & ~mask : -1;
            newFolderMode = unix ? 0777 & ~mask : -1;
            writers = Executors.newFixedThreadPool(options.threads(), task -> {
                Thread thread = new Thread(task, "unpack");
                thread.setDaemon(true);
                return thread;
            });
        }

        /** The mode bits that the process's mask takes away from what is made. */
        private int findMask() throws IOException {
            Path probe = AtomicFile.temporaryBeside(target.resolve("probe"));
            Set<PosixFilePermission> all = EnumSet.allOf(PosixFilePermission.class);
            try {
                Files.createFile(probe, PosixFilePermissions.asFileAttribute(all));
                return 0777 & ~modeOf(Files.getPosixFilePermissions(probe));
            } finally {
                Files.deleteIfExists(probe);
            }
        }

        private Path pathOf(LayerTree.Node node) throws IOException {
            return FileNames.resolve(target, node.path);
        }

        private void made(LayerTree.Node node) {
            if (wanted != null) {
                made.add(node);
            }
        }

        private boolean isWanted(String path) {
            return wanted == null || wanted.matchesOrParentMatches(path);
        }

        /** Where something is to be made; its folder is there then. */
        private Path placeFor(LayerTree.Node node) throws IOException {
            Path path = pathOf(node);
            if (wanted != null) {
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                for (int slash = node.path.lastIndexOf('/');
                        slash > 0 && onTheWay.add(node.path.substring(0, slash));
                        slash = node.path.lastIndexOf('/', slash - 1)) {
                    // The folders above follow.
                }
            }
            return path;
        }

        @Override
        public void directoryAdded(LayerTree.Node node) throws IOException {
            if (wanted == null) {
                Files.createDirectory(pathOf(node));
            } else if (isWanted(node.path)) {
                Files.createDirectories(placeFor(node));
            }
        }

        @Override
        public void fileAdded(LayerTree.Node node, LayerEntries content) throws IOException {
            long size = node.entry.size();
            if (wanted != null) {
                order.put(node, order.size());
                if (!isWanted(node.path)) {
                    return;
                }
                made.add(node);
            }
            Path path = placeFor(node);
            if (size <= SMALL) {
                byte[] bytes = new byte[(int) size];
                int have = 0;
                while (have < bytes.length) {
                    // The reader throws where the archive is cut off.
                    have += content.read(bytes, have, bytes.length - have);
                }
                writeLater(node, path, bytes);
            } else {
                rethrow();
                writeNow(node, path, content);
            }
        }

        private void writeNow(LayerTree.Node node, Path path, LayerEntries content) throws IOException {
            try (SeekableByteChannel channel = Files.newByteChannel(path, CREATE)) {
                int n = content.read(buffer, 0, buffer.length);
                while (n >= 0) {
                    write(path, channel, buffer, n);
                    if (options.digests()) {
                        digest.update(buffer, 0, n);
                    }
                    n = content.read(buffer, 0, buffer.length);
                }
            }
            finishFile(node, path);
            if (options.digests()) {
                node.digest = Digest.ofSha256(digest.digest());
            }
        }

        private void writeLater(LayerTree.Node node, Path path, byte[] bytes) throws IOException {
            rethrow();
            int units = 1 + bytes.length / UNIT;
            try {
                room.acquire(units);
            } catch (InterruptedException e) {
                throw interrupted();
            }
            writers.execute(() -> {
                try {
                    if (problem.get() == null) {
                        writeSmall(node, path, bytes);
                    }
                } catch (IOException | RuntimeException | Error e) {
                    problem.compareAndSet(null, e);
                } finally {
                    room.release(units);
                }
            });
        }

        private void writeSmall(LayerTree.Node node, Path path, byte[] bytes) throws IOException {
            try (SeekableByteChannel channel = Files.newByteChannel(path, CREATE)) {
                write(path, channel, bytes, bytes.length);
            }
            finishFile(node, path);
            if (options.digests()) {
                node.digest = Digest.ofSha256(digests.get().digest(bytes));
            }
        }

        private static void write(Path path, SeekableByteChannel channel, byte[] bytes, int length) throws IOException {
            ByteBuffer window = ByteBuffer.wrap(bytes, 0, length);
            try {
                while (window.hasRemaining()) {
                    channel.write(window);
                }
            } catch (IOException e) {
                throw FileFailure.of(path, e);
            }
        }

        private void finishFile(LayerTree.Node node, Path path) throws IOException {
            setTime(path, node);
            if (node.entry.mode() != newFileMode) {
                setMode(path, node.entry.mode());
            }
        }

        @Override
        public String symlinkAdded(LayerTree.Node node) throws IOException {
            if (!isWanted(node.path)) {
                return node.entry.linkName();
            }
            made(node);
            return options.symlinks().make(placeFor(node), node.entry.linkName());
        }

        @Override
        public void hardLinkAdded(LayerTree.Node node, LayerTree.Node original) {
            // What it links to may not be written yet.
            if (isWanted(node.path)) {
                links.add(new Link(node, original));
            }
        }

        @Override
        public void removed(LayerTree.Node node) throws IOException {
            settle();
            onTheWay.subSet(node.path, true, node.path, true).clear();
            onTheWay.subSet(node.path + "/", true, node.path + "0", false).clear();
            TemporaryDirectory.deleteTree(pathOf(node));
        }

        /** Waits for the files and makes the hard links. */
        private void settle() throws IOException {
            try {
                room.acquire(ALL);
            } catch (InterruptedException e) {
                throw interrupted();
            }
            room.release(ALL);
            rethrow();
            for (Link link : links) {
                LayerTree.Node original = link.original();
                if (wanted == null || made.contains(original)) {
                    Files.createLink(placeFor(link.node()), pathOf(original));
                    made(link.node());
                } else if (original.entry.type() == TarType.SYMLINK) {
                    options.symlinks().make(placeFor(link.node()), original.entry.linkName());
                    made(link.node());
                } else {
                    LayerTree.Node first = original.original == null ? original : original.original;
                    lacking.computeIfAbsent(order.getOrDefault(first, -1), unused -> new ArrayList<>())
                            .add(new Link(link.node(), first));
                }
            }
            links.clear();
        }

        /** Whether there are hard links to what was passed over, and is to be read once more for them. */
        boolean lacksContent(LayerTree tree) {
            lacking.values()
                    .forEach(names ->
                            names.removeIf(link -> tree.find(link.node().path).orElse(null) != link.node()));
            lacking.values().removeIf(List::isEmpty);
            return !lacking.isEmpty();
        }

        /** Writes what hard links lack, and nothing else. */
        LayerApplier.Disk secondPass() {
            return new LayerApplier.Contents() {
                private int seen;

                @Override
                public void fileAdded(LayerTree.Node node, LayerEntries content) throws IOException {
                    List<Link> names = lacking.get(seen++);
                    if (names == null) {
                        return;
                    }
                    Path first = placeFor(names.get(0).node());
                    writeNow(names.get(0).original(), first, content);
                    for (Link name : names.subList(1, names.size())) {
                        Files.createLink(placeFor(name.node()), first);
                    }
                }
            };
        }

        /**
         * Sets modes and times of folders, which making files in them would change or need, and removes those that nothing
         * stands in any more for which they were made.
         */
        void finish(LayerTree tree, FileTree kept) throws IOException {
            for (String path : onTheWay.descendingSet()) {
                if (kept.find(path).isEmpty()) {
                    Files.deleteIfExists(FileNames.resolve(target, path));
                }
            }
            List<LayerTree.Node> folders = new ArrayList<>();
            for (LayerTree.Node node : tree.nodes()) {
                if (node.entry.type() == TarType.DIRECTORY
                        && (wanted == null || kept.find(node.path).isPresent())) {
                    folders.add(node);
                }
            }
            for (int i = folders.size() - 1; i >= 0; i--) {
                LayerTree.Node node = folders.get(i);
                Path path = pathOf(node);
                setTime(path, node);
                if (node.entry.mode() != newFolderMode) {
                    setMode(path, node.entry.mode());
                }
            }
        }

        private void setMode(Path path, int mode) throws IOException {
            if (unix) {
                Files.setAttribute(path, "unix:mode", mode);
            } else if (posix) {
                Files.setPosixFilePermissions(path, permissionsOf(mode));
            }
        }

        private void setTime(Path path, LayerTree.Node node) throws IOException {
            Instant time = options.times().of(node.entry.time());
            if (time.getEpochSecond() < 0) {
                // The JDK sets fractions of seconds before 1970 to 1970.
                time = Instant.ofEpochSecond(time.getEpochSecond());
            }
            Files.setLastModifiedTime(path, FileTime.from(time));
        }

        private void rethrow() throws IOException {
            Throwable found = problem.get();
            if (found instanceof IOException e) {
                throw e;
            }
            if (found != null) {
                throw new IOException("could not unpack: " + found, found);
            }
        }

        private InterruptedIOException interrupted() {
            Thread.currentThread().interrupt();
            return new InterruptedIOException("interrupted while unpacking");
        }

        @Override
        public void close() {
            problem.compareAndSet(null, new IOException("closed"));
            writers.shutdown();
            // Nothing may be written any more when the caller removes the folder.
            room.acquireUninterruptibly(ALL);
        }
    }

    private static int modeOf(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (int i = 0; i < PERMISSIONS.size(); i++) {
            if (permissions.contains(PERMISSIONS.get(i))) {
                mode |= 0400 >> i;
            }
        }
        return mode;
    }

    private static Set<PosixFilePermission> permissionsOf(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < PERMISSIONS.size(); i++) {
            if ((mode & 0400 >> i) != 0) {
                permissions.add(PERMISSIONS.get(i));
            }
        }
        return permissions;
    }
}
