package dev.cachetool.cli.command;

import dev.cachetool.store.PrunePolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What is to be done with the local store.
 *
 * @param folder where it is
 * @param policy what is to go, for {@link Action#PRUNE}
 * @param dryRun whether that is only told
 * @param deep whether files are read, for {@link Action#VERIFY}
 */
public record StoreOptions(Action action, Path folder, PrunePolicy policy, boolean dryRun, boolean deep) {
    /** What is to be done. */
    public enum Action {
        /** Tell what it has. */
        LS,
        /** Tell how much room that takes. */
        DU,
        /** Remove what nobody needs. */
        PRUNE,
        /** Look whether everything is as it was noted. */
        VERIFY;

        static final List<String> WORDS = List.of("ls", "du", "prune", "verify");

        /** As it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
