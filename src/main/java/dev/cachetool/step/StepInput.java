package dev.cachetool.step;

import dev.cachetool.content.FileTree;
import java.nio.file.Path;

/**
 * What a step gets of one input.
 *
 * @param root the folder that the paths of the tree start from
 * @param tree what of it the step may see, with digests; already narrowed to the input's {@code paths}
 * @param frozen whether nobody changes the files, as those of a snapshot; else they are the workspace's own
 */
public record StepInput(Path root, FileTree tree, boolean frozen) {}
