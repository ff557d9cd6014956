package dev.cachetool.cli;

import dev.cachetool.cli.command.CleanUps;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.options.UsageException;

/** The services as they are wired together for a run of the program. */
final class Wiring implements Services {
    @SuppressWarnings("unused") // What opens places will register them here.
    private final CleanUps cleanUps;

    Wiring(CleanUps cleanUps) {
        this.cleanUps = cleanUps;
    }

    @Override
    public Planner planner() {
        throw notYet("plan");
    }

    @Override
    public Importer importer() {
        throw notYet("import");
    }

    @Override
    public Exporter exporter() {
        throw notYet("export");
    }

    @Override
    public CacheMapper cacheMapper() {
        throw notYet("cachemap");
    }

    @Override
    public Inspector inspector() {
        throw notYet("inspect");
    }

    private static UsageException notYet(String verb) {
        return new UsageException("cachetool does not do " + verb + " yet", "");
    }
}
