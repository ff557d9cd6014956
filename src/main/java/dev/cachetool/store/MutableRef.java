package dev.cachetool.store;

import dev.cachetool.content.FileTree;
import java.io.IOException;
import java.nio.file.Path;

/** A folder that is being filled, in the file system of the store. Used by one thread at a time. */
public interface MutableRef extends Ref {
    /** Where to put files, paths being those of the workspace. */
    Path folder();

    /**
     * Makes what is in the folder a result of its own; the folder is the store's then, and this ref released. Nothing that
     * was committed can be seen half: after a crash it is there with all its files, or not at all.
     *
     * @param tree what is in the folder; entries without digest are read
     * @param metadata what is known about it
     * @return the result, held by the caller
     * @throws IOException if it cannot be kept, or is not what the tree says
     */
    ImmutableRef commit(FileTree tree, RefMetadata metadata) throws IOException;

    /**
     * Takes away the owner's right to write into the folder and everything in it, so that nobody does by mistake.
     *
     * @throws IOException if a mode cannot be changed
     */
    void freeze() throws IOException;
}
