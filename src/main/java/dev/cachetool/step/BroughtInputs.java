package dev.cachetool.step;

import dev.cachetool.cachemap.FileDigests.FileStamp;
import dev.cachetool.cachemap.FileLook;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.step.PlacedInputs.Placed;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a step as they were when it began, to be compared with what it left.
 *
 * @param inputs all of them
 * @param folders that were there, with their modes (0777)
 * @param there how each file looked that the step got a copy of, by path
 * @param sources how each file of the workspace looked that an input is, by path
 * @param stale a file of the workspace that was not any more what it was when it was hashed
 */
record BroughtInputs(
        PlacedInputs inputs,
        Map<String, Integer> folders,
        Map<String, FileStamp> there,
        Map<String, FileStamp> sources,
        Optional<String> stale) {

    /**
     * Whether what stands at a path of the step's folder is the input that was there when it began, by its looks or else by
     * its content.
     */
    boolean isInput(String path, Path file, EntryType type) throws IOException {
        Optional<TreeEntry> found = inputs.find(path);
        if (found.isEmpty() || found.get().type() != type) {
            return false;
        }
        TreeEntry entry = found.get();
        if (type == EntryType.SYMLINK) {
            return FileNames.textOf(Files.readSymbolicLink(file)).equals(entry.linkTarget());
        }
        if (type == EntryType.DIRECTORY) {
            return true;
        }
        FileLook seen = FileLook.at(file);
        if (seen.stamp().equals(there.get(path))) {
            return true;
        }
        boolean executable = (seen.mode() & 0111) != 0;
        return executable == entry.isExecutable()
                && seen.stamp().size() == entry.size()
                && entry.digest().isPresent()
                && WorkspaceOutputs.digestOf(file, entry.size())
                        .equals(entry.digest().get());
    }

    /** Whether a folder was there when the step began, with that mode. */
    boolean stood(String path, int mode) {
        return Integer.valueOf(mode).equals(folders.get(path));
    }

    /**
     * The first input below a folder that is not any more what it was; what the step declares as output may change.
     *
     * @param root the folder that the step ran in
     */
    Optional<String> firstChanged(Path root, DeclaredPaths declared) throws IOException {
        for (Placed placed : inputs.all()) {
            String path = placed.entry().path();
            if (!isThere(path, FileNames.resolve(root, path), placed.entry().type()) && !declared.has(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    private boolean isThere(String path, Path file, EntryType type) throws IOException {
        if (type == EntryType.FILE) {
            FileStamp before = there.get(path);
            FileStamp now = stampOf(file);
            return now != null
                    && (now.equals(before)
                            || (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isInput(path, file, type)));
        }
        return type == EntryType.SYMLINK
                ? Files.isSymbolicLink(file) && isInput(path, file, type)
                : Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The first file of the workspace that is an input and does not look any more as it did when the step began. */
    Optional<String> firstChangedSource() throws IOException {
        for (Map.Entry<String, FileStamp> source : sources.entrySet()) {
            Path file = inputs.sourceOf(source.getKey());
            if (!source.getValue().equals(stampOf(file))) {
                return Optional.of(source.getKey());
            }
        }
        return Optional.empty();
    }

    private static @Nullable FileStamp stampOf(Path file) throws IOException {
        try {
            return FileLook.at(file).stamp();
        } catch (FileSystemException e) {
            // Also below what is no folder any more.
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            throw e;
        }
    }
}
