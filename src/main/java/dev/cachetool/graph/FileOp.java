package dev.cachetool.graph;

import java.util.List;

/**
 * A tree that actions make, one after the other.
 *
 * @param actions what is done
 * @param onBase whether it is done on top of input 0, and not on an empty tree
 */
public record FileOp(List<Action> actions, boolean onBase) implements OpSpec {
    public FileOp {
        actions = List.copyOf(actions);
    }

    /** One thing that is done. Paths are relative to the workspace, modes are permission bits. */
    public sealed interface Action permits Copy, MakeFolder, MakeFile, Remove, MakeLink {}

    /**
     * Copies what a pattern selects.
     *
     * @param from the number of the input
     * @param src pattern of what is copied
     * @param dest where to
     */
    public record Copy(int from, String src, String dest) implements Action {}

    /**
     * Makes a folder.
     *
     * @param parents whether folders above it are made too, and it may be there already
     */
    public record MakeFolder(String path, int mode, boolean parents) implements Action {}

    /** Makes a file that holds the UTF-8 form of the data. */
    public record MakeFile(String path, String data, int mode) implements Action {}

    /** Removes a file or a whole folder. */
    public record Remove(String path, boolean allowNotFound) implements Action {}

    /** Makes a symbolic link. */
    public record MakeLink(String path, String target) implements Action {}

    @Override
    public String kind() {
        return "file";
    }
}
