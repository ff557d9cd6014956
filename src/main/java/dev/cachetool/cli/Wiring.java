package dev.cachetool.cli;

import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.output.Streams;
import dev.cachetool.cli.service.BringService;
import dev.cachetool.cli.service.CacheMapService;
import dev.cachetool.cli.service.CopyService;
import dev.cachetool.cli.service.DiffService;
import dev.cachetool.cli.service.ExplainService;
import dev.cachetool.cli.service.ExportService;
import dev.cachetool.cli.service.ExtractService;
import dev.cachetool.cli.service.ImportService;
import dev.cachetool.cli.service.InspectService;
import dev.cachetool.cli.service.MergeService;
import dev.cachetool.cli.service.Places;
import dev.cachetool.cli.service.PlanService;
import dev.cachetool.cli.service.PruneService;
import dev.cachetool.cli.service.RunService;
import dev.cachetool.cli.service.StoreService;
import dev.cachetool.cli.service.VerifyService;
import java.nio.file.Path;
import java.util.Map;

/** The services as they are wired together for a run of the program. */
final class Wiring implements Services {
    private final Map<String, String> environment;
    private final Path temporary;
    private final Places places;

    Wiring(Streams streams, Map<String, String> environment, String version) {
        this.environment = environment;
        String folder = environment.getOrDefault("TMPDIR", "");
        this.temporary = Path.of(folder.isEmpty() ? System.getProperty("java.io.tmpdir") : folder);
        this.places = new Places(streams.in(), streams.out(), temporary, environment, "cachetool/" + version);
    }

    @Override
    public Planner planner() {
        return new PlanService(places, environment);
    }

    @Override
    public Importer importer() {
        return new ImportService(places, environment);
    }

    @Override
    public Bringer bringer() {
        return new BringService(places);
    }

    @Override
    public Runner runner() {
        return new RunService(places, environment, temporary);
    }

    @Override
    public Exporter exporter() {
        return new ExportService(places, environment, temporary);
    }

    @Override
    public Copier copier() {
        return new CopyService(places, temporary);
    }

    @Override
    public Merger merger() {
        return new MergeService(places, temporary);
    }

    @Override
    public CacheMapper cacheMapper() {
        return new CacheMapService(places, environment);
    }

    @Override
    public StoreKeeper storeKeeper() {
        return new StoreService();
    }

    @Override
    public Extractor extractor() {
        return new ExtractService(places);
    }

    @Override
    public Pruner pruner() {
        return new PruneService(places, environment);
    }

    @Override
    public Inspector inspector() {
        return new InspectService(places);
    }

    @Override
    public Verifier verifier() {
        return new VerifyService(places);
    }

    @Override
    public Differ differ() {
        return new DiffService(places);
    }

    @Override
    public Explainer explainer() {
        return new ExplainService(places, environment);
    }
}
