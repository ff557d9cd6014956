package dev.cachetool.store;

import dev.cachetool.content.FileTree;
import dev.cachetool.solver.Remote;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A ref whose content never changes. Safe for several threads. */
public sealed interface ImmutableRef extends Ref, Mountable, Extractable permits LocalImmutableRef, RemoteImmutableRef {
    /**
     * The ref that this one stands on: all its layers but the topmost, held by the caller; empty for one of a single layer,
     * and where its layers are not to be had.
     *
     * @throws IOException if that cannot be found out
     */
    Optional<ImmutableRef> parent() throws IOException;

    /**
     * Its files, with digests. Of a local ref it is read from what was noted when it was committed.
     *
     * @throws IOException if it cannot be read
     */
    FileTree tree() throws IOException;

    /**
     * Its layers in the forms that are there already, the preferred first; empty for one that no export has packed.
     *
     * @throws IOException if that cannot be found out
     */
    List<Remote> remotes() throws IOException;

    /**
     * Sees to it that all of it is on the disk, and stays there after a crash.
     *
     * @throws IOException if it cannot be written
     */
    void finalizeRef() throws IOException;

    /**
     * Another hold of the same, to be released on its own.
     *
     * @throws IllegalStateException if this one was released
     */
    ImmutableRef clone();
}
