package dev.cachetool.cli.command;

import dev.cachetool.store.StoreCheck;
import dev.cachetool.store.StoreRow;
import java.util.List;
import java.util.Optional;

/**
 * What became of the store, or what it has.
 *
 * @param isThere whether there is a store
 * @param rows what it has, or, of a prune, what went or would go; the last used first
 * @param bytes what all of it takes of the disk, afterwards
 * @param freed what a prune freed, or would free
 * @param check what a verification found
 */
public record StoreAnswer(boolean isThere, List<StoreRow> rows, long bytes, long freed, Optional<StoreCheck> check) {
    /** There is no store. */
    public static final StoreAnswer NONE = new StoreAnswer(false, List.of(), 0, 0, Optional.empty());

    public StoreAnswer {
        rows = List.copyOf(rows);
    }
}
