package dev.cachetool.step;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileChangedException;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.LayerExtractor;
import dev.cachetool.content.LayerTimes;
import dev.cachetool.content.LayerWarning;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.Vertex;
import dev.cachetool.oci.Timestamp;
import dev.cachetool.solver.Remote;
import dev.cachetool.store.RefResult;
import dev.cachetool.store.UnreadableRefException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Brings results back into the workspace (docs/architecture.md, "Restoring"): whole or not at all per vertex. What has the
 * right content stays as it is; what differs is replaced; what the declared outputs match and the result lacks is removed.
 * Where steps share a folder, what belongs to the result of another one is not removed, and a later one's file not replaced.
 * The result is unpacked beside the workspace's files first, in {@code .cachetool}, and moved into place when all of it is
 * there; when a move fails, those before are taken back. Not for several threads.
 */
public final class Restorer {
    private static final String UNIX_MODE = "unix:mode";
    private static final int OWNER_WRITE = 0200;
    private static final int SPECIAL_BITS = 06000;

    private final Path workspace;
    private final WorkspaceOutputs outputs;
    private final boolean preserveSpecial;
    private final Consumer<LayerWarning> warnings;

    /**
     * @param outputs looks at what stands in the workspace
     * @param preserveSpecial whether set-uid and set-gid bits are restored
     * @param warnings takes what of a layer is not restored
     */
    public Restorer(
            Path workspace, WorkspaceOutputs outputs, boolean preserveSpecial, Consumer<LayerWarning> warnings) {
        this.workspace = workspace;
        this.outputs = outputs;
        this.preserveSpecial = preserveSpecial;
        this.warnings = warnings;
    }

    /**
     * What was restored.
     *
     * @param tree what the result is
     * @param changed how many files and links were replaced, brought back or removed
     */
    public record Restored(FileTree tree, int changed) {}

    /**
     * Restores the result of an exec vertex.
     *
     * @param notBefore the instant that files get is not before this one
     * @param owners whose results the files of shared folders are
     * @throws UndeclaredOutputException if the result holds what the vertex does not declare
     * @throws dev.cachetool.content.UnsafeEntryException if an entry of a layer leads out
     * @throws dev.cachetool.digest.DigestMismatchException if a layer's bytes are not those of its digest
     * @throws IOException if a layer cannot be read, or the workspace not be written; it is then as it was
     */
    public Restored restore(Vertex vertex, Remote remote, Instant notBefore, OutputOwners owners) throws IOException {
        ExecOp op = (ExecOp) vertex.op();
        try (TemporaryDirectory staging = staging()) {
            Path fresh = Files.createDirectory(staging.path().resolve("new"));
            LayerExtractor extractor =
                    new LayerExtractor(remote.provider(), extraction(times(op, notBefore)), warnings);
            FileTree declared = requireDeclared(vertex, op, extractor.extract(remote.descriptors(), fresh));
            FileTree before = outputs.find(vertex).tree();
            return new Restored(declared, move(vertex, owners, staging, fresh, declared, before, Set.of()));
        }
    }

    /**
     * Restores the result of an exec vertex from a ref, of which only those files are copied that differ.
     *
     * @param notBefore gives the instant that files get is not before; asked for where any differ
     * @param changing told before anything is changed
     * @throws dev.cachetool.store.UnreadableRefException if the ref cannot be read
     * @throws IOException as the other
     */
    public Restored restore(
            Vertex vertex, RefResult result, InstantOf notBefore, OutputOwners owners, Changing changing)
            throws IOException {
        ExecOp op = (ExecOp) vertex.op();
        FileTree tree = requireDeclared(vertex, op, result.tree());
        FileTree declared = preserveSpecial ? tree : withoutSpecial(tree);
        FileTree before = outputs.find(vertex).tree();
        Set<String> right = new HashSet<>();
        for (TreeEntry entry : declared.entries()) {
            Path target = FileNames.resolve(workspace, entry.path());
            if (entry.type() != EntryType.DIRECTORY
                    && before.find(entry.path()).isPresent()
                    && isRight(target, entry)) {
                right.add(entry.path());
            }
        }
        if (stands(vertex, owners, declared, before, right)) {
            return new Restored(declared, 0);
        }
        try (TemporaryDirectory staging = staging()) {
            Path fresh = Files.createDirectory(staging.path().resolve("new"));
            List<TreeEntry> wanted = new ArrayList<>();
            for (TreeEntry entry : declared.entries()) {
                if (!right.contains(entry.path())) {
                    wanted.add(entry);
                }
            }
            copy(result, wanted, fresh, times(op, notBefore.get()));
            changing.begin();
            return new Restored(declared, move(vertex, owners, staging, fresh, declared, before, right));
        }
    }

