package dev.cachetool.step;

import dev.cachetool.cachemap.StepFolders;
import dev.cachetool.graph.ExecOp;
import dev.cachetool.graph.ExecOp.Isolation;
import dev.cachetool.graph.Vertex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settles how steps are isolated (graph.md, "Isolation"): what the step says, else what the command line says, and
 * {@code auto} by what the machine allows, which is tried out when it is first needed. Whoever computes keys and whoever
 * runs steps use the same object, or one that was made alike, so that keys name the folder that the step will really see.
 * Safe for several threads.
 */
public final class Isolations implements StepFolders {
    private final Path workspace;
    private final Path stepFolders;
    private final Isolation wanted;
    private Namespace.@Nullable Answer answer;
    private @Nullable Boolean overlay;

    /**
     * Tries nothing yet.
     *
     * @param workspace absolute, without links
     * @param stepFolders where steps have their folders ({@link dev.cachetool.store.Store#stepFolders}); need not be there
     * @param wanted for steps that do not say how
     */
    public Isolations(Path workspace, Path stepFolders, Isolation wanted) {
        this.workspace = workspace;
        this.stepFolders = stepFolders;
        this.wanted = wanted;
    }

    /** How the step is isolated; never {@link Isolation#AUTO}. */
    public Isolation of(ExecOp op) {
        Isolation isolation = op.isolation().orElse(wanted);
        if (isolation != Isolation.AUTO) {
            return isolation;
        }
        return answer().namespace().isPresent() ? Isolation.NAMESPACE : Isolation.FOLDER;
    }

    @Override
    public String folderOf(Vertex exec) throws IOException {
        ExecOp op = (ExecOp) exec.op();
        return of(op) == Isolation.FOLDER ? folderOf(op).toString() : workspace.toString();
    }

    /** The folder that the step sees where it gets a folder. */
    Path folderOf(ExecOp op) {
        return stepFolders.resolve(StepFolder.nameOf(op)).resolve(InFolder.SEEN);
    }

    /** The way into a namespace; empty where the machine allows none. */
    Optional<Namespace> namespace() {
        return answer().namespace();
    }

    /** Why the step gets a folder, though nobody asked for one; empty where it does not. */
    Optional<String> fallback(ExecOp op) {
        return op.isolation().orElse(wanted) == Isolation.AUTO && of(op) == Isolation.FOLDER
                ? Optional.of(reason())
                : Optional.empty();
    }

    /** Why the machine allows no namespaces, as it said it; empty where it does. */
    public String reason() {
        return answer().reason();
    }

    /**
     * Whether a namespace of this machine can have an overlay at the workspace's place, from folders beside this one.
     *
     * @param scratch a folder in which this may make some
     */
    synchronized boolean overlay(Path scratch) throws IOException {
        Boolean known = overlay;
        if (known == null) {
            Optional<Namespace> namespace = namespace();
            known = namespace.isPresent() && namespace.get().overlaysAt(workspace, scratch);
            overlay = known;
        }
        return known;
    }

    private synchronized Namespace.Answer answer() {
        Namespace.Answer known = answer;
        if (known == null) {
            known = Namespace.at(workspace);
            answer = known;
        }
        return known;
    }
}
