package dev.cachetool.step;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.content.FileNames;
import dev.cachetool.content.FileTree;
import dev.cachetool.content.TreeEntry;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A scratch folder with the inputs and, as copies, everything else of the workspace, to see what a step makes of it. */
final class AmongEverything implements StepPlace {
    private final InFolder plain;
    private final Path stepFolder;
    private final Path workspace;
    private final Path hidden;
    private final int threads;
    private @Nullable UndeclaredFiles undeclared;
    private boolean telling;

    /**
     * @param hidden what is left out
     */
    AmongEverything(Path stepFolder, Path workspace, Path hidden, int threads) {
        this.plain = new InFolder(stepFolder, FileDigests.NONE, threads);
        this.stepFolder = stepFolder;
        this.workspace = workspace;
        this.hidden = hidden;
        this.threads = threads;
    }

    @Override
    public String folder() {
        return plain.folder();
    }

    @Override
    public Optional<Namespace> namespace() {
        return Optional.empty();
    }

    @Override
    public BroughtInputs bring(PlacedInputs inputs, DeclaredPaths declared, Set<String> folders) throws IOException {
        telling = UndeclaredFiles.canTell(stepFolder);
        BroughtInputs brought = plain.bring(inputs, declared, folders);
        undeclared = UndeclaredFiles.bring(workspace, plain.written(), declared, hidden, threads);
        return brought;
    }

    @Override
    public List<String> preparation() {
        return List.of();
    }

    @Override
    public Optional<String> firstChanged(DeclaredPaths declared, BroughtInputs brought) {
        return Optional.empty();
    }

    @Override
    public Made made(DeclaredPaths declared, BroughtInputs brought) throws IOException {
        return plain.made(declared, brought);
    }

    @Override
    public Path written() {
        return plain.written();
    }

    @Override
    public FileTree take(Made made, Path target) throws IOException {
        return plain.take(made, target);
    }

    /** The files that the step read and are none of its inputs; none where the file system does not tell. */
    List<String> undeclaredReads() throws IOException {
        UndeclaredFiles files = undeclared;
        return files == null || !telling ? List.of() : files.read();
    }

    /** The outputs that name the folder. */
    Set<String> naming(FileTree outputs) throws IOException {
        Set<String> naming = new TreeSet<>();
        byte[] folder = FileNames.encode(folder());
        for (TreeEntry entry : outputs.entries()) {
            boolean names = switch (entry.type()) {
                case FILE -> ByteSearch.has(FileNames.resolve(written(), entry.path()), folder);
                case SYMLINK -> entry.linkTarget().contains(folder());
                case DIRECTORY -> false;
            };
            if (names) {
                naming.add(entry.path());
            }
        }
        return naming;
    }

    private record Visit(Path folder, String path) {}

    /** The files and links that the step made and are none of its outputs, by path. */
    List<String> leftovers(DeclaredPaths declared, BroughtInputs brought) throws IOException {
        List<String> leftovers = new ArrayList<>();
        Deque<Visit> open = new ArrayDeque<>(List.of(new Visit(written(), "")));
        while (!open.isEmpty()) {
            Visit visit = open.pop();
            try (DirectoryStream<Path> children = Files.newDirectoryStream(visit.folder())) {
                for (Path child : children) {
                    String name = FileNames.nameOf(child);
                    String path = visit.path().isEmpty() ? name : visit.path() + "/" + name;
                    if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                        open.push(new Visit(child, path));
                    } else if (brought.inputs().find(path).isEmpty()
                            && !declared.has(path)
                            && !(undeclared != null && undeclared.has(path))) {
                        leftovers.add(path);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        leftovers.sort(FileNames.ORDER);
        return leftovers;
    }
}
