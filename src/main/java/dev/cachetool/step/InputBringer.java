package dev.cachetool.step;

import dev.cachetool.cachemap.ContentReader;
import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.cachemap.FileDigests.FileStamp;
import dev.cachetool.cachemap.FileLook;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.SymlinkMaker;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.digest.Digest;
import dev.cachetool.step.PlacedInputs.Placed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings the inputs of a step into a folder: files as copies with their times. Where the step sees the folder through an
 * overlay, which takes its writes elsewhere, frozen files come as hard links.
 *
 * <p>Files of the workspace are hashed while they are copied, so that what the step gets is known to be what its key says.
 */
final class InputBringer {
    private static final FileAttribute<Set<PosixFilePermission>> IMPLIED =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

    private final Path folder;
    private final boolean linking;
    private final FileDigests memory;
    private final int threads;

    private final Map<String, Integer> made = new HashMap<>();
    private final Map<String, FileStamp> there = new ConcurrentHashMap<>();
    private final Map<String, FileStamp> sources = new ConcurrentHashMap<>();
    private final AtomicReference<String> stale = new AtomicReference<>();
    /** Whether the process's mask takes something away of a folder's mode; null while that is not known. */
    private @Nullable Boolean masked;
    /** The roots whose files cannot be linked. */
    private final Set<Path> notLinked = new HashSet<>();

    /**
     * @param folder empty
     * @param linking whether nobody writes into the folder itself
     * @param memory what is known of the workspace's files
     */
    InputBringer(Path folder, boolean linking, FileDigests memory, int threads) {
        this.folder = folder;
        this.linking = linking;
        this.memory = memory;
        this.threads = threads;
    }

    /**
     * Brings them all in.
     *
     * @param folders that must be there as well
     * @throws IOException if a file cannot be read or written
     */
    BroughtInputs bring(PlacedInputs inputs, Iterable<String> folders) throws IOException {
        Deque<TreeEntry> modes = new ArrayDeque<>();
        try (ContentReader copies = new ContentReader(threads)) {
            for (Placed placed : inputs.all()) {
                TreeEntry entry = placed.entry();
                Path target = FileNames.resolve(folder, entry.path());
                makeFolder(entry.parent());
                switch (entry.type()) {
                    case DIRECTORY -> {
                        makeFolder(entry.path());
                        modes.push(entry);
                    }
                    case SYMLINK -> SymlinkMaker.JDK.make(target, entry.linkTarget());
                    case FILE -> {
                        if (!link(placed, target)) {
                            copies.add((buffer, messageDigest) -> copy(placed, target, buffer, messageDigest));
                        }
                    }
                }
            }
            copies.finish();
        }
        for (String path : folders) {
            if (inputs.inTheWayOf(path).isEmpty()) {
                makeFolder(path);
            }
        }
        for (TreeEntry entry : modes) {
            int mode = entry.mode() & 0777;
            if (made.put(entry.path(), mode) != mode) {
                Modes.set(FileNames.resolve(folder, entry.path()), mode);
            }
        }
        return new BroughtInputs(inputs, made, there, sources, Optional.ofNullable(stale.get()));
    }

    /** Makes the folder and those that it stands in. */
    private void makeFolder(String path) throws IOException {
        if (path.isEmpty() || made.containsKey(path)) {
            return;
        }
        int slash = path.indexOf('/');
        while (slash >= 0) {
            makeOne(path.substring(0, slash));
            slash = path.indexOf('/', slash + 1);
        }
        makeOne(path);
    }

    private void makeOne(String path) throws IOException {
        if (made.putIfAbsent(path, FileTree.IMPLIED_DIRECTORY_MODE) == null) {
            Path at = Files.createDirectory(FileNames.resolve(folder, path), IMPLIED);
            if (masked == null) {
                masked = Modes.of(Files.getPosixFilePermissions(at)) != FileTree.IMPLIED_DIRECTORY_MODE;
            }
            if (masked) {
                Modes.set(at, FileTree.IMPLIED_DIRECTORY_MODE);
            }
        }
    }

    private boolean link(Placed placed, Path target) throws IOException {
        StepInput input = placed.input();
        if (!linking || !input.frozen() || notLinked.contains(input.root())) {
            return false;
        }
        try {
            Files.createLink(target, placed.source());
            return true;
        } catch (FileSystemException | UnsupportedOperationException e) {
            // Another file system, or one without links; a file that is not there is told of by copying it.
            notLinked.add(input.root());
            return false;
        }
    }

    private void copy(Placed placed, Path target, ByteBuffer buffer, MessageDigest messageDigest) throws IOException {
        TreeEntry entry = placed.entry();
        boolean ofWorkspace = !placed.input().frozen();
        Path source = placed.source();
        FileStamp before = FileLook.at(source).stamp();
        boolean known = !ofWorkspace
                || (before.size() == entry.size()
                        && entry.digest().isPresent()
                        && entry.digest().equals(memory.find(entry.path(), before)));
        messageDigest.reset();
        if (!known || !FileCopy.share(source, target, before.size())) {
            FileCopy.copy(source, target, buffer, bytes -> {
                if (ofWorkspace) {
                    messageDigest.update(bytes);
                }
            });
            known = !ofWorkspace || entry.digest().equals(Optional.of(Digest.ofSha256(messageDigest.digest())));
        } else if (ofWorkspace) {
            // What was shared is what the stamp stood for only if it still does.
            known = before.equals(FileLook.at(source).stamp());
        }
        Modes.set(target, entry.mode() & 0777);
        Files.setLastModifiedTime(target, FileTime.from(before.modified(), TimeUnit.NANOSECONDS));
        there.put(entry.path(), FileLook.at(target).stamp());
        if (ofWorkspace) {
            sources.put(entry.path(), before);
            if (!known) {
                stale.compareAndSet(null, entry.path());
            }
        }
    }
}
