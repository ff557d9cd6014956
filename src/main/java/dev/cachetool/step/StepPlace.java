package dev.cachetool.step;

import dev.cachetool.content.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a step runs, once. Closing it leaves the workspace as it was before, unless {@link #keep} was called. */
interface StepPlace extends Closeable {
    /** The absolute folder that the step sees as the workspace. */
    String folder();

    /** The namespace that the step runs in. */
    Optional<Namespace> namespace();

    /**
     * Brings the inputs in, and sees to it that of the declared outputs nothing stands there that is no input.
     *
     * @param folders that must be there as well
     * @throws StepFailedException if an input is not where it has to be
     * @throws IOException if that cannot be done
     */
    BroughtInputs bring(PlacedInputs inputs, DeclaredPaths declared, Set<String> folders)
            throws StepFailedException, IOException;

    /** Commands of a shell that have to be run before the step's, in the folder of the {@link StepFolder}. */
    List<String> preparation();

    /** The first input that the step changed, but for declared outputs. */
    Optional<String> firstChanged(DeclaredPaths declared, BroughtInputs brought) throws IOException;

    /** What the step made. */
    Made made(DeclaredPaths declared, BroughtInputs brought) throws IOException;

    /** The folder that what the step wrote is in. */
    Path written();

    /**
     * Takes what the step made into an empty folder.
     *
     * @return the entries, files without digests
     */
    FileTree take(Made made, Path target) throws IOException;

    /** Lets what the step made stand. */
    default void keep() throws IOException {}

    @Override
    default void close() throws IOException {}
}
