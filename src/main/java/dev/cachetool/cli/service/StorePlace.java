package dev.cachetool.cli.service;

import dev.cachetool.cli.output.ExitCode;
import dev.cachetool.cli.output.Problem;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The place of the local store, for verbs that look into one that is there and never make one. */
final class StorePlace {
    private StorePlace() {}

    /**
     * Opens the store, for the caller to close; empty where there is none, and, with a warning, where it cannot be used.
     *
     * @param strict whether one that cannot be used is an error
     * @throws IOException if that is so
     */
    static Optional<Store> find(Path folder, boolean strict, Reporter reporter) throws IOException {
        try {
            return Store.find(folder, reporter::warn);
        } catch (IOException e) {
            Problem problem = Failures.problem(e);
            if (strict || problem.code() == ExitCode.INTERRUPTED) {
                throw e;
            }
            reporter.warn(problem.what() + "; going on without the local store");
            return Optional.empty();
        }
    }
}
