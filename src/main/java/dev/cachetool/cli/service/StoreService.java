package dev.cachetool.cli.service;

import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.command.StoreAnswer;
import dev.cachetool.cli.command.StoreOptions;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.store.PruneResult;
import dev.cachetool.store.Store;
import dev.cachetool.store.StoreRow;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks after the local store. */
public final class StoreService implements Services.StoreKeeper {
    @Override
    public StoreAnswer keep(StoreOptions options, Reporter reporter) throws IOException {
        Optional<Store> found = Store.find(options.folder(), reporter::warn);
        if (found.isEmpty()) {
            return StoreAnswer.NONE;
        }
        try (Store store = found.get()) {
            return switch (options.action()) {
                case LS -> new StoreAnswer(true, sorted(store.list()), 0, 0, Optional.empty());
                case DU -> new StoreAnswer(true, sorted(store.list()), store.bytes(), 0, Optional.empty());
                case PRUNE -> prune(store, options);
                case VERIFY -> new StoreAnswer(true, List.of(), 0, 0, Optional.of(store.verify(options.deep())));
            };
        }
    }

    private static StoreAnswer prune(Store store, StoreOptions options) throws IOException {
        List<StoreRow> victims = options.policy().victims(store.list(), Instant.now());
        if (options.dryRun()) {
            long bytes = victims.stream().mapToLong(StoreRow::bytes).sum();
            return new StoreAnswer(true, victims, store.bytes(), bytes, Optional.empty());
        }
        PruneResult result = store.prune(victims);
        return new StoreAnswer(true, result.removed(), store.bytes(), result.freed(), Optional.empty());
    }

    private static List<StoreRow> sorted(List<StoreRow> rows) {
        List<StoreRow> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparing(StoreRow::kind)
                .thenComparing(Comparator.comparing(StoreRow::lastUsed).reversed())
                .thenComparing(StoreRow::id));
        return sorted;
    }
}