    /** Gives an instant. */
    @FunctionalInterface
    public interface InstantOf {
        Instant get() throws IOException;
    }

    /** Hears that files of the workspace are about to change. */
    @FunctionalInterface
    public interface Changing {
        void begin() throws IOException;
    }

    private TemporaryDirectory staging() throws IOException {
        Path own = workspace.resolve(StateFile.FOLDER);
        Files.createDirectories(own);
        return TemporaryDirectory.create(own, "restore");
    }

    private static Instant now(Instant notBefore) {
        Instant now = Instant.now();
        return notBefore.isAfter(now) ? notBefore : now;
    }

    private static LayerTimes times(ExecOp op, Instant notBefore) {
        return op.times() == ExecOp.Times.KEEP ? LayerTimes.keep() : LayerTimes.at(now(notBefore));
    }

    private static FileTree withoutSpecial(FileTree tree) {
        List<TreeEntry> plain = new ArrayList<>(tree.size());
        for (TreeEntry entry : tree.entries()) {
            plain.add(
                    entry.type() == EntryType.SYMLINK || (entry.mode() & SPECIAL_BITS) == 0
                            ? entry
                            : new TreeEntry(
                                    entry.path(),
                                    entry.type(),
                                    entry.mode() & ~SPECIAL_BITS,
                                    entry.size(),
                                    entry.linkTarget(),
                                    entry.digest()));
        }
        return FileTree.of(plain);
    }

    /** Whether everything of the result stands, and nothing beside it that would be removed. */
    private boolean stands(Vertex vertex, OutputOwners owners, FileTree declared, FileTree before, Set<String> right)
            throws IOException {
        for (TreeEntry entry : declared.entries()) {
            boolean folder = entry.type() == EntryType.DIRECTORY;
            if (folder
                    ? before.find(entry.path()).map(TreeEntry::type).orElse(EntryType.FILE) != EntryType.DIRECTORY
                    : !right.contains(entry.path())) {
                return false;
            }
        }
        return hasNoMore(vertex, owners, declared.withParents(), before);
    }

    /** Whether nothing of the vertex's outputs stands there that would be removed. */
    private static boolean hasNoMore(Vertex vertex, OutputOwners owners, FileTree tree, FileTree before)
            throws IOException {
        for (TreeEntry entry : before.entries()) {
            if (tree.find(entry.path()).isEmpty() && !owners.isOfAnother(vertex, entry.path())) {
                return false;
            }
        }
        return true;
    }

