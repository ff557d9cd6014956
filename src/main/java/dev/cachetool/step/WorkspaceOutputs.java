package dev.cachetool.step;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.cachemap.FileDigests.FileStamp;
import dev.cachetool.cachemap.FileLook;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestingInputStream;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.PathPattern;
import dev.cachetool.graph.Vertex;
import dev.cachetool.pattern.MatchState;
import dev.cachetool.pattern.PatternMatcher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at what stands in the workspace of what vertices declare as outputs. Links are taken as links, never followed. */
public final class WorkspaceOutputs {
    private final Path workspace;
    private final FileDigests digests;

    /** Looks at a workspace, and reads every file whose digest is wanted. */
    public WorkspaceOutputs(Path workspace) {
        this(workspace, FileDigests.NONE);
    }

    /**
     * @param digests remembers those of files that look as they did
     */
    public WorkspaceOutputs(Path workspace, FileDigests digests) {
        this.workspace = workspace;
        this.digests = digests;
    }

    /**
     * What stands in the workspace of a vertex's outputs.
     *
     * @param tree what there is, files without digests
     * @param modified when each path was last modified
     * @param missing the first pattern that matches nothing though it must
     */
    public record Found(FileTree tree, Map<String, Instant> modified, Optional<String> missing) {
        public Found {
            modified = Map.copyOf(modified);
        }

        /** When the newest of its files and links was modified; empty where there is none. */
        public Optional<Instant> newest() {
            return tree.entries().stream()
                    .filter(entry -> entry.type() != EntryType.DIRECTORY)
                    .map(entry -> modified.getOrDefault(entry.path(), Instant.EPOCH))
                    .max(Instant::compareTo);
        }

        /** When the oldest of its files and links was modified; empty where there is none. */
        public Optional<Instant> oldest() {
            return tree.entries().stream()
                    .filter(entry -> entry.type() != EntryType.DIRECTORY)
                    .map(entry -> modified.getOrDefault(entry.path(), Instant.EPOCH))
                    .min(Instant::compareTo);
        }
    }

    /**
     * Looks at the outputs of an exec vertex.
     *
     * @throws IOException if the workspace cannot be read
     */
    public Found find(Vertex vertex) throws IOException {
        DeclaredPaths declared = new DeclaredPaths((ExecOp) vertex.op());
        Map<String, TreeEntry> entries = new LinkedHashMap<>();
        Map<String, Instant> modified = new LinkedHashMap<>();
        Optional<String> missing = declared.isPlain()
                ? addPlain(declared.outputs(), entries, modified)
                : addMatching(declared, entries, modified);
        if (declared.stdout().isPresent()) {
            String path = declared.stdout().get();
            if (!addPath(path, entries, modified) && missing.isEmpty()) {
                missing = declared.stdout();
            }
        }
        return new Found(FileTree.of(entries.values()), modified, missing);
    }

    /**
     * What stands at these paths, files without digests; what does not is left out.
     *
     * @throws IOException if the workspace cannot be read
     */
    FileTree at(List<String> paths) throws IOException {
        Map<String, TreeEntry> entries = new LinkedHashMap<>();
        for (String path : paths) {
            PosixFileAttributes attributes = throughLink(path) ? null : attributes(FileNames.resolve(workspace, path));
            if (attributes != null) {
                put(FileNames.resolve(workspace, path), path, attributes, entries, new HashMap<>());
            }
        }
        return FileTree.of(entries.values());
    }

    /** Adds what is at and below paths without wildcards; gives back the first that must be there and is not. */
    private Optional<String> addPlain(
            List<PathPattern> patterns, Map<String, TreeEntry> entries, Map<String, Instant> modified)
            throws IOException {
        Optional<String> missing = Optional.empty();
        for (PathPattern pattern : patterns) {
            String path = pattern.literal().orElseThrow();
            if (!addPath(path, entries, modified) && !pattern.optional() && missing.isEmpty()) {
                missing = Optional.of(pattern.path());
            }
        }
        return missing;
    }

    private Optional<String> addMatching(
            DeclaredPaths declared, Map<String, TreeEntry> entries, Map<String, Instant> modified) throws IOException {
        PatternMatcher matcher = declared.matcher();
        BitSet selecting = new BitSet();
        walk(workspace, "", matcher.start(), selecting, entries, modified);
        BitSet unmatched = matcher.positives();
        unmatched.andNot(selecting);
        return unmatched.stream()
                .mapToObj(declared.outputs()::get)
                .filter(pattern -> !pattern.optional())
                .map(PathPattern::path)
                .findFirst();
    }

    /** Adds what is at the path and below it; gives back whether something is. */
    private boolean addPath(String path, Map<String, TreeEntry> entries, Map<String, Instant> modified)
            throws IOException {
        if (path.equals(".")) {
            int before = entries.size();
            walk(workspace, "", null, null, entries, modified);
            return before > 0 || entries.size() > before;
        }
        if (!throughLink(path)) {
            add(FileNames.resolve(workspace, path), path, entries, modified);
        }
        return entries.containsKey(path);
    }

