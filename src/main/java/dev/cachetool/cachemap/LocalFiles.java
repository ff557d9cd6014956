package dev.cachetool.cachemap;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileChangedException;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.graph.Definition;
import dev.cachetool.graph.GraphException;
import dev.cachetool.graph.LocalOp;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.graph.Vertex;
import dev.cachetool.pattern.MatchState;
import dev.cachetool.pattern.PatternMatcher;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of the workspace that the {@code local} ops of a graph select. What was seen once is not looked at again: one
 * object is one look at the workspace. Safe for several threads.
 *
 * <p>Never taken are the graph file, {@code .git} and {@code .cachetool} in any folder, what any step of the graph
 * declares as output, and what is neither file, folder nor symbolic link. Links are taken as links. An empty folder is
 * taken, unless it lies on the way to a declared output.
 */
public final class LocalFiles {
    /** So often a file is read that changes while it is. */
    private static final int MOST_TRIES = 3;

    private static final Set<String> NEVER = Set.of(".git", ".cachetool");

    private final Definition definition;
    private final int threads;
    private final FileDigests digests;
    private final @Nullable Path graphFile;
    private final DeclaredOutputs outputs;
    private final Folder root;
    private final Map<LocalOp, SoftReference<FileTree>> trees = new HashMap<>();

    private LocalFiles(Definition definition, int threads, FileDigests digests, @Nullable Path graphFile) {
        this.definition = definition;
        this.threads = threads;
        this.digests = digests;
        this.graphFile = graphFile;
        this.outputs = new DeclaredOutputs(definition);
        this.root = new Folder(definition.workspace(), "", outputs.start());
    }

    /** The files of the definition's workspace, of which nothing is known before. */
    public static LocalFiles of(Definition definition, int threads) throws IOException {
        return of(definition, threads, FileDigests.NONE);
    }

    /**
     * The files of the definition's workspace.
     *
     * @param threads how many files are read at the same time
     * @param digests what is known of them without reading them
     * @throws IOException if the graph file cannot be looked at
     */
    public static LocalFiles of(Definition definition, int threads, FileDigests digests) throws IOException {
        Path graphFile = null;
        if (definition.file().isPresent() && Files.exists(definition.file().get())) {
            graphFile = definition.file().get().toRealPath();
        }
        return new LocalFiles(definition, threads, digests, graphFile);
    }

    /**
     * What the op of the vertex selects: paths are relative to the workspace, files have their digests, and modes are 0644
     * and 0755 unless the op wants them exact.
     *
     * @throws IllegalArgumentException if the vertex has another op
     * @throws GraphException if the path is no folder of the workspace, if an entry of {@code include} that is not optional
     *     matches nothing, or if one of them leads through a link out of the workspace
     * @throws IOException if the workspace cannot be read
     */
    public FileTree treeOf(Vertex vertex) throws IOException {
        if (!(vertex.op() instanceof LocalOp op)) {
            throw new IllegalArgumentException(vertex + " is no local vertex");
        }
        synchronized (trees) {
            SoftReference<FileTree> known = trees.get(op);
            FileTree tree = known == null ? null : known.get();
            if (tree != null) {
                return tree;
            }
        }
        FileTree tree = select(vertex, op);
        synchronized (trees) {
            trees.put(op, new SoftReference<>(tree));
        }
        return tree;
    }

    private FileTree select(Vertex vertex, LocalOp op) throws IOException {
        Folder start = folderOf(vertex, op);
        List<Selected> selected;
        try (ContentReader reader = new ContentReader(threads)) {
            selected = walk(vertex, op, start, reader);
            reader.finish();
        }
        List<TreeEntry> entries = new ArrayList<>(selected.size());
        for (Selected one : selected) {
            entries.add(one.node.entry(one.path, op.exactModes()));
        }
        return FileTree.of(entries);
    }

