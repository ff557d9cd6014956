package dev.cachetool.cli.command;

import dev.cachetool.cli.output.SourceRow;
import dev.cachetool.content.FileTree;
import java.util.Optional;

/**
 * What was taken out of a result.
 *
 * @param source the cache that it was in; empty for the local store
 * @param record the identity of the record, or the id of the ref
 * @param shown the first digits of what it is called: of its digest, where no other record has that
 * @param name of its vertex, where that is known
 * @param tree what was written
 */
public record ExtractAnswer(
        Optional<SourceRow> source, String record, String shown, Optional<String> name, FileTree tree) {}
