package dev.cachetool.step;

import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * A step's folder as Linux's overlayfs makes it: the inputs below, and a folder of its own for all that is written. What
 * the step changed is in that one alone, however many inputs there are.
 */
final class Overlay {
    /** Folders of a step's folder. */
    static final String LOWER = "inputs";

    static final String UPPER = "written";
    static final String WORK = "work";

    /**
     * With attributes that everybody may read, so that it can be told what was removed; that also forbids copies of attributes
     * without content, and folders that stand for others.
     */
    static final String OPTIONS =
            "lowerdir=" + LOWER + ",upperdir=" + UPPER + ",workdir=" + WORK + ",index=off,userxattr";

    private static final String OPAQUE = "overlay.opaque";

    private static final int FORMAT = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    private Overlay() {}

    /** Whether the file says that the one below it was removed. */
    static boolean isRemoval(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:mode,rdev", LinkOption.NOFOLLOW_LINKS);
        return attributes.get("mode") instanceof Integer mode
                && (mode & FORMAT) == CHARACTER_DEVICE
                && Long.valueOf(0).equals(attributes.get("rdev"));
    }

    private record Visit(Path folder, String path) {}

    /**
     * The first input that is not any more what it was; what the step declares as output may change.
     *
     * @param upper what was written
     */
    static Optional<String> firstChanged(Path upper, DeclaredPaths declared, BroughtInputs brought) throws IOException {
        PlacedInputs inputs = brought.inputs();
        Deque<Visit> open = new ArrayDeque<>();
        open.push(new Visit(upper, ""));
        while (!open.isEmpty()) {
            Visit visit = open.pop();
            try (DirectoryStream<Path> children = Files.newDirectoryStream(visit.folder())) {
                for (Path child : children) {
                    String name = FileNames.nameOf(child);
                    String path = visit.path().isEmpty() ? name : visit.path() + "/" + name;
                    if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                        if (inputs.isFolder(path)) {
                            open.push(new Visit(child, path));
                            Optional<String> gone =
                                    isOpaque(child) ? firstGone(upper, path, inputs, declared) : Optional.empty();
                            if (gone.isPresent()) {
                                return gone;
                            }
                        } else if (inputs.find(path).isPresent() && !declared.has(path)) {
                            return Optional.of(path);
                        }
                        continue;
                    }
                    if (inputs.isFolder(path)) {
                        Optional<String> gone = firstGone(upper, path, inputs, declared);
                        if (gone.isPresent()) {
                            return gone;
                        }
                    } else if (inputs.find(path).isPresent()
                            && !declared.has(path)
                            && !(isPlain(child) && brought.isInput(path, child, typeOf(child)))) {
                        return Optional.of(path);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return Optional.empty();
    }

    /** The first of the inputs below a folder that was removed, and not written again. */
    private static Optional<String> firstGone(Path upper, String folder, PlacedInputs inputs, DeclaredPaths declared)
            throws IOException {
        for (PlacedInputs.Placed placed : inputs.below(folder)) {
            String path = placed.entry().path();
            if (!declared.has(path) && !Files.exists(FileNames.resolve(upper, path), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    /** Whether nothing of the folder below it is seen any more. */
    private static boolean isOpaque(Path folder) throws IOException {
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(folder, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        return view != null && view.list().contains(OPAQUE);
    }

    private static boolean isPlain(Path file) {
        return Files.isSymbolicLink(file) || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static EntryType typeOf(Path file) {
        return Files.isSymbolicLink(file) ? EntryType.SYMLINK : EntryType.FILE;
    }
}