    /** Finds what the op selects, and has files read whose content is not known yet. */
    private List<Selected> walk(Vertex vertex, LocalOp op, Folder start, ContentReader reader) throws IOException {
        List<PathPattern> include = op.include().isEmpty() ? List.of(PathPattern.of(".")) : op.include();
        PatternMatcher included =
                PatternMatcher.of(include.stream().map(PathPattern::path).toList());
        PatternMatcher excluded = PatternMatcher.of(op.exclude());
        BitSet selecting = new BitSet();
        List<Selected> selected = new ArrayList<>();
        String prefix = op.path().equals(".") ? "" : op.path();

        List<Visit> stack = new ArrayList<>();
        stack.add(new Visit(start, prefix, included.start(), excluded.start()));
        while (!stack.isEmpty()) {
            Visit visit = stack.remove(stack.size() - 1);
            for (Node node : visit.folder.children()) {
                MatchState in = visit.in.child(node.name);
                MatchState ex = visit.ex.child(node.name);
                String path = visit.prefix.isEmpty() ? node.name : visit.prefix + "/" + node.name;
                if (in.matches() && !ex.matches()) {
                    in.addSelecting(selecting);
                    if (node.folder == null || op.exactModes() || node.folder.isEmptySource()) {
                        selected.add(new Selected(node, path));
                        if (node.type == EntryType.FILE && !node.isKnown()) {
                            reader.add(node);
                        }
                    }
                }
                if (node.folder != null && in.mayMatchBelow() && !ex.matchesAllBelow()) {
                    stack.add(new Visit(node.folder, path, in, ex));
                }
            }
        }
        if (!op.include().isEmpty()) {
            List<Integer> unmatched = Selection.unmatched(include, included, selecting);
            if (!unmatched.isEmpty()) {
                throw matchesNothing(vertex, op, start, unmatched.get(0));
            }
        }
        return selected;
    }

    private record Visit(Folder folder, String prefix, MatchState in, MatchState ex) {}

    private record Selected(Node node, String path) {}

    /** The folder of the op, by way of links within the workspace where it goes through some. */
    private Folder folderOf(Vertex vertex, LocalOp op) throws IOException {
        Folder folder = root;
        if (op.path().equals(".")) {
            return folder;
        }
        StringBuilder way = new StringBuilder();
        for (String name : op.path().split("/", -1)) {
            way.append(way.length() == 0 ? "" : "/").append(name);
            Node node = folder.child(name);
            if (node == null) {
                throw vertex.error(
                        "path of \"" + vertex.name() + "\": there is no folder " + way + " that could be taken in "
                                + definition.workspace(),
                        "what steps declare as output, .git and .cachetool are never taken",
                        "op",
                        "local",
                        "path");
            }
            if (node.type == EntryType.SYMLINK) {
                folder = throughLink(vertex, node, way.toString());
            } else if (node.folder != null) {
                folder = node.folder;
            } else {
                throw vertex.error(
                        "path of \"" + vertex.name() + "\": " + way + " is no folder",
                        "name its folder, and the file in include",
                        "op",
                        "local",
                        "path");
            }
        }
        return folder;
    }

    private Folder throughLink(Vertex vertex, Node link, String way) throws IOException {
        Path target;
        try {
            target = link.location.toRealPath();
        } catch (IOException e) {
            GraphException broken = vertex.error(
                    "path of \"" + vertex.name() + "\": the link " + way + " -> " + link.linkTarget + " leads nowhere",
                    "",
                    "op",
                    "local",
                    "path");
            broken.addSuppressed(e);
            throw broken;
        }
        Path workspace = definition.workspace().toRealPath();
        if (!target.startsWith(workspace)) {
            throw vertex.error(
                    "path of \"" + vertex.name() + "\" goes through the link " + way + " -> " + link.linkTarget
                            + ", which leads out of the workspace",
                    "a graph takes files of its workspace alone",
                    "op",
                    "local",
                    "path");
        }
        Folder folder = root;
        for (Path name : workspace.relativize(target)) {
            String text = FileNames.nameOf(name);
            if (text.isEmpty()) {
                break;
            }
            Node node = folder.child(text);
            if (node == null || node.folder == null) {
                throw vertex.error(
                        "path of \"" + vertex.name() + "\": the link " + way + " -> " + link.linkTarget
                                + " leads to what is never taken",
                        "",
                        "op",
                        "local",
                        "path");
            }
            folder = node.folder;
        }
        return folder;
    }

