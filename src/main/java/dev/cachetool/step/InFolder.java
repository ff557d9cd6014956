package dev.cachetool.step;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.content.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A scratch folder with copies of the inputs, which is thrown away with the step's folder. */
final class InFolder implements StepPlace {
    /** The folder that the step sees, in the step's folder. */
    static final String SEEN = "w";

    private final Path root;
    private final FileDigests memory;
    private final int threads;

    /**
     * @param memory what is known of the workspace's files
     */
    InFolder(Path stepFolder, FileDigests memory, int threads) {
        this.root = stepFolder.resolve(SEEN);
        this.memory = memory;
        this.threads = threads;
    }

    @Override
    public String folder() {
        return root.toString();
    }

    @Override
    public Optional<Namespace> namespace() {
        return Optional.empty();
    }

    @Override
    public BroughtInputs bring(PlacedInputs inputs, DeclaredPaths declared, Set<String> folders) throws IOException {
        Files.createDirectory(root);
        return new InputBringer(root, false, memory, threads).bring(inputs, folders);
    }

    @Override
    public List<String> preparation() {
        return List.of();
    }

    @Override
    public Optional<String> firstChanged(DeclaredPaths declared, BroughtInputs brought) throws IOException {
        return brought.firstChanged(root, declared);
    }

    @Override
    public Made made(DeclaredPaths declared, BroughtInputs brought) throws IOException {
        return Made.of(root, declared, brought, false);
    }

    @Override
    public Path written() {
        return root;
    }

    @Override
    public FileTree take(Made made, Path target) throws IOException {
        return new OutputTaker(root, target).move(made);
    }
}
