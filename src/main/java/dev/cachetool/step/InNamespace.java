package dev.cachetool.step;

import dev.cachetool.cachemap.FileDigests;
import dev.cachetool.content.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The step's folder at the workspace's own place, in a mount namespace: an {@link Overlay} where the machine allows it, else a
 * {@link InFolder} that is mounted there. Everything else of the machine is as it is, and folders below the workspace that
 * the step has to see stand in it.
 */
final class InNamespace implements StepPlace {
    /** Where the parts are put together, if there is more than one. */
    private static final String WHOLE = "whole";

    private final Namespace namespace;
    private final Path stepFolder;
    private final Path workspace;
    private final boolean overlay;
    private final List<Path> visible;
    private final FileDigests memory;
    private final int threads;
    private final InFolder plain;

    /**
     * @param overlay whether the machine allows one
     * @param visible folders that the step has to see, of which those below the workspace would be hidden
     * @param memory what is known of the workspace's files
     */
    InNamespace(
            Namespace namespace,
            Path stepFolder,
            Path workspace,
            boolean overlay,
            List<Path> visible,
            FileDigests memory,
            int threads) {
        this.namespace = namespace;
        this.stepFolder = stepFolder;
        this.workspace = workspace;
        this.overlay = overlay;
        this.visible = visible.stream()
                .filter(folder -> folder.startsWith(workspace) && !folder.equals(workspace))
                .toList();
        this.memory = memory;
        this.threads = threads;
        this.plain = new InFolder(stepFolder, memory, threads);
    }

    @Override
    public String folder() {
        return workspace.toString();
    }

    @Override
    public Optional<Namespace> namespace() {
        return Optional.of(namespace);
    }

    @Override
    public BroughtInputs bring(PlacedInputs inputs, DeclaredPaths declared, Set<String> folders) throws IOException {
        Set<String> more = new TreeSet<>(folders);
        visible.forEach(folder -> more.add(workspace.relativize(folder).toString()));
        if (!visible.isEmpty()) {
            Files.createDirectory(stepFolder.resolve(WHOLE));
        }
        if (!overlay) {
            return plain.bring(inputs, declared, more);
        }
        Path lower = Files.createDirectory(stepFolder.resolve(Overlay.LOWER));
        Files.createDirectory(stepFolder.resolve(Overlay.UPPER));
        Files.createDirectory(stepFolder.resolve(Overlay.WORK));
        return new InputBringer(lower, true, memory, threads).bring(inputs, more);
    }

    @Override
    public List<String> preparation() {
        String mount = ShellText.quote(namespace.mount());
        String place = ShellText.quote(workspace.toString());
        String first = visible.isEmpty() ? place : WHOLE;
        List<String> lines = new ArrayList<>();
        lines.add(
                overlay
                        ? mount + " -t overlay -o " + Overlay.OPTIONS + " overlay " + first
                        : mount + " --bind " + InFolder.SEEN + " " + first);
        for (Path folder : visible) {
            lines.add(mount + " --bind " + ShellText.quote(folder.toString()) + " "
                    + ShellText.quote(WHOLE + "/" + workspace.relativize(folder)));
        }
        if (!visible.isEmpty()) {
            lines.add(mount + " --rbind " + WHOLE + " " + place);
        }
        return lines;
    }

    @Override
    public Optional<String> firstChanged(DeclaredPaths declared, BroughtInputs brought) throws IOException {
        return overlay ? Overlay.firstChanged(written(), declared, brought) : plain.firstChanged(declared, brought);
    }

    @Override
    public Made made(DeclaredPaths declared, BroughtInputs brought) throws IOException {
        return overlay ? Made.of(written(), declared, brought, true) : plain.made(declared, brought);
    }

    @Override
    public Path written() {
        return overlay ? stepFolder.resolve(Overlay.UPPER) : plain.written();
    }

    @Override
    public FileTree take(Made made, Path target) throws IOException {
        return new OutputTaker(written(), target).move(made);
    }
}