    /** Copies what is wanted of the result, in folders that anything may be moved out of. */
    private static void copy(RefResult result, List<TreeEntry> wanted, Path to, LayerTimes times) throws IOException {
        Path from = result.mount();
        PlannedTree plan = new PlannedTree();
        plan.lay(new StepInput(from, result.tree(), true), wanted);
        try {
            new TreeWriter(to).write(plan);
        } catch (FileChangedException | NoSuchFileException e) {
            throw new UnreadableRefException(result.id(), e);
        }
        for (TreeEntry entry : wanted) {
            Path own = FileNames.resolve(from, entry.path());
            BasicFileAttributeView view = Files.getFileAttributeView(
                    FileNames.resolve(to, entry.path()), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            Instant instant = times.of(
                    Files.getLastModifiedTime(own, LinkOption.NOFOLLOW_LINKS).toInstant());
            view.setTimes(FileTime.from(instant), null, null);
        }
    }

    private int move(
            Vertex vertex,
            OutputOwners owners,
            TemporaryDirectory staging,
            Path fresh,
            FileTree declared,
            FileTree before,
            Set<String> right)
            throws IOException {
        Path old = Files.createDirectory(staging.path().resolve("old"));
        return new Move(vertex, owners, fresh, old, right).run(declared, before);
    }

    /**
     * Whether the result of that time stands in the workspace already, as it was restored before, with nothing beside it
     * that a restoring would remove.
     *
     * @throws IOException if the workspace cannot be read
     */
    public boolean stands(Vertex vertex, Timestamp createdAt, ProvenOutputs proven, OutputOwners owners)
            throws IOException {
        // Whether special bits stand there, too, is not proven.
        if (preserveSpecial
                || !proven.entry(vertex).map(StateFile.Entry::createdAt).equals(Optional.of(createdAt))) {
            return false;
        }
        Optional<FileTree> tree = proven.of(vertex).map(FileTree::withParents);
        if (tree.isEmpty()) {
            return false;
        }
        return hasNoMore(vertex, owners, tree.get(), outputs.find(vertex).tree());
    }

    /** The entries that the vertex declares; folders on the way to them may stand in the result as well. */
    private static FileTree requireDeclared(Vertex vertex, ExecOp op, FileTree tree) throws UndeclaredOutputException {
        DeclaredPaths paths = new DeclaredPaths(op);
        Set<String> ways = new HashSet<>();
        List<TreeEntry> declared = new ArrayList<>();
        for (TreeEntry entry : tree.entries()) {
            if (paths.has(entry.path())) {
                declared.add(entry);
                for (String parent = entry.parent(); !parent.isEmpty() && ways.add(parent); ) {
                    int slash = parent.lastIndexOf('/');
                    parent = slash < 0 ? "" : parent.substring(0, slash);
                }
            }
        }
        for (TreeEntry entry : tree.entries()) {
            boolean onTheWay = entry.type() == EntryType.DIRECTORY && ways.contains(entry.path());
            boolean first =
                    entry.path().equals(StateFile.FOLDER) || entry.path().startsWith(StateFile.FOLDER + "/");
            if (first || (!onTheWay && !paths.has(entry.path()))) {
                throw new UndeclaredOutputException(vertex.name(), FileNames.shown(entry.path()));
            }
        }
        return FileTree.of(declared);
    }

    /** Moves what is new into place, what was there out of the way, and all of it back when something fails. */
    private final class Move {
        private final Vertex vertex;
        private final OutputOwners owners;
        private final Path fresh;
        private final Path old;
        private final Set<String> right;
        private final Deque<Undo> undo = new ArrayDeque<>();
        private final Map<Path, Integer> modes = new LinkedHashMap<>();
        /** Folders that are there, none of them a link and none below one. */
        private final Set<String> folders = new HashSet<>();
        /** Folders where nothing stood, which came over with all that is in them. */
        private final Set<String> whole = new HashSet<>();

        private int saved;

        /**
         * @param right what was looked at, and is as it should be
         */
        Move(Vertex vertex, OutputOwners owners, Path fresh, Path old, Set<String> right) {
            this.vertex = vertex;
            this.owners = owners;
            this.fresh = fresh;
            this.old = old;
            this.right = right;
        }

        int run(FileTree wanted, FileTree before) throws IOException {
            int changed = 0;
            try {
                for (TreeEntry entry : before.entries()) {
                    if (wanted.find(entry.path()).isEmpty()
                            && entry.type() != EntryType.DIRECTORY
                            && !owners.isOfAnother(vertex, entry.path())
                            && setAside(entry.path())) {
                        changed++;
                    }
                }
                removeEmptyFolders(wanted, before);
                for (TreeEntry entry : wanted.entries()) {
                    changed += place(entry, wanted) ? 1 : 0;
                }
                for (Map.Entry<Path, Integer> folder : modes.entrySet()) {
                    if (Files.isDirectory(folder.getKey(), LinkOption.NOFOLLOW_LINKS)) {
                        setMode(folder.getKey(), folder.getValue());
                    }
                }
            } catch (IOException | RuntimeException e) {
                takeBack(e);
                throw e;
            }
            return changed;
        }

        private boolean place(TreeEntry entry, FileTree wanted) throws IOException {
            Path target = FileNames.resolve(workspace, entry.path());
            if (right.contains(entry.path())) {
                return false;
            }
            if (entry.type() == EntryType.DIRECTORY) {
                makeFolders(entry.path(), wanted);
                return false;
            }
            makeFolders(entry.parent(), wanted);
            if (whole.contains(entry.parent())) {
                return true;
            }
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                    && (isRight(target, entry) || owners.isOfLater(vertex, entry.path()))) {
                return false;
            }
            setAside(entry.path());
            Path source = FileNames.resolve(fresh, entry.path());
            writable(parentOf(source));
            writable(parentOf(target));
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            undo.push(() -> Files.deleteIfExists(target));
            return true;
        }

        /** Makes the folder and those above it, from the top down. */
        private void makeFolders(String path, FileTree wanted) throws IOException {
            if (path.isEmpty() || folders.contains(path)) {
                return;
            }
            int slash = path.indexOf('/');
            while (slash >= 0) {
                makeFolder(path.substring(0, slash), wanted);
                slash = path.indexOf('/', slash + 1);
            }
            makeFolder(path, wanted);
        }

        /**
         * Makes the folder, with all that is to be in it where nothing stands there; what stands there and is no folder is set
         * aside if the vertex declares it.
         */
        private void makeFolder(String path, FileTree wanted) throws IOException {
            if (!folders.add(path)) {
                return;
            }
            int slash = path.lastIndexOf('/');
            if (slash >= 0 && whole.contains(path.substring(0, slash))) {
                whole.add(path);
                return;
            }
            Path folder = FileNames.resolve(workspace, path);
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
                    && wanted.find(path).isEmpty()) {
                throw new FileSystemException(
                        folder.toString(),
                        null,
                        Files.isSymbolicLink(folder)
                                ? "it is a link, and outputs are not restored through links"
                                : "it is no folder, and outputs have to be restored into it");
            }
            setAside(path);
            writable(parentOf(folder));
            Path model = FileNames.resolve(fresh, path);
            if (Files.isDirectory(model, LinkOption.NOFOLLOW_LINKS)) {
                modes.put(folder, mode(model));
                writable(parentOf(model));
                writable(model);
                Files.move(model, folder, StandardCopyOption.ATOMIC_MOVE);
                undo.push(() -> Files.move(folder, model, StandardCopyOption.ATOMIC_MOVE));
                whole.add(path);
            } else {
                Files.createDirectory(folder);
                undo.push(() -> Files.deleteIfExists(folder));
            }
        }