    /** Whether a folder on the way to the path is a link. */
    private boolean throughLink(String path) throws IOException {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (Files.isSymbolicLink(FileNames.resolve(workspace, path.substring(0, slash)))) {
                return true;
            }
        }
        return false;
    }

    private void add(Path at, String path, Map<String, TreeEntry> entries, Map<String, Instant> modified)
            throws IOException {
        PosixFileAttributes attributes = attributes(at);
        if (attributes == null) {
            return;
        }
        put(at, path, attributes, entries, modified);
        if (attributes.isDirectory()) {
            walk(at, path + "/", null, null, entries, modified);
        }
    }

    private record Visit(
            Path folder, String prefix, @Nullable MatchState state) {}

    /** Takes what is in the folder, all of it where there is no state. */
    private static void walk(
            Path start,
            String startPrefix,
            @Nullable MatchState startState,
            @Nullable BitSet selecting,
            Map<String, TreeEntry> entries,
            Map<String, Instant> modified)
            throws IOException {
        Deque<Visit> open = new ArrayDeque<>();
        open.push(new Visit(start, startPrefix, startState));
        while (!open.isEmpty()) {
            Visit visit = open.pop();
            try (DirectoryStream<Path> children = Files.newDirectoryStream(visit.folder())) {
                for (Path child : children) {
                    String name = FileNames.nameOf(child);
                    String path = visit.prefix() + name;
                    if (path.equals(StateFile.FOLDER) || path.equals(".git")) {
                        continue;
                    }
                    MatchState state =
                            visit.state() == null ? null : visit.state().child(name);
                    boolean taken = state == null || state.matches();
                    boolean below = state == null || state.mayMatchBelow();
                    if (!taken && !below) {
                        continue;
                    }
                    PosixFileAttributes attributes = attributes(child);
                    if (attributes == null) {
                        continue;
                    }
                    if (taken) {
                        put(child, path, attributes, entries, modified);
                        if (state != null && selecting != null) {
                            state.addSelecting(selecting);
                        }
                    }
                    if (attributes.isDirectory() && below) {
                        open.push(new Visit(child, path + "/", state));
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
    }

    private static @Nullable PosixFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static void put(
            Path at,
            String path,
            PosixFileAttributes attributes,
            Map<String, TreeEntry> entries,
            Map<String, Instant> modified)
            throws IOException {
        if (attributes.isSymbolicLink()) {
            entries.put(path, TreeEntry.symlink(path, FileNames.textOf(Files.readSymbolicLink(at))));
        } else if (attributes.isDirectory()) {
            entries.put(path, TreeEntry.directory(path, mode(attributes)));
        } else if (attributes.isRegularFile()) {
            entries.put(path, TreeEntry.file(path, mode(attributes), attributes.size()));
        } else {
            return;
        }
        modified.put(path, attributes.lastModifiedTime().toInstant());
    }

    /** The permission bits, 0777. */
    static int mode(PosixFileAttributes attributes) {
        return Modes.of(attributes.permissions());
    }

    /**
     * The tree with the digest of every file.
     *
     * @throws IOException if a file cannot be read, or changes while it is
     */
    public FileTree withDigests(FileTree tree) throws IOException {
        List<TreeEntry> out = new ArrayList<>(tree.size());
        for (TreeEntry entry : tree.entries()) {
            out.add(
                    entry.type() == EntryType.FILE && entry.digest().isEmpty()
                            ? entry.withDigest(digestOf(entry.path(), entry.size()))
                            : entry);
        }
        return FileTree.of(out);
    }

    /**
     * The SHA-256 digest of the file of that size at the path, remembered or read.
     *
     * @throws IOException if it cannot be read, or changes while it is
     */
    Digest digestOf(String path, long size) throws IOException {
        Path file = FileNames.resolve(workspace, path);
        FileStamp before = FileLook.at(file).stamp();
        Optional<Digest> known = before.size() == size ? digests.find(path, before) : Optional.empty();
        if (known.isPresent()) {
            return known.get();
        }
        Digest read = digestOf(file, size);
        if (FileLook.at(file).stamp().equals(before)) {
            digests.put(path, before, read);
        }
        return read;
    }

    /** The SHA-256 digest of a file of that size. */
    static Digest digestOf(Path file, long size) throws IOException {
        byte[] buffer = new byte[(int) Math.max(1, Math.min(size + 1, 1 << 16))];
        try (InputStream raw = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                DigestingInputStream in = new DigestingInputStream(raw, Algorithm.SHA256)) {
            while (in.read(buffer) >= 0) {
                // The stream computes.
            }
            if (in.size() != size) {
                throw new IOException(file + " changed while it was read");
            }
            return in.digest();
        }
    }
}
