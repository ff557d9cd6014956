package dev.cachetool.step;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.cachemap.FileDigests.FileStamp;
import dev.cachetool.cachemap.FileLook;
import dev.cachetool.content.EntryType;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TemporaryDirectory;
import dev.cachetool.content.TreeEntry;
import dev.cachetool.step.PlacedInputs.Placed;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workspace itself. All inputs have to stand in it already, frozen ones too: whoever runs the step restores results that
 * are its inputs before. What stands at the step's declared outputs and is no input is moved aside while it runs, into
 * {@code .cachetool/aside-NAME}, and moved back when the step fails. What a process left there that was killed is moved back by
 * the next one that runs the step.
 */
final class InWorkspace implements StepPlace {
    private static final String ASIDE = "aside-";

    private final Path workspace;
    private final Path aside;
    private final FileDigests memory;
    private final int threads;
    private final String vertex;
    private final List<Path> madeFolders = new ArrayList<>();
    private @Nullable Undo undo;

    private record Undo(DeclaredPaths declared, BroughtInputs brought) {}

    /**
     * @param vertex the step's name, for what is said
     * @param name of the step's folder, which is locked
     * @param memory what is known of the workspace's files
     */
    InWorkspace(Path workspace, String vertex, String name, FileDigests memory, int threads) {
        this.workspace = workspace;
        this.aside = workspace.resolve(StateFile.FOLDER).resolve(ASIDE + name);
        this.vertex = vertex;
        this.memory = memory;
        this.threads = threads;
    }

    @Override
    public String folder() {
        return workspace.toString();
    }

    @Override
    public Optional<Namespace> namespace() {
        return Optional.empty();
    }

    @Override
    public BroughtInputs bring(PlacedInputs inputs, DeclaredPaths declared, Set<String> folders)
            throws StepFailedException, IOException {
        BroughtInputs brought = look(inputs);
        Undo begun = new Undo(declared, brought);
        if (Files.exists(aside)) {
            putBack(begun);
        }
        undo = begun;
        for (String path : Made.of(workspace, declared, brought, false).moves()) {
            Path kept = FileNames.resolve(aside, path);
            Files.createDirectories(Objects.requireNonNull(kept.getParent()));
            Moves.move(FileNames.resolve(workspace, path), kept);
        }
        Map<String, Integer> there = new HashMap<>(brought.folders());
        for (String path : folders) {
            makeFolder(path);
            there.put(path, modeOf(FileNames.resolve(workspace, path)));
        }
        return new BroughtInputs(inputs, there, brought.there(), Map.of(), brought.stale());
    }

    /** Looks at the inputs, which have to be there. */
    private BroughtInputs look(PlacedInputs inputs) throws StepFailedException, IOException {
        Map<String, Integer> folders = new HashMap<>();
        Map<String, FileStamp> there = new HashMap<>();
        Optional<String> stale = Optional.empty();
        for (String folder : inputs.folders()) {
            Path path = FileNames.resolve(workspace, folder);
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                folders.put(folder, modeOf(path));
            }
        }
        BroughtInputs nothingKnown = new BroughtInputs(inputs, Map.of(), Map.of(), Map.of(), Optional.empty());
        for (Placed placed : inputs.all()) {
            TreeEntry entry = placed.entry();
            Path file = FileNames.resolve(workspace, entry.path());
            EntryType type = entry.type();
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw notThere(entry.path(), "is not there");
            }
            FileLook seen = FileLook.at(file);
            FileStamp stamp = seen.stamp();
            if (type == typeOf(file) && (isKnown(entry, seen) || nothingKnown.isInput(entry.path(), file, type))) {
                entry.digest().ifPresent(digest -> memory.put(entry.path(), stamp, digest));
            } else {
                if (placed.input().frozen()) {
                    throw notThere(entry.path(), "is not what was made before");
                }
                stale = Optional.of(entry.path());
            }
            if (type == EntryType.FILE) {
                there.put(entry.path(), stamp);
            }
        }
        return new BroughtInputs(inputs, folders, there, Map.of(), stale);
    }

    /** Whether a file need not be read to know that it is the input. */
    private boolean isKnown(TreeEntry entry, FileLook seen) {
        return entry.digest().isPresent()
                && ((seen.mode() & 0111) != 0) == entry.isExecutable()
                && entry.digest().equals(memory.find(entry.path(), seen.stamp()));
    }

    private StepFailedException notThere(String path, String problem) {
        return new StepFailedException(
                vertex,
                "it could not be started in the workspace: its input " + FileNames.shown(path) + " " + problem,
                -1,
                List.of(),
                "");
    }

    private static @Nullable EntryType typeOf(Path file) {
        if (Files.isSymbolicLink(file)) {
            return EntryType.SYMLINK;
        }
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            return EntryType.DIRECTORY;
        }
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? EntryType.FILE : null;
    }

    private static int modeOf(Path folder) throws IOException {
        return Modes.of(Files.getPosixFilePermissions(folder));
    }

    private void makeFolder(String path) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        Path folder = FileNames.resolve(workspace, path);
        while (!Files.isDirectory(folder)) {
            missing.push(folder);
            folder = Objects.requireNonNull(folder.getParent());
        }
        for (Path one : missing) {
            try {
                Files.createDirectory(one);
                madeFolders.add(one);
            } catch (FileAlreadyExistsException e) {
                // Another step made it just now; where it is no folder, what comes next says so.
            }
        }
    }

    @Override
    public List<String> preparation() {
        return List.of();
    }

    @Override
    public Optional<String> firstChanged(DeclaredPaths declared, BroughtInputs brought) throws IOException {
        return brought.firstChanged(workspace, declared);
    }

    @Override
    public Made made(DeclaredPaths declared, BroughtInputs brought) throws IOException {
        return Made.of(workspace, declared, brought, false);
    }

    @Override
    public Path written() {
        return workspace;
    }

    @Override
    public FileTree take(Made made, Path target) throws IOException {
        return new OutputTaker(workspace, target).copy(made, threads);
    }

    @Override
    public void keep() throws IOException {
        undo = null;
        TemporaryDirectory.deleteTree(aside);
    }

    @Override
    public void close() throws IOException {
        Undo left = undo;
        if (left != null) {
            putBack(left);
            for (int i = madeFolders.size() - 1; i >= 0; i--) {
                deleteEmpty(madeFolders.get(i));
            }
        }
    }

    /** Removes what the step made, and moves what was there before back. */
    private void putBack(Undo left) throws IOException {
        for (String path :
                Made.of(workspace, left.declared(), left.brought(), false).moves()) {
            TemporaryDirectory.deleteTree(FileNames.resolve(workspace, path));
        }
        Deque<String> open = new ArrayDeque<>();
        open.push("");
        while (!open.isEmpty()) {
            String prefix = open.pop();
            Path folder = FileNames.resolve(aside, prefix);
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
                for (Path child : children) {
                    String path = prefix.isEmpty() ? FileNames.nameOf(child) : prefix + "/" + FileNames.nameOf(child);
                    Path back = FileNames.resolve(workspace, path);
                    if (Files.isDirectory(back, LinkOption.NOFOLLOW_LINKS)
                            && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                        open.push(path);
                    } else if (!Files.exists(back, LinkOption.NOFOLLOW_LINKS)) {
                        Files.createDirectories(Objects.requireNonNull(back.getParent()));
                        Moves.move(child, back);
                    }
                }
            }
        }
        TemporaryDirectory.deleteTree(aside);
    }

    private static void deleteEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // Something stands in it, which is a reason to let it be.
            return;
        }
    }
}
