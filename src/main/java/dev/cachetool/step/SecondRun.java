package dev.cachetool.step;

import dev.cachetool.content.FileTree;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What came of a step that was run again, in another folder with everything of the workspace in it.
 *
 * @param failure why it failed, if it did
 * @param outputs what it made, with digests
 * @param naming paths of outputs that name the folder
 * @param undeclaredReads files that it read and are none of its inputs, by path
 * @param leftovers files that it made and are none of its outputs, by path
 */
record SecondRun(
        Optional<String> failure,
        FileTree outputs,
        Set<String> naming,
        List<String> undeclaredReads,
        List<String> leftovers) {}
