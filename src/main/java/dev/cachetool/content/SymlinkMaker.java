package dev.cachetool.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes symbolic links. */
@FunctionalInterface
public interface SymlinkMaker {
    /**
     * Makes them by the JDK, whose paths have no empty segments and no {@code /} at the end: a link to {@code a//b/} comes
     * out as one to {@code a/b}.
     */
    SymlinkMaker JDK = (link, target) -> {
        Files.createSymbolicLink(link, FileNames.linkTarget(link, target));
        return FileNames.hasOtherSpelling(target) ? FileNames.textOf(Files.readSymbolicLink(link)) : target;
    };

    /**
     * Makes a link.
     *
     * @param link where; nothing stands there
     * @param target as {@link FileNames} writes bytes
     * @return the target that the link has now
     * @throws IOException if the link cannot be made
     */
    String make(Path link, String target) throws IOException;
}
