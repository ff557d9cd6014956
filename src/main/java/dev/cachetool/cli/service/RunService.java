package dev.cachetool.cli.service;

import dev.cachetool.cli.command.RunAnswer;
import dev.cachetool.cli.command.RunOptions;
import dev.cachetool.cli.command.Services;
import dev.cachetool.cli.output.Reporter;
import dev.cachetool.cli.output.StepReporter;
import dev.cachetool.step.Isolations;
import dev.cachetool.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Solves a graph: loads what the store and other caches have, executes what they do not, and publishes what came of it. */
public final class RunService implements Services.Runner {
    private final Places places;
    private final Map<String, String> environment;
    private final Path temporary;

    /**
     * @param temporary where layers lie until they are published
     */
    public RunService(Places places, Map<String, String> environment, Path temporary) {
        this.places = places;
        this.environment = environment;
        this.temporary = temporary;
    }

    @Override
    public RunAnswer run(RunOptions options, Reporter reporter, StepReporter steps)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Path workspace =
                Files.isDirectory(options.workspace()) ? options.workspace().toRealPath() : options.workspace();
        try (Store store = Store.open(options.store(), reporter::warn);
                SourceOps elsewhere =
                        places.sourceOps(options.workspace(), options.access(), Optional.of(store.refs()), reporter)) {
            Isolations isolations = new Isolations(
                    workspace,
                    Store.stepFolders(store.folder(), workspace),
                    options.how().isolation());
            GraphSession session = GraphSession.open(
                            options.graph(),
                            options.workspace(),
                            environment,
                            elsewhere,
                            Optional.of(store),
                            unused -> isolations)
                    .withTargets(options.targets());
            try (Sources sources =
                            Sources.open(places, options.sources(), options.access(), options.strict(), reporter);
                    GraphRun run = new GraphRun(
                            session,
                            store,
                            sources,
                            elsewhere,
                            isolations,
                            places,
                            environment,
                            temporary,
                            options,
                            reporter,
                            steps)) {
                return run.run(begin);
            }
        }
    }
}
