package dev.cachetool.store;

import dev.cachetool.content.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A result of which parts can be had. */
public interface Extractable {
    /**
     * Writes files of the tree into a folder: reads only what it must, in one pass over the layers.
     *
     * @param toPath an empty folder, or one where none of the files stands
     * @param srcPaths patterns of what is wanted, with folders on the way to it; empty for all
     * @return what was written, with digests
     * @throws IOException if a layer cannot be read, or the folder not be written
     */
    FileTree extract(Path toPath, List<String> srcPaths) throws IOException;
}