        /** Moves what stands at the path out of the way; gives back whether something did. */
        private boolean setAside(String path) throws IOException {
            Path target = FileNames.resolve(workspace, path);
            if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            Path kept = old.resolve(Integer.toString(++saved));
            writable(parentOf(target));
            Files.move(target, kept, StandardCopyOption.ATOMIC_MOVE);
            undo.push(() -> Files.move(kept, target, StandardCopyOption.ATOMIC_MOVE));
            return true;
        }

        private void removeEmptyFolders(FileTree wanted, FileTree before) throws IOException {
            List<TreeEntry> entries = before.entries();
            FileTree withParents = wanted.withParents();
            for (int i = entries.size() - 1; i >= 0; i--) {
                TreeEntry entry = entries.get(i);
                if (entry.type() == EntryType.DIRECTORY
                        && withParents.find(entry.path()).isEmpty()
                        && !owners.isOfAnother(vertex, entry.path())) {
                    Path folder = FileNames.resolve(workspace, entry.path());
                    if (isEmpty(folder)) {
                        setAside(entry.path());
                    }
                }
            }
        }

        private boolean isEmpty(Path folder) throws IOException {
            try (var children = Files.newDirectoryStream(folder)) {
                return !children.iterator().hasNext();
            }
        }

        /** Lets the owner write into a folder that is read-only, until everything is in place. */
        private void writable(Path folder) throws IOException {
            int before = mode(folder);
            if ((before & OWNER_WRITE) == 0) {
                setMode(folder, before | OWNER_WRITE);
                modes.putIfAbsent(folder, before);
                undo.push(() -> setMode(folder, before));
            }
        }

        /** Set-uid, set-gid and sticky bits included, which the JDK's permissions have not. */
        private static int mode(Path path) throws IOException {
            return (int) Files.getAttribute(path, UNIX_MODE, LinkOption.NOFOLLOW_LINKS) & 07777;
        }

        private static void setMode(Path folder, int mode) throws IOException {
            Files.setAttribute(folder, UNIX_MODE, mode);
        }

        private void takeBack(Exception cause) {
            while (!undo.isEmpty()) {
                try {
                    undo.pop().run();
                } catch (IOException e) {
                    cause.addSuppressed(e);
                }
            }
        }
    }

    private boolean isRight(Path target, TreeEntry entry) throws IOException {
        PosixFileAttributes there = Files.readAttributes(target, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (entry.type() == EntryType.SYMLINK) {
            return there.isSymbolicLink()
                    && FileNames.textOf(Files.readSymbolicLink(target)).equals(entry.linkTarget());
        }
        return there.isRegularFile()
                && there.size() == entry.size()
                && WorkspaceOutputs.mode(there) == (entry.mode() & 0777)
                && !(preserveSpecial && entry.mode() != (entry.mode() & 0777))
                && entry.digest().isPresent()
                && outputs.digestOf(entry.path(), there.size())
                        .equals(entry.digest().get());
    }

    private LayerExtractor.Options extraction(LayerTimes times) {
        LayerExtractor.Options options = LayerExtractor.Options.of(times).withDigests();
        return preserveSpecial ? options.withSpecial() : options;
    }

    private static Path parentOf(Path path) {
        return Objects.requireNonNull(path.getParent(), "what is in the workspace has a parent");
    }

    @FunctionalInterface
    private interface Undo {
        void run() throws IOException;
    }
}