    private GraphException matchesNothing(Vertex vertex, LocalOp op, Folder start, int index) throws IOException {
        String pattern = op.include().get(index).path();
        String said = "include \"" + pattern + "\" of \"" + vertex.name() + "\" ";
        Object[] pointer = {"op", "local", "include", index};
        Folder folder = start;
        StringBuilder way = new StringBuilder();
        for (String name : pattern.strip().split("/", -1)) {
            way.append(way.length() == 0 ? "" : "/").append(name);
            Node node = folder.child(name);
            if (node == null) {
                break;
            }
            if (node.type == EntryType.SYMLINK) {
                return vertex.error(
                        said + "goes through the link " + way + " -> " + node.linkTarget,
                        "links are taken as they are; name what it points to, within the workspace",
                        pointer);
            }
            if (node.folder == null) {
                break;
            }
            folder = node.folder;
        }
        Optional<String> literal = op.include().get(index).literal();
        String path = op.path().equals(".") ? literal.orElse("") : op.path() + "/" + literal.orElse("");
        if (literal.isPresent() && Files.exists(FileNames.resolve(definition.workspace(), path))) {
            return vertex.error(
                    said + "takes nothing, though it is there",
                    "what steps declare as output, what is excluded, the graph file, .git and .cachetool are never taken",
                    pointer);
        }
        return vertex.error(
                said + "matches nothing in " + start.location,
                "if that may be, write { \"path\": \"" + pattern + "\", \"optional\": true }",
                pointer);
    }

    /** A folder of the workspace, listed when it is first asked for. */
    private final class Folder {
        private final Path location;
        private final String path;
        private final DeclaredOutputs.Position position;
        private @Nullable List<Node> children;
        private boolean emptyOnDisk;

        Folder(Path location, String path, DeclaredOutputs.Position position) {
            this.location = location;
            this.path = path;
            this.position = position;
        }

        /** Whether nothing stands in it, and not just because outputs were removed. */
        boolean isEmptySource() throws IOException {
            children();
            return emptyOnDisk && !outputs.leadsToOutputs(path);
        }

