package dev.cachetool.cli.output;

import dev.cachetool.store.StoreCheck;
import dev.cachetool.store.StoreRow;
import java.util.List;
import java.util.Optional;

/**
 * What is said of the local store.
 *
 * @param rows what takes room
 * @param status what became of all of them: {@code removed}, {@code prunable}; empty where the verb only looks
 * @param problems what is wrong
 * @param leftovers what nobody needs, relative to the store's folder
 */
public record StoreContent(
        List<StoreRow> rows, Optional<String> status, List<StoreCheck.Problem> problems, List<String> leftovers) {
    public StoreContent {
        rows = List.copyOf(rows);
        problems = List.copyOf(problems);
        leftovers = List.copyOf(leftovers);
    }
}
