package dev.cachetool.store;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Algorithm;
import dev.cachetool.digest.Digest;
import dev.cachetool.digest.DigestingInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a store has with what it noted. Everything is held while it is looked at, so that other processes may use
 * and prune the store meanwhile. Changes nothing. Not for several threads.
 */
final class Verifier {
    /** How many problems of one ref are told. */
    private static final int MOST = 10;

    private final StoreFolder folder;
    private final Refs refs;
    private final Holds holds;
    private final boolean deep;
    private final List<StoreCheck.Problem> problems = new ArrayList<>();
    private final byte[] buffer = new byte[64 * 1024];
    private long refCount;
    private long files;
    private long blobs;
    private long bytes;

    /**
     * @param deep whether files are read as well
     */
    Verifier(StoreFolder folder, Refs refs, Holds holds, boolean deep) {
        this.folder = folder;
        this.refs = refs;
        this.holds = holds;
        this.deep = deep;
    }

    /**
     * Looks through the store.
     *
     * @param keys what is wrong with files of keys, by their names
     */
    StoreCheck verify(List<String> leftovers, Map<String, String> keys) throws IOException {
        keys.forEach((file, what) -> problems.add(new StoreCheck.Problem("keys", file, "", what)));
        for (Path path : children(folder.refs())) {
            String id = name(path);
            holds.hold(id);
            try {
                Optional<Snapshot> snapshot = refs.snapshot(id);
                if (snapshot.isPresent()) {
                    refCount++;
                    ref(snapshot.get());
                }
            } finally {
                refs.release(id);
            }
        }
        for (Path algorithm : children(Objects.requireNonNull(folder.blobs().getParent()))) {
            for (Path file : children(algorithm)) {
                Optional<Digest> digest = Digest.tryParse(name(algorithm) + ":" + name(file));
                if (digest.isPresent()) {
                    blob(digest.get(), file);
                }
            }
        }
        return new StoreCheck(problems, leftovers, refCount, files, blobs, bytes);
    }

    private static List<Path> children(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            children.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        found.sort(null);
        return found;
    }

    private static String name(Path path) {
        return Objects.requireNonNull(path.getFileName()).toString();
    }

    private void ref(Snapshot snapshot) throws IOException {
        String description = "";
        List<String> wrong = new ArrayList<>();
        try {
            description = snapshot.notes().description();
            compare(snapshot.files(), snapshot.tree(), wrong);
        } catch (DamagedRefException | NoSuchFileException e) {
            wrong.add(String.valueOf(e.getMessage()));
        }
        for (String what : wrong.subList(0, Math.min(MOST, wrong.size()))) {
            problems.add(new StoreCheck.Problem("ref", snapshot.id(), description, what));
        }
        if (wrong.size() > MOST) {
            problems.add(new StoreCheck.Problem(
                    "ref", snapshot.id(), description, "and " + (wrong.size() - MOST) + " more files"));
        }
    }

    private record Visit(Path folder, String prefix) {}

    private void compare(Path root, FileTree noted, List<String> wrong) throws IOException {
        FileTree tree = noted.withParents();
        Set<String> seen = new HashSet<>();
        Deque<Visit> open = new ArrayDeque<>(List.of(new Visit(root, "")));
        while (!open.isEmpty()) {
            Visit visit = open.pop();
            for (Path child : children(visit.folder())) {
                String path = visit.prefix() + FileNames.nameOf(child);
                BasicFileAttributes attributes =
                        Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                Optional<TreeEntry> entry = tree.find(path);
                seen.add(path);
                String problem =
                        entry.isEmpty() ? "is there, and was not noted" : compare(child, attributes, entry.get());
                if (problem != null) {
                    wrong.add("\"" + FileNames.shown(path) + "\" " + problem);
                }
                if (attributes.isDirectory() && entry.isPresent()) {
                    open.push(new Visit(child, path + "/"));
                }
            }
        }
        for (TreeEntry entry : tree.entries()) {
            if (!seen.contains(entry.path())) {
                wrong.add("\"" + FileNames.shown(entry.path()) + "\" is not there");
            }
        }
    }

    private @Nullable String compare(Path path, BasicFileAttributes attributes, TreeEntry entry) throws IOException {
        EntryType type = attributes.isSymbolicLink()
                ? EntryType.SYMLINK
                : attributes.isDirectory() ? EntryType.DIRECTORY : EntryType.FILE;
        if (type != entry.type() || attributes.isOther()) {
            return "is no " + entry.type().name().toLowerCase(Locale.ROOT);
        }
        if (type == EntryType.SYMLINK) {
            return FileNames.textOf(Files.readSymbolicLink(path)).equals(entry.linkTarget()) ? null : "links elsewhere";
        }
        if (type == EntryType.DIRECTORY) {
            return null;
        }
        files++;
        if (attributes.size() != entry.size()) {
            return "has " + attributes.size() + " bytes, not " + entry.size();
        }
        return deep && !entry.digest().equals(Optional.of(digest(path, Algorithm.SHA256)))
                ? "has other bytes than it had"
                : null;
    }

    private Digest digest(Path file, Algorithm algorithm) throws IOException {
        try (InputStream raw = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                DigestingInputStream in = new DigestingInputStream(raw, algorithm)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes += n;
            }
            return in.digest();
        }
    }

    private void blob(Digest digest, Path file) throws IOException {
        holds.hold(digest.toString());
        try {
            if (!digest(file, digest.algorithm()).equals(digest)) {
                problems.add(
                        new StoreCheck.Problem("blob", digest.toString(), "", "has other bytes than its digest says"));
            }
            blobs++;
        } catch (NoSuchFileException e) {
            // It was pruned before it was held.
            return;
        } finally {
            holds.release(digest.toString());
        }
    }
}
