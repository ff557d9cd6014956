package dev.cachetool.step;

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
    private final int threads;

    InFolder(Path stepFolder, int threads) {
        this.root = stepFolder.resolve(SEEN);
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
        return new InputBringer(root, false, threads).bring(inputs, folders);
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