        @Nullable
        Node child(String name) throws IOException {
            List<Node> sorted = children();
            int low = 0;
            int high = sorted.size() - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int order = FileNames.ORDER.compare(sorted.get(middle).name, name);
                if (order == 0) {
                    return sorted.get(middle);
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return null;
        }

        synchronized List<Node> children() throws IOException {
            if (children == null) {
                children = list();
            }
            return children;
        }

        private List<Node> list() throws IOException {
            List<Node> nodes = new ArrayList<>();
            emptyOnDisk = true;
            try (DirectoryStream<Path> names = Files.newDirectoryStream(location)) {
                for (Path child : names) {
                    emptyOnDisk = false;
                    Node node = look(child);
                    if (node != null) {
                        nodes.add(node);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            // So what is selected comes nearly in the order that trees have.
            nodes.sort(Comparator.comparing((Node node) -> node.name, FileNames.ORDER));
            return nodes;
        }

        private @Nullable Node look(Path child) throws IOException {
            String name = FileNames.nameOf(child);
            if (NEVER.contains(name)) {
                return null;
            }
            String childPath = path.isEmpty() ? name : path + "/" + name;
            DeclaredOutputs.Position at = position.child(name, childPath);
            boolean output = at.isOutput();
            if (output && at.isAllOutputBelow()) {
                return null;
            }
            FileLook look = FileLook.at(child);
            if (look.kind() == FileLook.Kind.FOLDER) {
                return new Node(name, childPath, child, look, "", new Folder(child, childPath, at));
            }
            if (output || look.kind() == FileLook.Kind.OTHER || (graphFile != null && isGraphFile(child, name))) {
                return null;
            }
            boolean link = look.kind() == FileLook.Kind.LINK;
            String target = link ? FileNames.textOf(Files.readSymbolicLink(child)) : "";
            return new Node(name, childPath, child, look, target, null);
        }

        private boolean isGraphFile(Path child, String name) throws IOException {
            return graphFile != null
                    && FileNames.nameOf(graphFile).equals(name)
                    && child.toRealPath().equals(graphFile);
        }
    }

    /** What stands in a folder of the workspace. */
    private final class Node implements ContentReader.Content {
        private final String name;
        private final String place;
        private final Path location;
        private final EntryType type;
        private final String linkTarget;
        private final @Nullable Folder folder;
        private volatile FileLook look;
        private long size;
        private volatile @Nullable Digest content;

        Node(String name, String place, Path location, FileLook look, String linkTarget, @Nullable Folder folder) {
            this.name = name;
            this.place = place;
            this.location = location;
            this.look = look;
            this.type = switch (look.kind()) {
                case FOLDER -> EntryType.DIRECTORY;
                case LINK -> EntryType.SYMLINK;
                default -> EntryType.FILE;
            };
            this.linkTarget = linkTarget;
            this.folder = folder;
        }

        /** Whether its content is known, or was when it looked as it does now. */
        synchronized boolean isKnown() {
            if (content == null) {
                content = digests.find(place, look.stamp()).orElse(null);
                size = look.stamp().size();
            }
            return content != null;
        }

        @Override
        public synchronized void read(ByteBuffer buffer, MessageDigest messageDigest) throws IOException {
            if (content != null) {
                return;
            }
            for (int tries = 1; ; tries++) {
                Digest digest = digest(buffer, messageDigest);
                if (digests == FileDigests.NONE) {
                    content = digest;
                    return;
                }
                // What is remembered has to be what the file was while it looked like this.
                FileLook after = FileLook.at(location);
                if (after.stamp().equals(look.stamp())) {
                    if (size == look.stamp().size()) {
                        digests.put(place, look.stamp(), digest);
                    }
                    content = digest;
                    return;
                }
                if (tries == MOST_TRIES) {
                    throw new FileChangedException(
                            place, look.stamp().size() + " bytes", after.stamp().size() + " bytes");
                }
                look = after;
            }
        }

        private Digest digest(ByteBuffer buffer, MessageDigest messageDigest) throws IOException {
            long expected = look.stamp().size();
            long read = 0;
            messageDigest.reset();
            try (SeekableByteChannel channel = Files.newByteChannel(location)) {
                // What was added since it was looked at is left for the next look; an empty file may be one that says
                // so only.
                do {
                    buffer.clear();
                    int n = channel.read(buffer);
                    if (n < 0) {
                        break;
                    }
                    messageDigest.update(buffer.flip());
                    read += n;
                } while (read != expected);
            }
            size = read;
            return Digest.ofSha256(messageDigest.digest());
        }

        TreeEntry entry(String path, boolean exactModes) {
            int mode = look.mode();
            return switch (type) {
                case FILE -> {
                    Digest digest = content;
                    if (digest == null) {
                        throw new IllegalStateException(path + " was not read");
                    }
                    yield TreeEntry.file(path, exactModes ? mode : (mode & 0111) != 0 ? 0755 : 0644, size, digest);
                }
                case DIRECTORY -> TreeEntry.directory(path, exactModes ? mode : 0755);
                case SYMLINK -> TreeEntry.symlink(path, linkTarget);
            };
        }
    }
}
