package dev.cachetool.store;

import java.io.IOException;
import java.nio.file.Path;

/** A result as a readable tree. */
public interface Mountable {
    /**
     * The folder that holds the tree, restored when it is first asked for, once by whoever comes first. It is for reading
     * alone, and stays until the ref is released.
     *
     * @throws IOException if a layer cannot be read, or is not what it should be, or the tree cannot be written
     */
    Path mount() throws IOException;
}
